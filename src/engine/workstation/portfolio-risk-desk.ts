import type { PortfolioRisk } from '../../contract/types.ts';
import { Decimal, ZERO } from '../../domain/decimal.ts';
import { type Instrument, notional } from '../../domain/instrument.ts';
import { ok, type Result } from '../../domain/refusal.ts';
import type { EpochMs } from '../../domain/units.ts';
import {
  concentration,
  type PortfolioRisk as Tails,
  portfolioRisk,
  type PriceHistory,
} from '../../research/portfolio-risk.ts';
import { markOf } from '../../risk/facts.ts';
import { type Scenario, scenarioProfit, STANDARD_SCENARIOS } from '../../risk/scenarios.ts';
import type { StateSource, Workstation } from '../workstation.ts';
import { CoalescedState } from './coalesced.ts';
import { figureText, money } from './decimal-text.ts';
import { HISTORY_TIMEFRAME, ReturnHistories } from './return-histories.ts';
import type { Runtime } from './runtime.ts';
import { findAccount } from './ticket.ts';

const TAILS = [0.05, 0.01];
/** Fewer returns than this say nothing about a tail of 5 %. */
const LEAST = 60;
/** Hours a market trades in a day. */
const HOURS = { always: 24, nse: 6.25 } as const;

interface Held {
  readonly instrument: Instrument;
  /** Null without a price. */
  readonly value: Decimal | null;
}

/** Value at risk, correlation, concentration and scenarios of the positions of now. */
export class PortfolioRiskDesk {
  readonly #runtime: Runtime;
  readonly #histories: ReturnHistories;
  readonly #scenarios: () => readonly Scenario[];
  readonly #sources = new Map<string, CoalescedState<PortfolioRisk>>();
  readonly #onFault: (error: unknown) => void;

  constructor(runtime: Runtime, history: Workstation['market']['history'], scenarios: () => readonly Scenario[]) {
    this.#runtime = runtime;
    this.#histories = new ReturnHistories(history);
    this.#scenarios = scenarios;
    this.#onFault = (error) => runtime.fault('A reader of the portfolio risk', error);
    runtime.onFill.add((fill) => this.#sources.get(fill.accountId)?.touch('figures'));
  }

  source(account: string): Result<StateSource<PortfolioRisk>> {
    const found = findAccount(this.#runtime.core, account);
    if (!found.ok) return found;
    let source = this.#sources.get(account);
    if (source === undefined) {
      source = new CoalescedState(() => this.#read(account), this.#onFault);
      this.#sources.set(account, source);
    }
    return ok(source);
  }

  /** Prices move all the time; histories are read one in a second, so that the market is not held up. */
  onSecond(now: EpochMs): void {
    for (const source of this.#sources.values()) source.touch('figures');
    if (this.#sources.size === 0) return;
    const { core } = this.#runtime;
    const held = new Set([...core.accounts.keys()].flatMap((id) => [...core.portfolio.held(id)]));
    this.#histories.refresh(held, now).then((isNews) => {
      if (isNews) for (const source of this.#sources.values()) source.touch('figures');
    }, this.#onFault);
  }

  #read(account: string): PortfolioRisk {
    const { core } = this.#runtime;
    const held = this.#held(account);
    const equity = core.view.equity(account);
    const currency = core.accounts.get(account)?.currency ?? '';
    const figures = this.#figures(held);
    const values = held.map(({ value }) => value?.toNumber() ?? Number.NaN);
    const gross = values.reduce((sum, value) => sum + Math.abs(value), 0);
    const herfindahl = known(concentration(values));
    const tails = figures.tails[0] ?? null;
    return {
      at: Math.trunc(this.#runtime.now()),
      account,
      currency,
      equity: equity === null ? null : money(equity),
      tails: figures.tails.length === 0 ? null : figures.tails.map(({ tail, risk }) => tailView(1 - tail, risk)),
      unavailable: figures.unavailable,
      assumptions: figures.assumptions,
      observations: tails?.risk.observations ?? 0,
      positions: held.map(({ instrument, value }, index) => ({
        instrument: instrument.id,
        value: value === null ? null : money(value),
        share: value === null || !(gross > 0) ? null : Math.abs(value.toNumber()) / gross,
        varianceShare: known(tails?.risk.contributions[index] ?? Number.NaN),
      })),
      correlation: tails === null ? null : tails.risk.correlation.map((row) => row.map(known)),
      concentration: { herfindahl, effective: herfindahl === null ? null : 1 / herfindahl },
      scenarios: [...STANDARD_SCENARIOS, ...this.#scenarios()].map((one) => this.#scenario(account, one, held, equity)),
    };
  }

  #held(account: string): readonly Held[] {
    const { core } = this.#runtime;
    return core.portfolio.held(account).flatMap((id): Held[] => {
      const instrument = core.instruments.get(id);
      if (instrument === undefined) return [];
      const mark = markOf(core.view.reference(id));
      const value = mark > 0 ? notional(instrument, mark, core.portfolio.position(account, id)) : null;
      return [{ instrument, value }];
    });
  }

  #figures(held: readonly Held[]): {
    readonly tails: readonly { readonly tail: number; readonly risk: Tails }[];
    readonly unavailable: string | null;
    readonly assumptions: string[];
  } {
    const no = (sentence: string) => ({ tails: [], unavailable: sentence, assumptions: [] });
    if (held.length === 0) return no('There is no open position.');
    const positions: { value: number; history: PriceHistory }[] = [];
    for (const { instrument, value } of held) {
      if (value === null) return no(`The price of ${instrument.symbol} is not known; wait for its feed.`);
      const history = this.#histories.of(instrument.id);
      if (history === null) return no(`The price history of ${instrument.symbol} is being read.`);
      if (history.times.length <= LEAST) {
        return no(
          `${instrument.symbol} has ${Math.max(0, history.times.length - 1)} hourly returns; ${LEAST} are needed.`,
        );
      }
      positions.push({ value: value.toNumber(), history });
    }
    // Of several calendars the one that trades longest: the other markets' hours are among its own.
    const horizonBars = Math.max(...held.map(({ instrument }) => HOURS[instrument.calendar]));
    const tails = TAILS.flatMap((tail) => {
      const risk = portfolioRisk(positions, { tail, horizonBars, least: LEAST });
      return risk === null ? [] : [{ tail, risk }];
    });
    if (tails.length === 0) return no(`The positions have fewer than ${LEAST} hours of prices in common.`);
    return {
      tails,
      unavailable: null,
      assumptions: [
        `Returns of ${HISTORY_TIMEFRAME} bars, ${tails[0]?.risk.observations ?? 0} in common, applied to the positions of now.`,
        `Horizon of one trading day (${horizonBars} hours), scaled by the square root of time.`,
        'Losses are positive. Parametric: normal; Cornish-Fisher: corrected for skewness and kurtosis.',
      ],
    };
  }

  #scenario(
    account: string,
    scenario: Scenario,
    held: readonly Held[],
    equity: Decimal | null,
  ): PortfolioRisk['scenarios'][number] {
    const { core } = this.#runtime;
    const { name } = scenario;
    const positions = held.flatMap(({ instrument, value }) =>
      value === null ? [] : [{ instrument: instrument.id, base: instrument.base, value }],
    );
    if (equity === null || positions.length < held.length)
      return { name, profit: null, equityAfter: null, breaches: [] };
    const profit = scenarioProfit(scenario, positions);
    const after = equity.plus(profit);
    const day = core.monitor.day(account);
    const limits = core.gate.sources.limits(account);
    const reached = (from: number | undefined, limit: string | null | undefined): boolean =>
      from !== undefined && typeof limit === 'string' && (from - after.toNumber()) / from >= Number(limit);
    return {
      name,
      profit: money(profit.isZero() ? ZERO : profit),
      equityAfter: money(after),
      breaches: [
        ...(reached(day?.startEquity, limits?.maxDailyLoss) ? ['DAILY_LOSS'] : []),
        ...(reached(day?.highEquity, limits?.maxDrawdown) ? ['DRAWDOWN'] : []),
      ],
    };
  }
}

function tailView(confidence: number, risk: Tails): NonNullable<PortfolioRisk['tails']>[number] {
  const view = ({ var: loss, cvar }: { readonly var: number; readonly cvar: number }) => ({
    var: figureText(loss, 8) ?? '0',
    cvar: figureText(cvar, 8) ?? '0',
  });
  return {
    confidence,
    historical: view(risk.historical),
    parametric: view(risk.parametric),
    cornishFisher: view(risk.cornishFisher),
  };
}

function known(figure: number): number | null {
  return Number.isFinite(figure) ? figure : null;
}
