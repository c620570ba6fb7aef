import { brokenTerms } from './intent-terms.ts';
import type { Broker } from '../brokers/broker.ts';
import type { Instrument, InstrumentId } from '../domain/instrument.ts';
import type { OrderIntent } from '../domain/order.ts';
import { messageOf, type Refusal } from '../domain/refusal.ts';
import type { QuantityUnits } from '../domain/units.ts';
import type { RiskGate, RiskVerdict } from '../risk/gate.ts';

interface ScreeningSources {
  readonly brokers: ReadonlyMap<string, Broker>;
  readonly instruments: ReadonlyMap<InstrumentId, Instrument>;
  readonly gate: RiskGate;
}

export type Screening =
  | {
      readonly passed: true;
      readonly broker: Broker;
      readonly instrument: Instrument;
      /** At most what was asked for. */
      readonly quantity: QuantityUnits;
    }
  | {
      readonly passed: false;
      readonly refusal: Refusal;
      readonly verdict: RiskVerdict | null;
      /** Null when the intent cannot be written down as an order: its account or instrument is not in the journal. */
      readonly place: { readonly broker: Broker; readonly instrument: Instrument } | null;
    };

/** Who would execute the intent, or why nobody can: its terms alone, whatever risk thinks of it. */
export function placeOf(
  intent: OrderIntent,
  sources: Pick<ScreeningSources, 'brokers' | 'instruments'>,
):
  | { readonly ok: true; readonly broker: Broker; readonly instrument: Instrument }
  | {
      readonly ok: false;
      readonly refusal: Refusal;
      /** Null when the intent cannot be written down as an order: its account or instrument is not in the journal. */
      readonly place: { readonly broker: Broker; readonly instrument: Instrument } | null;
    } {
  const broker = sources.brokers.get(intent.accountId);
  if (broker === undefined) {
    return {
      ok: false,
      place: null,
      refusal: {
        code: 'NO_BROKER',
        sentence: `No broker executes for account "${intent.accountId}"; connect one or choose another account.`,
      },
    };
  }
  const instrument = sources.instruments.get(intent.instrument);
  if (instrument === undefined) {
    return {
      ok: false,
      place: null,
      refusal: {
        code: 'INSTRUMENT_UNKNOWN',
        sentence: `"${intent.instrument}" is not an instrument of this session; add its feed first.`,
      },
    };
  }
  if (intent.accountKind !== broker.kind) {
    return {
      ok: false,
      place: { broker, instrument },
      refusal: {
        code: 'ACCOUNT_KIND',
        sentence: `A ${intent.accountKind} order cannot go to a ${broker.kind} broker; nothing was sent.`,
      },
    };
  }
  const broken = brokenTerms(intent, instrument);
  if (broken !== null) return { ok: false, refusal: broken, place: { broker, instrument } };
  return { ok: true, broker, instrument };
}

/** Everything between an intent and its sending. Whatever is missing or fails is a reason not to send. */
export function screen(intent: OrderIntent, sources: ScreeningSources): Screening {
  const placed = placeOf(intent, sources);
  if (!placed.ok) return { passed: false, refusal: placed.refusal, verdict: null, place: placed.place };
  const { broker, instrument } = placed;
  let verdict: RiskVerdict;
  try {
    verdict = sources.gate.check(intent);
  } catch (error) {
    return denied(broker, instrument, {
      code: 'RISK_CHECK_FAILED',
      sentence: `The risk check itself failed (${messageOf(error)}); nothing was sent.`,
    });
  }
  if (verdict.verdict === 'block' || !(verdict.quantity > 0)) {
    return denied(broker, instrument, blockOf(verdict), verdict);
  }
  return { passed: true, broker, instrument, quantity: Math.min(intent.quantity, verdict.quantity) };
}

function denied(
  broker: Broker,
  instrument: Instrument,
  refusal: Refusal,
  verdict: RiskVerdict | null = null,
): Screening {
  return { passed: false, refusal, verdict, place: { broker, instrument } };
}

/** The first blocking check; it leads the verdict's list. */
export function blockOf(verdict: RiskVerdict): Refusal {
  for (const { severity, code, sentence, value, limit } of verdict.checks) {
    if (severity === 'block') return { code, sentence, value, limit };
  }
  return { code: 'RISK_BLOCKED', sentence: 'Risk left nothing of the order to send.' };
}
