import type { Decimal } from '../domain/decimal.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import type { EpochMs } from '../domain/units.ts';
import type { TradingCore } from './trading-core.ts';
import { WrittenBalance } from './written-records.ts';

export type CashFlowKind = 'funding' | 'liquidation-fee';

export interface CashFlow {
  readonly at: EpochMs;
  readonly account: string;
  readonly kind: CashFlowKind;
  readonly instrument: InstrumentId;
  /** Received; negative is paid. */
  readonly amount: Decimal;
  readonly sentence: string;
  readonly detail: Readonly<Record<string, string>>;
}

/** Money without a trade: into the books and, in one transaction, the new balance and what it was for into the journal. */
export function bookCashFlow(core: TradingCore, flow: CashFlow): void {
  const { at, account, kind, instrument, amount } = flow;
  const booked = core.portfolio.applyCashFlow(account, amount);
  if (!booked.ok) {
    core.audit('engine', booked.error.code, booked.error.sentence, { account, kind });
    return;
  }
  const currency = core.accounts.get(account)?.currency ?? '';
  const detail = { account, kind, instrument, amount: amount.toFixed(), currency, ...flow.detail };
  core.commit([
    { kind: 'balance', balance: new WrittenBalance(account, currency, booked.value, at) },
    {
      kind: 'audit',
      audit: { at, actor: 'engine', action: 'CASH_FLOW', reason: flow.sentence, detail: JSON.stringify(detail) },
    },
  ]);
}
