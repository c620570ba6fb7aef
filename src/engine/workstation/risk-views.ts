import type { EmergencyStatus, FlattenStep, RiskGauge } from '../../contract/types.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { Gauge } from '../../risk/gauges.ts';
import { type FlattenReport, isProtective, type KillStep, type Residual } from '../../risk/kill-switch-ports.ts';
import { codeText } from './order-views.ts';
import type { Runtime } from './runtime.ts';

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

/** A line of the checklist. */
export function flattenStep(step: KillStep, began: EpochMs): FlattenStep {
  return {
    at: Math.trunc(step.at),
    step: step.phase,
    status: step.ok ? 'done' : 'failed',
    sentence: step.sentence.slice(0, 2000),
    venue: step.venue,
    account: null,
    instrument: null,
    outcome: null,
    open: [],
    elapsedMs: Math.max(0, step.at - began),
    times: null,
  };
}

/** The last line. */
export function flattenResult(report: FlattenReport, at: EpochMs, began: EpochMs): FlattenStep {
  const { flat, times, tookMs } = report;
  const step = { at, phase: 'verify', venue: null, ok: flat, sentence: verdictSentence(report) } as const;
  return {
    ...flattenStep(step, began),
    step: 'result',
    outcome: flat ? 'FLAT' : 'NOT_FLAT',
    open: openOf(report.residuals),
    times: {
      latchMs: whole(times.latchMs),
      firstCancelMs: whole(times.firstCancelMs),
      flatMs: flat ? Math.round(tookMs) : null,
    },
  };
}

export function verdictSentence({ flat, residuals }: FlattenReport): string {
  if (flat) return 'FLAT: verified, no position and no open order is left.';
  const why = residuals.map(({ sentence }) => sentence).join(' ');
  return `NOT FLAT: ${why === '' ? 'the venues could not be listed; check every account there.' : why}`;
}

/** Residuals whose size is known; the sentence of the result names the others. */
function openOf(residuals: readonly Residual[]): FlattenStep['open'] {
  return residuals
    .filter(({ quantity }) => /^-?\d+(\.\d+)?$/.test(quantity))
    .map(({ venue, accountId, instrument, quantity, code, sentence }) => ({
      account: accountId,
      instrument,
      quantity,
      venue,
      code: codeText(code),
      sentence: sentence.slice(0, 2000),
    }));
}

function whole(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms);
}

/** What is open at each venue, for the checklist of a halt. */
export function emergencyVenues(runtime: Runtime): EmergencyStatus['venues'] {
  const { core } = runtime;
  const venues = new Map<string, EmergencyStatus['venues'][number]>();
  for (const { id, broker } of core.accounts.values()) {
    const sum = venues.get(broker) ?? {
      venue: broker,
      working: 0,
      cancelling: 0,
      protective: 0,
      unknown: 0,
      positions: 0,
    };
    venues.set(broker, sum);
    for (const instrument of core.portfolio.held(id)) {
      if (core.portfolio.position(id, instrument) !== 0) sum.positions += 1;
    }
    for (const order of core.orders.openOrders(id)) {
      if (isProtective(order)) sum.protective += 1;
      else sum.working += 1;
      if (order.status === 'PENDING_CANCEL') sum.cancelling += 1;
      if (order.status === 'UNKNOWN') sum.unknown += 1;
    }
  }
  return [...venues.values()];
}
