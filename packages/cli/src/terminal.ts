/** Where the program's words go: results to stdout, talk to stderr. */
export interface Terminal {
  result(text: string): void;
  talk(text: string): void;
  /** stderr is a terminal that someone watches. */
  readonly interactive: boolean;
}

/** The terminal of this process. A reader that closes the pipe early ends the output, not the program. */
export function processTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
  return {
    result: (text) => process.stdout.write(text.endsWith("\n") ? text : `${text}\n`),
    talk: (text) => process.stderr.write(`${text}\n`),
    interactive: process.stderr.isTTY === true,
  };
}
