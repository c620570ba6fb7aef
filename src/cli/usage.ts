import { UsageError } from './command.ts';

/** Runs an argument parser and turns its complaints into wrong usage. */
export function usageOf<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message.split('\n')[0] ?? 'Wrong arguments.');
    throw error;
  }
}
