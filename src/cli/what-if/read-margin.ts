import { Decimal, type DecimalString, ZERO } from '../../domain/decimal.ts';
import { RefusalError } from '../../domain/refusal.ts';
import { DEFAULT_MARGIN, marginTerms } from '../../engine/margin-config.ts';
import type { MarginTerms } from '../../portfolio/margin-account.ts';
import type { LiquidationRule } from '../../venue/margin/liquidation-price.ts';
import { MarginTable, type MarginTier } from '../../venue/margin/margin-tier.ts';
import { decimalText, type Json, type JsonObject, listOf, objectOf, pick, scriptFault, wordOf } from './script-json.ts';

export const MARGIN_PARTS: readonly string[] =
  'mode marginMode maintenance maintenanceMargin maintenanceAmount tiers liquidationRule liquidationFee'.split(' ');

export interface ScriptMargin {
  readonly terms: MarginTerms;
  /** Of the value that is liquidated. */
  readonly liquidationFee: DecimalString;
}

const RULES: readonly LiquidationRule[] = ['maintenance', 'maintenance-and-fee', 'entry'];

/**
 * How a script's margin account is kept: mode cross or isolated, maintenance as a rate (with maintenanceAmount) or as
 * tiers [{upTo, maintenance, initial}], and the rule of the exchange. Left out: cross, the table of the instrument.
 */
export function readMargin(account: JsonObject, takerRate: DecimalString): ScriptMargin {
  const mode = pick(account, 'mode', 'marginMode');
  const rule = pick(account, 'liquidationRule');
  const rate = pick(account, 'maintenance', 'maintenanceMargin');
  const tiers = pick(account, 'tiers');
  const fee = pick(account, 'liquidationFee');
  const amount = pick(account, 'maintenanceAmount');
  const base = marginTerms(
    { ...DEFAULT_MARGIN, mode: mode === undefined ? 'cross' : wordOf(mode, 'account.mode', ['cross', 'isolated']) },
    takerRate,
  );
  const own = rate === undefined && tiers === undefined ? null : tableOf(rate, tiers, amount);
  return {
    terms: {
      ...base,
      rule: rule === undefined ? 'maintenance' : wordOf(rule, 'account.liquidationRule', RULES),
      ...(own === null ? {} : { table: () => own }),
    },
    liquidationFee: fee === undefined ? ZERO.toFixed() : fraction(fee, 'account.liquidationFee'),
  };
}

function tableOf(rate: Json | undefined, tiers: Json | undefined, amount: Json | undefined): MarginTable {
  const rows: MarginTier[] =
    tiers === undefined
      ? [{ upTo: null, ...sameRate(fraction(rate, 'account.maintenance')) }]
      : listOf(tiers, 'account.tiers').map((value) => {
          const tier = objectOf(value, 'account.tiers');
          const upTo = pick(tier, 'upTo', 'to');
          const maintenanceRate = fraction(pick(tier, 'maintenance', 'maintenanceRate'), 'The maintenance of a tier');
          const initial = pick(tier, 'initial', 'initialRate');
          return {
            upTo: upTo === undefined ? null : decimalText(upTo, 'The end of a tier'),
            maintenanceRate,
            initialRate: initial === undefined ? maintenanceRate : fraction(initial, 'The initial margin of a tier'),
          };
        });
  const table = MarginTable.of(rows, amount === undefined ? '0' : decimalText(amount, 'account.maintenanceAmount'));
  if (!table.ok) throw new RefusalError(table.error);
  return table.value;
}

function sameRate(rate: DecimalString): Pick<MarginTier, 'initialRate' | 'maintenanceRate'> {
  return { initialRate: rate, maintenanceRate: rate };
}

function fraction(value: Json | undefined, what: string): DecimalString {
  const text = decimalText(value, what);
  const rate = new Decimal(text);
  if (rate.lessThan(0) || rate.greaterThan(1)) throw scriptFault(`${what} is a fraction of the value such as 0.005.`);
  return text;
}
