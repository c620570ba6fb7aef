import type { ParentOrderView } from '../../contract/types.ts';
import { childKey } from '../../domain/child-key.ts';
import { type Instrument, priceText, quantityText } from '../../domain/instrument.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { AlgorithmTerms } from '../../execution/algorithms/algorithm-terms.ts';
import {
  averageOf,
  feesOf,
  filledOf,
  type ParentState,
  planAt,
  reservedOf,
} from '../../execution/algorithms/parent-state.ts';
import { money } from './decimal-text.ts';
import { codeText } from './order-views.ts';

/** Children shown with their parent; the others are among the orders. */
const CHILDREN_SHOWN = 100;

export function termsView(instrument: Instrument, terms: AlgorithmTerms): ParentOrderView['terms'] {
  const shown: ParentOrderView['terms'] = {};
  for (const [name, value] of Object.entries(terms) as [
    string,
    string | number | boolean | null | readonly number[],
  ][]) {
    if (name === 'display' && typeof value === 'number') shown[name] = quantityText(instrument, value);
    else if (value === null || typeof value !== 'object') shown[name] = value;
    else
      shown[name] = value
        .map((share) => String(share))
        .join(', ')
        .slice(0, 10_000);
  }
  return shown;
}

export function parentView(
  instrument: Instrument,
  state: ParentState,
  now: EpochMs,
  orderId: (key: string) => string | null,
): ParentOrderView {
  const { pause } = state;
  const average = averageOf(state);
  const at = (time: EpochMs): number => Math.max(0, Math.trunc(time));
  return {
    id: state.id,
    account: state.accountId,
    instrument: state.instrument,
    side: state.side,
    type: state.terms.type,
    terms: termsView(instrument, state.terms),
    quantity: quantityText(instrument, state.quantity),
    price: state.limit === null ? null : priceText(instrument, state.limit),
    reduceOnly: state.reduceOnly,
    note: state.note,
    status: state.status,
    filled: quantityText(instrument, filledOf(state)),
    working: quantityText(instrument, reservedOf(state, now)),
    averagePrice: average === null ? null : average.toDecimalPlaces(instrument.priceDigits + 4).toFixed(),
    fees: money(feesOf(state)),
    scheduled: state.slices.length === 0 ? null : quantityText(instrument, planAt(state, now).due),
    startedAt: at(state.startedAt),
    endsAt: state.deadline === null ? null : at(state.deadline),
    endedAt: state.endedAt === null ? null : at(state.endedAt),
    pause: pause === null ? null : { ...pause, since: at(pause.since), sentence: pause.sentence.slice(0, 2000) },
    reasonCode: state.reasonCode === null ? null : codeText(state.reasonCode),
    reason: state.reason?.slice(0, 2000) ?? null,
    children: state.children.slice(-CHILDREN_SHOWN).map((child) => ({
      n: child.n,
      key: childKey(state.id, child.n),
      orderId: orderId(childKey(state.id, child.n)),
      type: child.type,
      quantity: quantityText(instrument, child.quantity),
      price: child.price === null ? null : priceText(instrument, child.price),
      status: child.status,
      filled: quantityText(instrument, child.filled),
      sentAt: at(child.sentAt),
    })),
  };
}
