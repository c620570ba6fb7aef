import type { RiskGauge } from '../../src/contract/types.ts';
import { figures, percent } from '../format/money.ts';

function amount(text: string | null, unit: RiskGauge['unit'], currency: string): string {
  if (text === null) return 'not known';
  switch (unit) {
    case 'currency':
      return figures(text, { currency, digits: Math.abs(Number(text)) >= 1_000 ? 0 : 2 });
    case 'fraction':
      return percent(Number(text), { digits: 1, signed: false });
    case 'per-second':
      return `${figures(text, { currency, digits: text.includes('.') ? 1 : 0 })}/s`;
    case 'ms':
      return `${figures(text, { currency, digits: 0 })} ms`;
    case 'count':
      return figures(text, { currency, digits: 0 });
  }
}

/** "3,120 / 5,000": the per cent stands beside it. */
export function gaugeFigures(gauge: RiskGauge, currency: string): string {
  const value = amount(gauge.value, gauge.unit, currency);
  return gauge.limit === null ? `${value}, no limit` : `${value} / ${amount(gauge.limit, gauge.unit, currency)}`;
}
