import type { Findings } from '../findings.ts';
import type { RiskView } from '../gate.ts';

/** Intraday accounts open nothing shortly before their positions are closed; orders that reduce pass. */
export function checkEntryTime(found: Findings, view: RiskView): void {
  const { intent, mode } = found.facts;
  if (mode !== 'full' || view.entryCutOff === undefined) return;
  const closed = view.entryCutOff(intent.accountId, intent.instrument);
  if (closed === null) return;
  found.add('block', 'INTRADAY_CUTOFF', 'text', closed.now, closed.until, () => closed.sentence);
}
