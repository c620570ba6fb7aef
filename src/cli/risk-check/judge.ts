import type { Decimal } from '../../domain/decimal.ts';
import { priceText, quantityText } from '../../domain/instrument.ts';
import { plain, WARNINGS_SHOWN } from '../../risk/findings.ts';
import { previewOrder } from '../../risk/preview.ts';
import type { RiskVerdict } from '../../risk/gate.ts';
import type { Situation } from './situation.ts';

const money = (value: Decimal | null): string | null => value?.toDecimalPlaces(20).toFixed() ?? null;

/** The verdict, every check, and what the order would cost and use, by the same code as the engine's gate and the ticket. */
export function judge(situation: Situation): Record<string, unknown> & { readonly verdict: RiskVerdict['verdict'] } {
  const { gate, intent, plan, sources, assumptions } = situation;
  const verdict = gate.check(intent, plan);
  const quantity = verdict.quantity > 0 ? verdict.quantity : intent.quantity;
  const figures = previewOrder(sources, intent, plan, quantity);
  const instrument = sources.view.instrument(intent.instrument);
  const { sweep } = figures;
  const warnings = verdict.checks.filter(({ severity }) => severity === 'warn').map(({ code }) => code);
  return {
    verdict: verdict.verdict,
    checks: verdict.checks,
    warnings: { shown: warnings.slice(0, WARNINGS_SHOWN), more: Math.max(0, warnings.length - WARNINGS_SHOWN) },
    preview: {
      quantity: instrument === null ? null : quantityText(instrument, quantity),
      notional: money(figures.notional),
      fee: money(figures.fee),
      slippage: money(figures.slippage),
      slippageBps: figures.slippageBps,
      averagePrice: sweep?.average?.toDecimalPlaces((instrument?.priceDigits ?? 0) + 8).toFixed() ?? null,
      worstPrice:
        instrument === null || sweep === null || sweep.worst === null ? null : priceText(instrument, sweep.worst),
      cashAfter: money(figures.cashAfter),
      marginAfter: sources.view.account(intent.accountId)?.type === 'cash' ? '0' : money(figures.marginAfter),
      maxLoss: money(figures.maxLoss),
      limits: figures.limits.map(({ name, before, after, limit, scope }) => ({
        name,
        before: plain(before, 8),
        after: plain(after, 8),
        limit: plain(limit, 8),
        ...(scope === null ? {} : { scope }),
      })),
    },
    assumptions,
  };
}
