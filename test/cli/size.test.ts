import { describe, expect, it } from 'vitest';
import { tradewright, tradewrightJson } from '../support/command-line.ts';

const words = (line: string): string[] => line.split(' ');

describe('size', () => {
  it.each([
    [
      '--method fixed-fraction --equity 100000 --risk 0.01 --entry 250 --stop 245 --lot 1',
      { quantity: '200', notional: '50000', riskAmount: '1000', fraction: 0.01 },
    ],
    [
      '--method volatility --equity 100000 --target 0.2 --volatility 0.4 --entry 500',
      { quantity: '100', notional: '50000', fraction: 0.5 },
    ],
    ['--method kelly --win-rate 0.5 --payoff 2', { quantity: null, notional: null, fraction: 0.25 }],
    [
      '--method kelly --mean 0.001 --variance 0.0004 --cap 0.25 --equity 100000 --entry 61826.01 --step 0.00001',
      { quantity: '0.40436', fraction: 0.25 },
    ],
    ['--method kelly --mean -0.001 --variance 0.0004 --equity 1000 --entry 10', { quantity: '0', fraction: 0 }],
  ])('%s', async (line, expected) => {
    const answer = await tradewrightJson('size', ...words(line));
    expect(answer).toMatchObject(expected);
    expect((answer['arithmetic'] as string[]).length).toBeGreaterThan(0);
  });

  it('tells the arithmetic in words', async () => {
    const { out } = await tradewright(
      'size',
      ...words('--method fixed-fraction --equity 1000 --risk 0.01 --entry 250 --stop 230'),
    );
    expect(out).toContain('1000 x 1 % = 10');
    expect(out).toContain('Less than one lot');
  });

  it.each([
    ['--method fixed-fraction --equity 1000 --risk 0.01 --entry 250 --stop 250', 1, 'stop away from the entry'],
    ['--method fixed-fraction --equity 1000 --risk 2 --entry 250 --stop 240', 1, 'fraction of equity'],
    ['--method fixed-fraction --equity 1000 --risk 0.01 --entry -250 --stop 240', 1, 'entry price must be above zero'],
    ['--method volatility --target 0.2 --volatility 0', 1, 'above zero'],
    ['--method kelly --win-rate 55 --payoff 2', 1, 'fraction from 0 to 1'],
    ['--method fixed-fraction --equity 1000 --risk 0.01 --entry 250', 2, '--stop'],
    ['--method kelly', 2, '--win-rate'],
    ['--method kelly --win-rate 0.5', 2, '--payoff'],
    ['--method martingale', 2, 'martingale'],
    ['--method kelly --win-rate half --payoff 2', 2, 'half'],
    ['--lots 3', 2, 'lots'],
  ])('%s is refused', async (line, status, sentence) => {
    const answer = await tradewright('size', ...words(line), '--json');
    expect(answer.status).toBe(status);
    expect(answer.out).toBe('');
    expect(answer.err).toContain(sentence);
  });
});
