import { RefusalError } from '../../domain/refusal.ts';
import { brokeragePlan } from '../../venue/charges/brokerage-plan.ts';
import { chargeEstimate } from '../../venue/charges/charge-estimate.ts';
import { feeTier } from '../../venue/fee-tiers.ts';
import { DEFAULT_VENUE_MODEL, type VenueModel } from '../../venue/model.ts';
import { decimalText, isObject, type Json, type JsonObject, pick, scriptFault, wordOf } from './script-json.ts';

type Fees = VenueModel['fees'];

/**
 * A rate; {maker, taker, fixed}; {"tiers":"binance-spot","volume30d":"2000000"}; or the itemised charges of NSE,
 * {"charges":{"plan":"zerodha","product":"intraday","exchange":"NSE"}} ("charges":"zerodha" for short).
 */
export function readFees(value: Json | undefined): Fees {
  if (value === undefined || value === null) return DEFAULT_VENUE_MODEL.fees;
  if (!isObject(value)) {
    const rate = rateText(value, 'model.fees');
    return { maker: rate, taker: rate, fixed: '0' };
  }
  for (const key of Object.keys(value)) {
    if (!['maker', 'taker', 'fixed', 'tiers', 'volume30d', 'charges'].includes(key)) {
      throw scriptFault(
        `model.fees.${key} is not supported; fees are maker, taker and fixed, or tiers with volume30d, or charges.`,
        'MODEL_UNSUPPORTED',
      );
    }
  }
  const charges = pick(value, 'charges');
  if (charges !== undefined) return itemised(charges);
  const tiers = pick(value, 'tiers');
  if (tiers !== undefined) return byVolume(tiers, value);
  const one = (name: string): string => rateText(value[name] ?? '0', `model.fees.${name}`);
  return { maker: one('maker'), taker: one('taker'), fixed: decimalText(value['fixed'] ?? '0', 'model.fees.fixed') };
}

/** A fraction of the traded value; negative is a rebate. */
function rateText(value: Json, what: string): string {
  const text = decimalText(value, what);
  if (Math.abs(Number(text)) < 1) return text;
  throw scriptFault(`${what} ${text} is not a fraction of the traded value; 0.001 is 0.1 %.`);
}

function byVolume(tiers: Json, value: JsonObject): Fees {
  if (typeof tiers !== 'string') throw scriptFault('model.fees.tiers is the name of a fee table.');
  const tier = feeTier(tiers, decimalText(value['volume30d'] ?? '0', 'model.fees.volume30d'));
  if (!tier.ok) throw new RefusalError(tier.error);
  return { maker: tier.value.maker, taker: tier.value.taker, fixed: '0' };
}

function itemised(value: Json): Fees {
  const given: JsonObject = isObject(value) ? value : { plan: value };
  const plan = pick(given, 'plan') ?? 'zerodha';
  if (typeof plan !== 'string') throw scriptFault('model.fees.charges.plan is the name of a brokerage plan.');
  const known = brokeragePlan(plan);
  if (!known.ok) throw new RefusalError(known.error);
  const product = pick(given, 'product') ?? 'intraday';
  const exchange = pick(given, 'exchange') ?? 'NSE';
  const terms = {
    plan,
    product: wordOf(product, 'model.fees.charges.product', ['delivery', 'intraday', 'futures', 'options']),
    exchange: wordOf(exchange, 'model.fees.charges.exchange', ['NSE', 'BSE']),
  };
  const estimate = chargeEstimate(terms, terms.product);
  if (!estimate.ok) throw new RefusalError(estimate.error);
  const { taker, fixed } = estimate.value;
  return { maker: taker, taker, fixed, charges: terms };
}
