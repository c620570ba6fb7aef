import { describe, expect, it } from 'vitest';
import { Decimal } from '../../src/domain/decimal.ts';
import { readScenarios, scenarioProfit, STANDARD_SCENARIOS } from '../../src/risk/scenarios.ts';

const POSITIONS = [
  { instrument: 'BTCUSDT.SIM', base: 'BTC', value: new Decimal('10000.10') },
  { instrument: 'ETHUSDT.SIM', base: 'ETH', value: new Decimal('-4000') },
];

describe('scenarios', () => {
  it.each([
    ['All -1 %', '-60.001'],
    ['All -3 %', '-180.003'],
    ['All -5 %', '-300.005'],
    ['BTC -10 %', '-1000.01'],
  ])('%s: %s', (name, profit) => {
    const scenario = STANDARD_SCENARIOS.find((one) => one.name === name);
    expect(scenario === undefined ? '' : scenarioProfit(scenario, POSITIONS).toFixed()).toBe(profit);
  });

  it('one of the user: the instrument wins over its asset, its asset over all', () => {
    const read = readScenarios([{ name: 'x', all: '-0.5', moves: { ETH: '0.1', 'BTCUSDT.SIM': '0.01', BTC: '-1' } }]);
    expect(read.ok && read.value[0] !== undefined ? scenarioProfit(read.value[0], POSITIONS).toFixed() : '').toBe(
      '-299.999',
    );
  });

  it.each([
    [null],
    [[{ name: '' }]],
    [[{ name: 'x' }]],
    [[{ name: 'x', all: -0.1 }]],
    [[{ name: 'x', all: '-1.5' }]],
    [[{ name: 'x', all: 'half' }]],
    [[{ name: 'x', moves: { BTC: 'down' } }]],
    [
      [
        { name: 'x', all: '0.1' },
        { name: 'x', all: '0.2' },
      ],
    ],
  ])('%j is refused', (input) => {
    expect(readScenarios(input)).toMatchObject({ ok: false, error: { code: 'SCENARIO_INVALID' } });
  });
});
