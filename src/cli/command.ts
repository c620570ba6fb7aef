/** Where a command talks to. stdout carries results only; progress, logs and refusals go to stderr. */
export interface CommandIo {
  out(text: string): void;
  err(text: string): void;
  readonly isErrTty: boolean;
  readonly stdin: () => Promise<string>;
}

/** Resolves to the exit status: 0 done, 1 refused or failed, 2 wrong usage. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly help: string;
  run(args: readonly string[], io: CommandIo): Promise<number>;
}

/** Wrong usage: the sentence goes to stderr with a hint at --help, exit status 2. */
export class UsageError extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = 'UsageError';
  }
}
