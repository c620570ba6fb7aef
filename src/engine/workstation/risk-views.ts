import type { FlattenStep, RiskGauge } from '../../contract/types.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { Gauge } from '../../risk/gauges.ts';
import type { FlattenReport, KillStep } from '../../risk/kill-switch-ports.ts';

const UNITS: Readonly<Record<string, RiskGauge['unit']>> = {
  DAILY_LOSS: 'fraction',
  DRAWDOWN: 'fraction',
  GROSS_EXPOSURE: 'fraction',
  CONCENTRATION: 'fraction',
  MAX_OPEN_ORDERS: 'count',
  RATE_PER_SECOND: 'per-second',
  RATE_PER_MINUTE: 'count',
  MAX_POSITION: 'count',
};
const WARN_AT = 0.8;

export function gaugeView(gauge: Gauge, account: string): RiskGauge {
  const { fraction } = gauge;
  const plainLimit = /^-?\d+(\.\d+)?$/.test(gauge.limit);
  return {
    name: gauge.code,
    title: gauge.title,
    account,
    value: gauge.value,
    limit: plainLimit ? gauge.limit : null,
    unit: UNITS[gauge.code] ?? 'currency',
    utilisation: fraction,
    state: fraction === null ? 'unknown' : fraction >= 1 ? 'breach' : fraction >= WARN_AT ? 'warn' : 'ok',
  };
}

/** A line of the checklist; `outcome` makes it the last one. */
export function flattenStep(
  step: KillStep,
  phase: FlattenStep['step'],
  began: EpochMs,
  outcome: FlattenReport | undefined,
): FlattenStep {
  const name = step.sentence.endsWith('closed for good.')
    ? 'await-cancels'
    : step.sentence.startsWith('FLAT') || step.sentence.startsWith('NOT FLAT')
      ? 'verify'
      : phase;
  return {
    at: Math.trunc(step.at),
    step: outcome === undefined ? name : 'result',
    status: step.ok ? 'done' : 'failed',
    sentence: step.sentence.slice(0, 2000),
    account: null,
    instrument: null,
    outcome: outcome === undefined ? null : outcome.flat ? 'FLAT' : 'NOT_FLAT',
    open: (outcome?.residuals ?? [])
      .filter(({ quantity }) => /^-?\d+(\.\d+)?$/.test(quantity))
      .map(({ accountId, instrument, quantity }) => ({ account: accountId, instrument, quantity })),
    elapsedMs: Math.max(0, step.at - began),
  };
}
