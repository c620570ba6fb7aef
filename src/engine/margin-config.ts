import type { Account } from '../domain/account.ts';
import { Decimal, type DecimalString } from '../domain/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import { RefusalError } from '../domain/refusal.ts';
import type { MarginTerms } from '../portfolio/margin-account.ts';
import type { FundingTerms } from '../venue/margin/funding.ts';
import { LARGE_PERPETUAL_MARGIN, MarginTable, PLAIN_MARGIN, type MarginTier } from '../venue/margin/margin-tier.ts';

/** How margin accounts are kept by the simulated exchanges. */
export interface MarginConfig {
  readonly mode: 'cross' | 'isolated';
  /** Maintenance margin as a fraction of the value at any size; null = the table of the instrument. */
  readonly maintenanceRate: DecimalString | null;
  /** Taken from the value that is liquidated, as far as the equity goes; shares on NSE pay none. */
  readonly liquidationFee: DecimalString;
  /** Of perpetuals; null = none is paid. */
  readonly funding: FundingTerms | null;
}

export const DEFAULT_MARGIN: MarginConfig = {
  mode: 'cross',
  maintenanceRate: null,
  liquidationFee: '0.005',
  funding: null,
};

/** Refuses a rate that is no fraction below 1. */
export function marginTerms(config: MarginConfig, takerRate: DecimalString): MarginTerms {
  const { maintenanceRate, mode } = config;
  const one =
    maintenanceRate === null ? null : tableOf([{ upTo: null, initialRate: maintenanceRate, maintenanceRate }]);
  const plain = tableOf(PLAIN_MARGIN);
  const large = tableOf(LARGE_PERPETUAL_MARGIN);
  return {
    mode,
    rule: 'maintenance',
    fee: new Decimal(takerRate),
    table: (instrument) => one ?? (isLargePerpetual(instrument) ? large : plain),
  };
}

function isLargePerpetual({ kind, base }: Instrument): boolean {
  return kind === 'crypto-perpetual' && (base === 'BTC' || base === 'XBT');
}

function tableOf(tiers: readonly MarginTier[]): MarginTable {
  const table = MarginTable.of(tiers);
  if (!table.ok) throw new RefusalError(table.error);
  return table.value;
}

/** Accounts that can be liquidated: those that borrow, and those that hold perpetuals. */
export function isLiquidated(account: Account, instruments: Iterable<Instrument>): boolean {
  if (account.type !== 'margin') return false;
  if (Number(account.leverage) > 1) return true;
  for (const { kind, quote } of instruments) if (kind === 'crypto-perpetual' && quote === account.currency) return true;
  return false;
}
