import type { RiskStatus } from '../../src/contract/types.ts';
import { dayAndClock, timeOf, type Zone } from '../format/time.ts';

export interface StateWords {
  readonly word: 'OK' | 'WARN' | 'REDUCING' | 'HALTED';
  /** Which rule or whose press, and since when. */
  readonly why: string;
}

/** The one line that answers "may I trade, and if not, who says so". */
export function stateWords(risk: RiskStatus, zone: Zone): StateWords {
  if (risk.state !== 'ACTIVE') {
    const [first, ...others] = risk.causes;
    const lock = risk.emergency.lock;
    const locked = lock === null ? '' : ` Locked until ${dayAndClock(lock.until, risk.at, zone)}.`;
    if (first === undefined) return { word: risk.state, why: `No cause was told.${locked}` };
    const more = others.length === 0 ? '' : ` And ${others.length} more.`;
    const by = first.actor === 'user' ? 'by a person' : `by rule ${first.code}`;
    return {
      word: risk.state,
      why: `${by} since ${timeOf(first.since, zone)} ${zone} · ${first.sentence}${more}${locked}`,
    };
  }
  const hot = risk.gauges.filter(({ state }) => state !== 'ok');
  if (hot.length === 0) return { word: 'OK', why: 'Every meter is below 80 % of its limit.' };
  const unknown = hot.filter(({ state }) => state === 'unknown').length;
  const near = hot
    .filter(({ utilisation }) => utilisation !== null)
    .toSorted((a, b) => (b.utilisation ?? 0) - (a.utilisation ?? 0));
  const named = near
    .slice(0, 2)
    .map(
      ({ title, utilisation, account }) =>
        `${title} ${Math.round((utilisation ?? 0) * 100)} %${account === null ? '' : ` (${account})`}`,
    );
  const parts = [...named, ...(unknown === 0 ? [] : [`${unknown} not known`])];
  return { word: 'WARN', why: `${parts.join(', ')}.` };
}
