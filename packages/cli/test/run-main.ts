import { main } from "@parakkt/cli";

/** What a command said and how it ended. */
export interface MainAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the program in this process. */
export async function runMain(...args: string[]): Promise<MainAnswer> {
  const [results, talk]: [string[], string[]] = [[], []];
  const terminal = { result: (text: string) => void results.push(text), talk: (text: string) => void talk.push(text), interactive: false };
  const code = await main(args, { terminal });
  return { code, stdout: results.join("\n"), stderr: talk.join("\n") };
}
