import { Decimal, type DecimalString } from '../domain/decimal.ts';
import { ok, refuse, type Result } from '../domain/refusal.ts';

/** Maker and taker rate from a traded volume on, in quote currency over the last 30 days. */
export interface FeeTier {
  readonly from: DecimalString;
  readonly maker: DecimalString;
  readonly taker: DecimalString;
}

export interface FeeTierTable {
  readonly name: string;
  /** When the exchange's page was read; tables change, and a connected account states its own rates. */
  readonly asOf: string;
  readonly tiers: readonly FeeTier[];
}

type Row = readonly [from: DecimalString, maker: DecimalString, taker: DecimalString];

function table(name: string, asOf: string, rows: readonly Row[]): FeeTierTable {
  return { name, asOf, tiers: rows.map(([from, maker, taker]) => ({ from, maker, taker })) };
}

/** Published fee pages, without discounts for holding or paying in a venue's own coin. */
export const FEE_TIERS: readonly FeeTierTable[] = [
  table('binance-spot', '2025', [
    ['0', '0.001', '0.001'],
    ['1000000', '0.0009', '0.001'],
    ['5000000', '0.0008', '0.001'],
    ['20000000', '0.0004', '0.0006'],
    ['100000000', '0.0004', '0.00052'],
    ['150000000', '0.00025', '0.00031'],
    ['400000000', '0.0002', '0.00029'],
    ['800000000', '0.00019', '0.00028'],
    ['2000000000', '0.00016', '0.00025'],
    ['4000000000', '0.00011', '0.00023'],
  ]),
  table('binance-usdm', '2025', [
    ['0', '0.0002', '0.0005'],
    ['15000000', '0.00016', '0.0004'],
    ['50000000', '0.00014', '0.00035'],
    ['100000000', '0.00012', '0.00032'],
    ['600000000', '0.0001', '0.0003'],
    ['1000000000', '0.00008', '0.00027'],
    ['2500000000', '0.00006', '0.00025'],
    ['5000000000', '0.00004', '0.00022'],
    ['12500000000', '0.00002', '0.0002'],
    ['25000000000', '0', '0.00017'],
  ]),
  table('kraken-spot', '2025', [
    ['0', '0.0025', '0.004'],
    ['10000', '0.002', '0.0035'],
    ['50000', '0.0014', '0.0024'],
    ['100000', '0.0012', '0.0022'],
    ['250000', '0.001', '0.002'],
    ['500000', '0.0008', '0.0018'],
    ['1000000', '0.0006', '0.0016'],
    ['2500000', '0.0004', '0.0014'],
    ['5000000', '0.0002', '0.0012'],
    ['10000000', '0', '0.001'],
  ]),
];

/** The tier of a 30-day volume. Refuses FEE_TIERS_UNKNOWN and FEE_VOLUME_INVALID. */
export function feeTier(name: string, volume: DecimalString): Result<FeeTier> {
  const found = FEE_TIERS.find((one) => one.name === name.trim().toLowerCase());
  if (found === undefined) {
    const known = FEE_TIERS.map((one) => one.name).join(', ');
    return refuse('FEE_TIERS_UNKNOWN', `There is no fee table "${name}"; use ${known}.`, { value: name, limit: known });
  }
  if (!/^\d+(\.\d+)?$/.test(volume)) {
    return refuse('FEE_VOLUME_INVALID', `The 30-day volume "${volume}" must be a plain decimal of zero or more.`, {
      value: volume,
    });
  }
  const traded = new Decimal(volume);
  const tier = found.tiers.findLast(({ from }) => traded.greaterThanOrEqualTo(from));
  return tier === undefined ? refuse('FEE_VOLUME_INVALID', 'No tier begins at zero.') : ok(tier);
}
