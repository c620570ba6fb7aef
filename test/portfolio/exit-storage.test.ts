import { expect, it } from 'vitest';
import { NO_EXITS } from '../../src/portfolio/exit-levels.ts';
import { exitPlan } from '../../src/portfolio/exit-plan.ts';
import { exitsText, readExits } from '../../src/portfolio/exit-storage.ts';

const plan = {
  ...exitPlan(
    { accountId: 'a', accountKind: 'paper', instrument: 'BTC.SIM', strategyId: 's' },
    { ...NO_EXITS, stopLoss: { kind: 'price', price: 900 }, trailing: { kind: 'fraction', fraction: '0.1' } },
  ),
  own: 5,
  entry: 1_000.5,
  best: 1_100,
};
const text = exitsText({ plans: [plan], nets: { 'a BTC.SIM': 5 } }, true);

it('comes back as it was', () => {
  expect(readExits(text)).toEqual({ ok: true, value: { plans: [plan], nets: { 'a BTC.SIM': 5 } } });
});

it.each([
  ['half of it', text.slice(0, 80)],
  ['another version', text.replace('"version":1', '"version":9')],
  ['a quantity that is none', text.replace('"own":5', '"own":5.5')],
  ['a stop below zero', text.replace('"price":900', '"price":-900')],
  ['a distance of the whole price', text.replace('"fraction":"0.1"', '"fraction":"1"')],
  ['no strategy', text.replace('"strategyId":"s"', '"strategyId":null')],
])('%s is refused', (_, damaged) => {
  expect(readExits(damaged)).toMatchObject({ ok: false, error: { code: 'EXITS_DAMAGED' } });
});
