import { toast } from 'sonner';
import type { ContractClient } from '../../src/contract/types.ts';
import { COMMAND_TIMEOUT_MS } from '../connection/connection.ts';
import type { Desk } from '../desk/desk.ts';

/** Null when done, with a toast that says so; else the sentence why not. */
export async function riskCommand(
  desk: Desk,
  done: string,
  send: (client: ContractClient, options: { readonly signal: AbortSignal }) => Promise<unknown>,
): Promise<string | null> {
  const outcome = await desk.connection.call(send, COMMAND_TIMEOUT_MS);
  if (outcome.kind === 'ok') {
    toast(done);
    return null;
  }
  return outcome.kind === 'unknown'
    ? `${outcome.sentence} Look at what the engine says now before you repeat it.`
    : outcome.sentence;
}
