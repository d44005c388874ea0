/** Thrown out of a communication when the job was ended elsewhere: by another rank, or (no rank named) from outside. */
export class JobEndedError extends Error {
  override readonly name = "JobEndedError";

  constructor(readonly by: number | undefined) {
    super(by === undefined ? "the job was ended" : `rank ${by} ended the job`);
  }
}

/** Thrown by `abort` on the rank that ends the job. */
export class AbortError extends Error {
  override readonly name = "AbortError";
}

/** A job that did not come to its end: which rank is to blame, and how it failed. */
export class RankFaultError extends Error {
  override readonly name = "RankFaultError";

  constructor(
    readonly rank: number,
    /** It threw, its thread ended, or it stopped answering. */
    readonly how: "threw" | "lost" | "silent",
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}

/** MPI cannot be used here: what is missing, and what to do about it. */
export class MpiUnavailableError extends Error {
  override readonly name = "MpiUnavailableError";

  constructor(
    message: string,
    readonly hint: string,
  ) {
    super(`${message}. ${hint}`);
  }
}
