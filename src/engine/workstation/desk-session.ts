import type { SessionRecord } from '../../journal/journal.ts';

/** Of the ids of the workstation's own sessions. */
export const SESSION_PREFIX = 'desk-';

/** The workstation's own sessions; the command line writes others into the same journal. */
export function isDeskSession(session: Pick<SessionRecord, 'id'>): boolean {
  return session.id.startsWith(SESSION_PREFIX);
}
