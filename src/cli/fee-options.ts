import { DEFAULT_MARGIN, type MarginConfig } from '../engine/margin-config.ts';
import { chargeEstimate } from '../venue/charges/charge-estimate.ts';
import type { ChargesTerms } from '../venue/charges/itemised-fees.ts';
import type { VenueModel } from '../venue/model.ts';
import { fundingTerms, maintenanceRate, tierFees } from './account-options.ts';
import { oneOf, usable } from './option-values.ts';
import { UsageError } from './command.ts';

interface Values {
  readonly charges?: string | undefined;
  readonly 'fee-tier'?: string | undefined;
  readonly commission: string;
  readonly 'margin-mode': string;
  readonly maintenance?: string | undefined;
  readonly funding?: string | undefined;
}

/** Fees that stand in for --commission; nothing where neither is asked for. */
export function feesInstead(values: Values): { readonly fees?: VenueModel['fees'] } {
  const { charges, commission } = values;
  const tier = values['fee-tier'];
  if (charges === undefined && tier === undefined) return {};
  if ((charges !== undefined && tier !== undefined) || commission !== '0') {
    throw new UsageError('--commission, --charges and --fee-tier exclude each other; give one of them.');
  }
  return { fees: charges === undefined ? tierFees(tier ?? '') : chargedFees(charges) };
}

/** "zerodha", "fyers:delivery"; a rule in words such as "min(20, 0.03%)" has no colon either. */
function chargedFees(text: string): VenueModel['fees'] {
  const [plan = '', product = 'intraday', ...rest] = text.split(':');
  if (rest.length > 0) throw new UsageError(`--charges "${text}" is PLAN or PLAN:PRODUCT.`);
  const terms: ChargesTerms = {
    exchange: 'NSE',
    plan,
    product: oneOf('--charges PLAN:', product, ['intraday', 'delivery'] as const),
  };
  const { taker, fixed } = usable(chargeEstimate(terms, terms.product));
  return { maker: taker, taker, fixed, charges: terms };
}

export function readBacktestMargin(values: Values): MarginConfig {
  return {
    ...DEFAULT_MARGIN,
    mode: oneOf('--margin-mode', values['margin-mode'], ['cross', 'isolated'] as const),
    maintenanceRate: values.maintenance === undefined ? null : maintenanceRate(values.maintenance),
    funding: values.funding === undefined ? null : fundingTerms(values.funding),
  };
}
