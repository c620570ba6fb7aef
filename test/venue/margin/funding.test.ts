import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../src/domain/decimal.ts';
import { FUNDING_INTERVAL_MS, fundingPayment, nextFunding } from '../../../src/venue/margin/funding.ts';
import { ETH } from '../harness.ts';

describe('funding', () => {
  it.each([
    [2_000, '0.0001', '-0.3'],
    [-2_000, '0.0001', '0.3'],
    [2_000, '-0.0003', '0.9'],
    [0, '0.01', '0'],
  ])('%d units at 1500.00 and a rate of %s receive %s', (quantity, rate, paid) => {
    expect(fundingPayment(ETH, quantity, 150_000, new Decimal(rate)).toNumber() + 0).toBe(Number(paid));
  });

  it('comes every eight hours of UTC, after the instant asked about', () => {
    const at = (text: string): number => Date.parse(`${text}Z`);
    expect(nextFunding(at('2025-03-01T07:59:59'), FUNDING_INTERVAL_MS)).toBe(at('2025-03-01T08:00:00'));
    expect(nextFunding(at('2025-03-01T08:00:00'), FUNDING_INTERVAL_MS)).toBe(at('2025-03-01T16:00:00'));
    expect(nextFunding(at('2025-03-01T23:00:00'), FUNDING_INTERVAL_MS)).toBe(at('2025-03-02T00:00:00'));
  });
});
