import type { ContractOutputs } from '../../contract/types.ts';
import type { Result } from '../../domain/refusal.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { LotMethod } from '../../portfolio/lot-method.ts';

type Output = ContractOutputs['analytics'];

export interface DayRange {
  /** Local days of the account, both counted. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Reports on what was traded. Codes: ACCOUNT_UNKNOWN, TRADE_UNKNOWN, ORDER_UNKNOWN, ANALYTICS_UNAVAILABLE, CURSOR_INVALID. */
export interface AnalyticsRoom {
  trades(request: {
    readonly account?: string | undefined;
    readonly strategy?: string | undefined;
    readonly instrument?: string | undefined;
    readonly method: LotMethod;
    readonly from?: EpochMs | undefined;
    readonly to?: EpochMs | undefined;
    readonly day?: string | undefined;
    readonly limit: number;
    readonly cursor?: string | undefined;
  }): Result<Output['trades']>;
  breakdown(
    request: DayRange & {
      readonly account?: string | undefined;
      readonly by: 'strategy' | 'symbol' | 'account' | 'day' | 'week' | 'month' | 'reason';
      readonly method: LotMethod;
    },
  ): Result<Output['breakdown']>;
  calendar(request: {
    readonly account?: string | undefined;
    readonly month: string;
    readonly method: LotMethod;
  }): Result<Output['calendar']>;
  equity(request: {
    readonly account?: string | undefined;
    readonly from?: EpochMs | undefined;
    readonly to?: EpochMs | undefined;
    readonly points: number;
  }): Result<Output['equity']>;
  execution(
    request: DayRange & {
      readonly account?: string | undefined;
      readonly by: 'algorithm' | 'venue' | 'symbol' | 'strategy' | 'account' | 'day' | 'week';
    },
  ): Result<Output['execution']>;
  order(id: string): Result<Output['order']>;
  gap(request: DayRange & { readonly strategy?: string | undefined }): Result<Output['gap']>;
  note(trade: string): Result<Output['note']>;
  setNote(note: {
    readonly trade: string;
    readonly note: string;
    readonly tags: readonly string[];
    readonly rating: number | null;
  }): Result<Output['setNote']>;
  tags(): Result<Output['tags']>;
}
