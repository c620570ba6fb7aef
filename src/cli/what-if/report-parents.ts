import { type Instrument, priceDecimal, quantityText } from '../../domain/instrument.ts';
import { averageOf, feesOf, filledOf, type ParentState } from '../../execution/algorithms/parent-state.ts';
import type { ScriptParent } from './parents.ts';
import type { ReportedOrder } from './report.ts';
import { timeText, type TimeUnit } from './script-json.ts';

/** A parent in the words of orders: an entry of its own whose fills are those of its children. */
export function reportParent(
  instrument: Instrument,
  parent: ScriptParent,
  children: readonly ReportedOrder[],
  fills: ReportedOrder['fills'],
  unit: TimeUnit,
): ReportedOrder {
  const { state, refusal, order } = parent;
  const filled = state === null ? 0 : filledOf(state);
  const average = state === null ? null : averageOf(state);
  const code = refusal?.code ?? state?.reasonCode ?? null;
  const sentence = refusal?.sentence ?? (code === null ? null : (state?.reason ?? null));
  return {
    id: order.id,
    side: order.side,
    type: order.type,
    status: statusOf(state, filled),
    qty: quantityText(instrument, parent.quantity),
    filled: quantityText(instrument, filled),
    unfilled: quantityText(instrument, parent.quantity - filled),
    avgPrice:
      average === null
        ? null
        : average
            .toSignificantDigits(20)
            .toFixed(Math.max(instrument.priceDigits, average.toSignificantDigits(20).decimalPlaces())),
    fees: state === null ? '0' : feesOf(state).toFixed(),
    reason: sentence === null ? null : `${sentence} [${code ?? ''}]`,
    reasonCode: code,
    fills,
    algo: parent.terms?.type ?? null,
    children: children.map(({ id }) => id),
    schedule: state === null ? [] : scheduleOf(instrument, state, unit),
  };
}

function statusOf(state: ParentState | null, filled: number): string {
  switch (state?.status) {
    case undefined:
      return 'rejected';
    case 'filled':
      return 'filled';
    case 'cancelled':
      return 'canceled';
    case 'expired':
      return 'expired';
    case 'failed':
      return filled > 0 ? 'canceled' : 'rejected';
    case 'ending':
      return 'pending-cancel';
    case 'working':
    case 'paused':
      return filled > 0 ? 'partially-filled' : 'accepted';
  }
}

/** The planned slices. */
function scheduleOf(instrument: Instrument, state: ParentState, unit: TimeUnit): { t: number | string; qty: string }[] {
  const slices: { t: number | string; qty: string }[] = [];
  for (let at = 0; at < state.slices.length; at += 2) {
    slices.push({
      t: timeText(state.startedAt + (state.slices[at] ?? 0), unit),
      qty: quantityText(instrument, state.slices[at + 1] ?? 0),
    });
  }
  return slices;
}

/** What the parents did beyond their entry among the orders. */
export function reportParentDetail(
  instrument: Instrument,
  parent: ScriptParent,
  entry: ReportedOrder,
  children: readonly ReportedOrder[],
): Record<string, unknown> {
  const { state } = parent;
  const price = (mid: number | null | undefined): string | null =>
    mid === null || mid === undefined ? null : priceDecimal(instrument, mid).toFixed();
  return {
    ...entry,
    algorithm: parent.terms,
    reasons: parent.reasons,
    decisionMid: price(state?.decisionMid),
    arrivalMid: price(state?.arrivalMid),
    paused: state?.pause ?? null,
    children,
  };
}
