import { Decimal } from '../domain/decimal.ts';
import { quantityDecimal, type Instrument, type InstrumentId } from '../domain/instrument.ts';
import { ExposureLine, fillLine } from './exposure.ts';
import type { DayFigures, FeeSource } from './facts.ts';
import { percent, plain } from './findings.ts';
import type { RiskView } from './gate.ts';
import type { RiskLimits } from './limits.ts';

/** One meter of the risk monitor. */
export interface Gauge {
  readonly code: string;
  readonly title: string;
  /** Null when the figure is not known; the meter then shows no value, never zero. */
  readonly value: string | null;
  readonly limit: string;
  /** value / limit; 1 = the limit is reached. */
  readonly fraction: number | null;
  readonly sentence: string;
}

export interface GaugeSources {
  readonly view: RiskView;
  readonly limits: (accountId: string) => RiskLimits | null;
  readonly day: (accountId: string) => DayFigures | null;
  readonly fees: FeeSource;
  readonly sentWithin: (accountId: string, windowMs: number) => number;
}

type Kind = 'share' | 'count' | 'money';

/** Every limit that is switched on, with how much of it is used. Open orders count as filled, as in the gate. */
export function gauges(sources: GaugeSources, accountId: string): readonly Gauge[] {
  const limits = sources.limits(accountId);
  const account = sources.view.account(accountId);
  if (limits === null || account === null) return [];
  const list: Gauge[] = [];
  const equity = sources.view.equity(accountId)?.toNumber() ?? Number.NaN;
  const day = sources.day(accountId);
  if (limits.maxDailyLoss !== null) {
    const loss = day === null ? Number.NaN : Math.max(0, (day.startEquity - equity) / day.startEquity);
    list.push(gauge('DAILY_LOSS', 'Daily loss', 'share', loss, Number(limits.maxDailyLoss)));
  }
  if (limits.maxDrawdown !== null) {
    const fall = day === null ? Number.NaN : Math.max(0, (day.highEquity - equity) / day.highEquity);
    list.push(gauge('DRAWDOWN', 'Fall from the highest equity', 'share', fall, Number(limits.maxDrawdown)));
  }
  const book = exposures(sources, accountId);
  if (limits.maxGrossExposure !== null) {
    list.push(
      gauge(
        'GROSS_EXPOSURE',
        'Total exposure',
        'share',
        book.gross / positive(equity),
        Number(limits.maxGrossExposure),
      ),
    );
  }
  if (limits.maxConcentration !== null) {
    const title = book.largest === null ? 'Largest exposure' : `Largest exposure (${book.largest})`;
    list.push(gauge('CONCENTRATION', title, 'share', book.most / positive(equity), Number(limits.maxConcentration)));
  }
  if (limits.maxPositionNotional !== null) {
    list.push(
      gauge('MAX_POSITION_NOTIONAL', 'Largest position value', 'money', book.most, Number(limits.maxPositionNotional)),
    );
  }
  if (limits.maxPosition !== null) {
    const most = new Decimal(limits.maxPosition).toNumber();
    list.push(gauge('MAX_POSITION', 'Largest position', 'money', book.units, most));
  }
  if (account.type === 'margin') {
    list.push(
      gauge(
        'MARGIN_EXCEEDS_FREE_BALANCE',
        'Margin used',
        'money',
        book.gross / Number(account.leverage) + book.fees,
        equity,
      ),
    );
  } else {
    const cash = sources.view.cash(accountId)?.toNumber() ?? Number.NaN;
    list.push(gauge('NOTIONAL_EXCEEDS_FREE_BALANCE', 'Cash in open orders', 'money', book.buys + book.fees, cash));
  }
  if (limits.maxOpenOrders !== null) {
    list.push(
      gauge('MAX_OPEN_ORDERS', 'Open orders', 'count', sources.view.openOrders(accountId).length, limits.maxOpenOrders),
    );
  }
  if (limits.ordersPerSecond !== null) {
    list.push(
      gauge(
        'RATE_PER_SECOND',
        'Orders in the last second',
        'count',
        sources.sentWithin(accountId, 1_000),
        limits.ordersPerSecond,
      ),
    );
  }
  if (limits.ordersPerMinute !== null) {
    list.push(
      gauge(
        'RATE_PER_MINUTE',
        'Orders in the last minute',
        'count',
        sources.sentWithin(accountId, 60_000),
        limits.ordersPerMinute,
      ),
    );
  }
  return list;
}

function positive(equity: number): number {
  return equity > 0 ? equity : Number.NaN;
}

interface Exposures {
  gross: number;
  most: number;
  units: number;
  buys: number;
  fees: number;
  largest: string | null;
}

function exposures(sources: GaugeSources, accountId: string): Exposures {
  const sum: Exposures = { gross: 0, most: 0, units: 0, buys: 0, fees: 0, largest: null };
  const open = sources.view.openOrders(accountId);
  for (const id of new Set<InstrumentId>(sources.view.held(accountId))) {
    const instrument: Instrument | null = sources.view.instrument(id);
    const line = instrument === null ? null : new ExposureLine(instrument, sources.view.position(accountId, id), 0);
    if (instrument === null || line === null || !fillLine(sources, accountId, line, open)) {
      return { ...sum, gross: Number.NaN, most: Number.NaN, units: Number.NaN, buys: Number.NaN };
    }
    const worth = line.worstValue();
    sum.gross += worth;
    sum.buys += line.buyValue;
    sum.fees += line.fees;
    sum.units = Math.max(sum.units, quantityDecimal(instrument, line.worstQuantity()).toNumber());
    if (worth > sum.most) {
      sum.most = worth;
      sum.largest = instrument.symbol;
    }
  }
  return sum;
}

function gauge(code: string, title: string, kind: Kind, value: number, limit: number): Gauge {
  const write = (figure: number): string => plain(figure, kind === 'share' ? 6 : 8);
  const show = (figure: number): string => (kind === 'share' ? percent(write(figure)) : write(figure));
  if (!Number.isFinite(value) || !(limit > 0)) {
    const sentence = `${title}: not known.`;
    return {
      code,
      title,
      value: null,
      limit: Number.isFinite(limit) ? write(limit) : 'unknown',
      fraction: null,
      sentence,
    };
  }
  const fraction = value / limit;
  const sentence = `${title}: ${show(value)} of ${show(limit)} (${plain(fraction * 100, 0)} %).`;
  return { code, title, value: write(value), limit: write(limit), fraction, sentence };
}
