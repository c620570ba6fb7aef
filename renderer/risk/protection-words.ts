import type { ContractOutputs } from '../../src/contract/types.ts';
import { percent } from '../format/money.ts';

type Protections = ContractOutputs['riskControls']['protections'];
export type ProtectionRuleView = Protections['rules'][number];
export type ProtectionLockView = Protections['locks'][number];

const MINUTE_MS = 60_000;

function span(ms: number): string {
  const minutes = ms / MINUTE_MS;
  if (minutes < 60) return `${Math.round(minutes * 10) / 10} min`;
  const hours = minutes / 60;
  return hours < 48 ? `${Math.round(hours * 10) / 10} h` : `${Math.round(hours / 2.4) / 10} days`;
}

const TITLES: Readonly<Record<ProtectionLockView['rule'], string>> = {
  cooldown: 'Cool-down',
  'stoploss-guard': 'Stop-loss guard',
  'low-profit': 'Low profit',
  'equity-drawdown': 'Equity drawdown',
  unreadable: 'Unreadable record',
};

export function ruleTitle(rule: ProtectionLockView['rule']): string {
  return TITLES[rule];
}

/** A rule in one sentence: what sets it off, and how long it locks openings. */
export function ruleWords(rule: ProtectionRuleView): string {
  const lock =
    rule.unlockAt === undefined || rule.unlockAt === null
      ? `locks openings for ${span(rule.lockMs)}`
      : `locks openings until ${rule.unlockAt} UTC`;
  switch (rule.kind) {
    case 'cooldown':
      return `After every closed trade: ${lock} in its instrument.`;
    case 'stoploss-guard':
      return `${rule.tradeLimit ?? 'Too many'} stopped trades within ${span(rule.lookbackMs)}: ${lock}.`;
    case 'low-profit':
      return `Profit below ${percent(rule.requiredProfit ?? 0, { digits: 1 })} over ${rule.tradeLimit ?? 'the'} trades within ${span(rule.lookbackMs)}: ${lock}.`;
    case 'equity-drawdown':
      return `Equity ${percent(rule.maxDrawdown, { digits: 1, signed: false })} below its peak within ${span(rule.lookbackMs)}: ${lock}.`;
  }
}

/** What a lock keeps from being opened. */
export function lockScope(lock: ProtectionLockView): string {
  const where = [lock.account ?? 'all accounts', lock.instrument ?? 'every instrument'];
  return `${where.join(', ')}${lock.side === null ? '' : `, ${lock.side} only`}`;
}
