import type { Findings } from '../findings.ts';
import type { Lock } from '../protections/locks.ts';

/** Protections keep openings back; what reduces a position passes them. */
export function checkLocks(found: Findings): void {
  for (const lock of found.facts.locks) {
    found.add('block', codeOf(lock), 'text', lock.instrument ?? 'everything', endOf(lock), (_, __, until) =>
      lock.until === null
        ? `Nothing new is opened: ${lock.reason}`
        : `Nothing new is opened here before ${until}: ${lock.reason} Wait, or lift the lock with a reason.`,
    );
  }
}

function codeOf(lock: Lock): string {
  return `LOCKED_${lock.rule.toUpperCase().replaceAll('-', '_')}`;
}

function endOf(lock: Lock): string {
  return lock.until === null ? 'lifted by a person' : new Date(lock.until).toISOString();
}
