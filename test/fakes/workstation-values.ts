import type {
  Alert,
  AppStatus,
  BarView,
  FillView,
  InstrumentView,
  OrderView,
  PortfolioState,
  QuoteView,
  RiskLimits,
  RiskStatus,
  SessionStatus,
} from '../../src/contract/types.ts';

export const BTC = 'BTCUSDT.BINANCE';
export const ETH = 'ETHUSDT.BINANCE';
export const NOW = 1_723_161_600_000;

export function instrumentView(id: string): InstrumentView {
  return {
    id,
    symbol: id.split('.')[0] ?? id,
    venue: 'binance',
    kind: 'crypto-spot',
    base: 'BTC',
    quote: 'USDT',
    priceDigits: 2,
    quantityDigits: 5,
    tick: '0.01',
    step: '0.00001',
    minQuantity: '0.00001',
    maxQuantity: null,
    minNotional: '5',
    calendar: 'always',
    shortable: false,
    assumedGrid: false,
  };
}

export function quoteView(instrument: string, last: string): QuoteView {
  return {
    instrument,
    last,
    bid: last,
    ask: last,
    bidSize: '1',
    askSize: '1',
    dayOpen: '61000.00',
    dayHigh: '62000.00',
    dayLow: '60000.00',
    changePct: 1.25,
    volume: '1234.5',
    ts: NOW,
    ageMs: 12,
    state: 'live',
  };
}

export function barView(start: number, close: string, closed = true): BarView {
  return { start, open: '1', high: '3', low: '1', close, volume: '10', closed };
}

export function orderView(id: string, status: OrderView['status'] = 'ACCEPTED'): OrderView {
  return {
    id,
    account: 'paper',
    accountKind: 'paper',
    instrument: BTC,
    side: 'buy',
    type: 'limit',
    quantity: '0.5',
    price: '61826.01',
    trigger: null,
    timeInForce: 'GTC',
    expireAt: null,
    postOnly: false,
    reduceOnly: false,
    source: 'manual',
    strategy: null,
    note: null,
    idempotencyKey: null,
    parent: null,
    status,
    filled: '0',
    remaining: '0.5',
    averagePrice: null,
    fees: '0',
    venueOrderId: null,
    createdAt: NOW,
    updatedAt: NOW,
    reasonCode: null,
    reason: null,
  };
}

export function fillView(tradeId: string): FillView {
  return {
    tradeId,
    orderId: 'O-1',
    account: 'paper',
    instrument: BTC,
    side: 'buy',
    price: '61826.01',
    quantity: '0.5',
    liquidity: 'taker',
    fee: '0.031',
    ts: NOW,
    strategy: null,
    modelled: { model: 'L2', seed: 1, latencyMs: 5, reference: '61826.00', slippage: '0.01', impact: '0' },
  };
}

export function alertView(id: string): Alert {
  return {
    id,
    at: NOW,
    severity: 'warning',
    code: 'FEED_STALE',
    sentence: 'Binance is silent.',
    account: null,
    instrument: null,
  };
}

export function appStatus(): AppStatus {
  return {
    now: NOW,
    clock: 'live',
    session: { id: 'S-1', state: 'running', sentence: null },
    risk: { state: 'ACTIVE', level: 'LOW' },
    feeds: [
      {
        id: 'sim:crypto',
        state: 'live',
        ageMs: 3,
        latencyMs: 1.5,
        instruments: 2,
        eventsPerSecond: 40,
        read: 10,
        kept: 9,
        dropped: 1,
        sentence: null,
      },
    ],
    markets: [{ venue: 'binance', state: 'open', reason: 'round the clock', nextOpen: null, nextClose: null }],
    counts: {
      instruments: 2,
      staleInstruments: 0,
      workingOrders: 1,
      unknownOrders: 0,
      openPositions: 1,
      strategies: 0,
      alerts: 0,
    },
    loopLagMs: 0.4,
    memoryMb: 90,
  };
}

export function portfolioState(): PortfolioState {
  const figures = {
    account: 'paper',
    currency: 'USDT',
    cash: '100000',
    equity: '100000',
    buyingPower: '100000',
    realised: '0',
    unrealised: '0',
    fees: '0',
    grossExposure: '0',
    netExposure: '0',
    dayPnl: '0',
    drawdown: 0,
    stale: false,
  };
  return { at: NOW, accounts: [figures, { ...figures, account: 'paper-nse', currency: 'INR' }], positions: [] };
}

export function riskStatus(state: RiskStatus['state'] = 'ACTIVE'): RiskStatus {
  return {
    at: NOW,
    state,
    level: 'LOW',
    causes: [],
    gauges: [],
    alerts: [],
    workingOrders: 0,
    openPositions: 0,
    emergency: emergencyStatus(),
  };
}

function emergencyStatus(): RiskStatus['emergency'] {
  return {
    lock: null,
    rearm: [{ code: 'ORDERS_KNOWN', ok: true, sentence: 'The outcome of every order is known.' }],
    venues: [{ venue: 'paper-crypto', working: 0, cancelling: 0, protective: 0, unknown: 0, positions: 0 }],
    flattening: false,
    queuedFlatten: null,
    drill: { running: false, lastAt: null, flat: null, flatMs: null, dueAt: null },
  };
}

export const RISK_LIMITS: RiskLimits = {
  maxOrderNotional: '10000',
  maxPositionNotional: null,
  maxGrossExposure: null,
  maxConcentration: '0.3',
  collarWarn: '0.02',
  collarBlock: '0.1',
  maxOrdersPerSecond: 10,
  duplicateWindowMs: 10_000,
  stalePriceMs: 30_000,
  maxWorkingOrders: null,
  maxDailyLoss: null,
  maxDailyLossFraction: '0.05',
  maxDrawdownFraction: '0.1',
};

export function sessionStatus(state: SessionStatus['state'] = 'running'): SessionStatus {
  return {
    state,
    id: 'S-1',
    mode: 'paper',
    startedAt: NOW,
    endedAt: null,
    seed: 1,
    feeds: ['sim:crypto'],
    strategies: [],
    sentence: null,
  };
}
