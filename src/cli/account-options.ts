import { checkedIntraday, DEFAULT_INTRADAY } from '../engine/intraday.ts';
import { DEFAULT_MARGIN } from '../engine/margin-config.ts';
import { type CryptoMargin, type NseProduct, PAPER_CRYPTO_MODEL, PAPER_NSE_MODEL } from '../engine/session-config.ts';
import { brokeragePlan } from '../venue/charges/brokerage-plan.ts';
import { feeTier } from '../venue/fee-tiers.ts';
import { FUNDING_INTERVAL_MS, type FundingTerms } from '../venue/margin/funding.ts';
import type { VenueModel } from '../venue/model.ts';
import { amount, oneOf, usable } from './option-values.ts';
import { UsageError } from './command.ts';

export const accountHelp = `  --product intraday|delivery  shares on NSE: on margin and closed before the session ends, or paid in full (default intraday,
                      delivery on bars of a day or longer)
  --leverage N        of intraday accounts (default 5) and of accounts with perpetuals (default 1)
  --entry-until HH:MM  --square-off HH:MM   intraday, India time (default 15:00 and 15:10; before 15:15)
  --charges PLAN|off  brokerage plan of the itemised NSE charges (default zerodha, on days without known rates 5 bp a
                      side; a plan named here refuses orders of such days; off = 5 bp a side)
  --fee-tier TABLE[:VOLUME]  crypto fees by 30-day volume: binance-spot (default, tier of 0), binance-usdm, kraken-spot
  --margin-mode cross|isolated   what stands for a position: the whole account (default) or its own margin
  --maintenance RATE  maintenance margin as a fraction of the value (default: the table of the instrument)
  --funding RATE      of perpetuals per 8 hours, paid by longs (default none)`;

export const ACCOUNT_OPTIONS = {
  product: { type: 'string', default: 'by-data' },
  leverage: { type: 'string' },
  'entry-until': { type: 'string', default: DEFAULT_INTRADAY.entryUntil },
  'square-off': { type: 'string', default: DEFAULT_INTRADAY.squareOffAt },
  charges: { type: 'string' },
  'fee-tier': { type: 'string' },
  'margin-mode': { type: 'string', default: 'cross' },
  maintenance: { type: 'string' },
  funding: { type: 'string' },
} as const;

interface Values {
  readonly product: string;
  readonly leverage?: string | undefined;
  readonly 'entry-until': string;
  readonly 'square-off': string;
  readonly charges?: string | undefined;
  readonly 'fee-tier'?: string | undefined;
  readonly 'margin-mode': string;
  readonly maintenance?: string | undefined;
  readonly funding?: string | undefined;
}

/** How the accounts of a session are kept, and the fees of NSE that follow from it. */
export function readAccountTerms(values: Values): {
  readonly nse: NseProduct;
  readonly margin: CryptoMargin;
  readonly nseModel: VenueModel;
  readonly cryptoModel: VenueModel;
} {
  const leverage = values.leverage === undefined ? null : amount('--leverage', values.leverage, false);
  return {
    nse: {
      product: oneOf('--product', values.product, ['intraday', 'delivery', 'by-data'] as const),
      intraday: usable(
        checkedIntraday({
          entryUntil: values['entry-until'],
          squareOffAt: values['square-off'],
          leverage: leverage ?? DEFAULT_INTRADAY.leverage,
        }),
      ),
    },
    margin: {
      ...DEFAULT_MARGIN,
      leverage: leverage ?? '1',
      mode: oneOf('--margin-mode', values['margin-mode'], ['cross', 'isolated'] as const),
      maintenanceRate: values.maintenance === undefined ? null : maintenanceRate(values.maintenance),
      funding: values.funding === undefined ? null : fundingTerms(values.funding),
    },
    nseModel: nseModel(values.charges),
    cryptoModel:
      values['fee-tier'] === undefined
        ? PAPER_CRYPTO_MODEL
        : { ...PAPER_CRYPTO_MODEL, fees: tierFees(values['fee-tier']) },
  };
}

export function maintenanceRate(text: string): string {
  if (/^0(\.\d+)?$/.test(text)) return text;
  throw new UsageError(`--maintenance "${text}" is not a fraction below 1 such as 0.005.`);
}

/** Longs pay a positive rate, shorts a negative one. */
export function fundingTerms(rate: string): FundingTerms {
  if (/^-?0(\.\d+)?$/.test(rate)) return { intervalMs: FUNDING_INTERVAL_MS, rate };
  throw new UsageError(`--funding "${rate}" is not a rate per 8 hours such as 0.0001 or -0.00005.`);
}

/** "binance-spot" or "binance-spot:2000000". */
export function tierFees(text: string): VenueModel['fees'] {
  const [table = '', volume = '0'] = text.split(':');
  const { maker, taker } = usable(feeTier(table, volume));
  return { maker, taker, fixed: '0' };
}

/** The charges of a plan in place of PAPER_NSE_MODEL's; "off" = its flat rates alone. */
function nseModel(plan: string | undefined): VenueModel {
  if (plan === undefined) return PAPER_NSE_MODEL;
  const { charges, ...flat } = PAPER_NSE_MODEL.fees;
  if (plan === 'off' || charges === undefined) return { ...PAPER_NSE_MODEL, fees: flat };
  usable(brokeragePlan(plan));
  return { ...PAPER_NSE_MODEL, fees: { ...flat, charges: { ...charges, plan, uncovered: 'refuse' } } };
}
