import type { Account } from '../../src/domain/account.ts';
import { Decimal } from '../../src/domain/decimal.ts';
import type { Fill } from '../../src/domain/fill.ts';
import { defineInstrument, type Instrument, type InstrumentTerms } from '../../src/domain/instrument.ts';

export function instrumentOf(terms: Partial<InstrumentTerms> = {}): Instrument {
  const made = defineInstrument({
    symbol: 'BTCUSDT',
    venue: 'binance',
    kind: 'crypto-perpetual',
    quote: 'USDT',
    tick: '0.01',
    step: '0.001',
    ...terms,
  });
  if (!made.ok) throw new Error(made.error.sentence);
  return made.value;
}

export const BTC = instrumentOf();

export function accountOf(terms: Partial<Account> = {}): Account {
  return {
    id: 'paper-1',
    name: 'Paper 1',
    kind: 'paper',
    broker: 'paper',
    currency: 'USDT',
    type: 'margin',
    leverage: '1',
    startingCash: '100000',
    ...terms,
  };
}

let serial = 0;

/** Price and quantity in units of the instrument. */
export function fillOf(
  side: 'buy' | 'sell',
  quantity: number,
  price: number,
  terms: Partial<Fill> & { feeText?: string } = {},
): Fill {
  serial += 1;
  const { feeText, ...rest } = terms;
  return {
    tradeId: `t${serial}`,
    orderId: `o${serial}`,
    accountId: 'paper-1',
    instrument: BTC.id,
    side,
    price,
    quantity,
    liquidity: 'taker',
    fee: new Decimal(feeText ?? '0'),
    ts: 1000 * serial,
    modelled: { model: 'test', seed: null, latencyMs: 0, reference: price, slippage: 0, impact: 0 },
    ...rest,
  };
}
