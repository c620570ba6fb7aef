import { describe, expect, test } from 'vitest';
import type { AccountView, RiskStatus } from '../../../src/contract/types.ts';
import { clickBlocker, depthDoubt, type ArmingFacts } from '../../../renderer/depth/arming.ts';
import { readSize } from '../../../renderer/depth/ladder-sizes.ts';
import { quoteRow } from '../../../renderer/desk/quote-row.ts';
import { instrumentView, quoteView, riskStatus } from '../../fakes/workstation-values.ts';

const account: AccountView = {
  id: 'paper',
  name: 'Paper',
  kind: 'paper',
  broker: 'paper',
  currency: 'USDT',
  type: 'cash',
  leverage: '1',
  startingCash: '1000',
  armed: true,
};
const level = [{ price: '100.00', size: '1' }];
const book = { instrument: 'BTCUSDT.BINANCE', ts: 0, ageMs: 10, state: 'live' as const, bids: level, asks: level };
const quote = quoteRow(quoteView('BTCUSDT.BINANCE', '100.00'), undefined, 0);
const risk: RiskStatus = riskStatus();

const free: ArmingFacts = {
  connected: true,
  frozen: false,
  account,
  risk,
  book: { view: book, receivedAt: 0 },
  quote: { ...quote, state: 'live' },
  size: '0.01',
  now: 100,
};

describe('a click in the ladder', () => {
  test('may be an order when every fact allows it', () => {
    expect(clickBlocker(free)).toBeNull();
    expect(clickBlocker({ ...free, risk: { ...risk, state: 'REDUCING' } })).toBeNull();
  });

  test.each<[string, Partial<ArmingFacts>]>([
    ['no connection', { connected: false }],
    ['frozen', { frozen: true }],
    ['not known', { risk: null }],
    ['halted', { risk: { ...risk, state: 'HALTED' } }],
    ['disarmed', { account: { ...account, kind: 'live', armed: false } }],
    ['no order book', { book: null }],
    ['no order book', { book: { view: { ...book, bids: [], asks: [] }, receivedAt: 0 } }],
    ['no quote', { quote: undefined }],
    ['closed', { quote: { ...quote, state: 'closed' } }],
    ['stale', { quote: { ...quote, state: 'stale' } }],
    ['stale', { quote: { ...quote, state: 'disconnected' } }],
    ['stale', { book: { view: { ...book, state: 'stale' }, receivedAt: 0 } }],
    ['no size', { size: null }],
  ])('is none with %s', (words, change) => {
    expect(clickBlocker({ ...free, ...change })).toContain(words);
  });

  test('the age of stale depth goes on growing in the window', () => {
    const stale = { ...free, book: { view: { ...book, state: 'stale' as const, ageMs: 4_000 }, receivedAt: 1_000 } };
    expect(depthDoubt({ ...stale, now: 9_500 })).toBe('DEPTH STALE 12 s');
    expect(depthDoubt({ ...stale, connected: false })).toBe('NOT CONNECTED');
  });
});

describe('the size of a click', () => {
  const share = { ...instrumentView('INFY.NSE'), step: '1', minQuantity: '1', maxQuantity: '500' };
  test.each([
    ['10', { size: '10' }],
    ['', 'Enter'],
    ['ten', 'not a number'],
    ['-5', 'above zero'],
    ['0', 'above zero'],
    ['0.5', 'smallest'],
    ['501', 'largest'],
    ['1.5', 'steps'],
  ])('"%s"', (typed, expected) => {
    const read = readSize(typed, share);
    if (typeof expected === 'string') expect('problem' in read ? read.problem : '').toContain(expected);
    else expect(read).toEqual(expected);
  });
});
