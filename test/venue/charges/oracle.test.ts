import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Decimal } from '../../../src/domain/decimal.ts';
import type { Side } from '../../../src/domain/order.ts';
import { brokeragePlan, DEFAULT_PLAN } from '../../../src/venue/charges/brokerage-plan.ts';
import type { Product, Segment } from '../../../src/venue/charges/charge-terms.ts';
import { contractNote, type ContractNote } from '../../../src/venue/charges/contract-note.ts';
import { STAMP_RATES, STT_RATES, TRANSACTION_RATES } from '../../../src/venue/charges/schedule.ts';
import { describeWithData, sharedData } from '../../support/shared-data.ts';

const EXAMPLES = 'oracles/nse_charges_examples.json';
const FACTS = 'nse/nse_charges.json';

function load<T>(path: string): T {
  return JSON.parse(readFileSync(sharedData(path) ?? '', 'utf8')) as T;
}

interface Example {
  id: string;
  inputs: { segment: Product; date?: string; buy: number; sell: number; qty: number; plan?: string };
  expected: Record<string, number>;
}

describeWithData('charges: worked examples', [EXAMPLES], () => {
  const { cases } = load<{ cases: Example[] }>(EXAMPLES);
  it.each(cases.map((one) => [one.id, one] as const))('%s', (_, { inputs, expected }) => {
    const plan = inputs.plan === undefined ? DEFAULT_PLAN : brokeragePlan(inputs.plan);
    if ('ok' in plan && !plan.ok) throw new Error(plan.error.sentence);
    const leg = (side: Side, price: number): ContractNote => {
      const trade = {
        symbol: 'X',
        side,
        quantity: new Decimal(inputs.qty),
        price: new Decimal(price),
        product: inputs.segment,
        exchange: 'NSE' as const,
        order: null,
      };
      const made = contractNote([trade], {
        date: inputs.date ?? '2025-06-02',
        plan: 'ok' in plan ? plan.value : plan,
        billIpft: false,
        billDepository: false,
      });
      if (!made.ok) throw new Error(made.error.sentence);
      return made.value;
    };
    // Two orders, and so two notes: the examples know no average price.
    const buy = leg('buy', inputs.buy);
    const sell = leg('sell', inputs.sell);
    for (const kind of ['turnover', 'brokerage', 'stt', 'transaction', 'sebi', 'gst', 'stamp', 'total'] as const) {
      const wanted = expected[kind];
      if (wanted === undefined) continue;
      const tolerance = kind === 'stt' ? 0 : kind === 'total' ? 0.05 : 0.02;
      expect(Math.abs(buy[kind].plus(sell[kind]).minus(wanted).toNumber()), kind).toBeLessThanOrEqual(tolerance);
    }
  });
});

interface Row {
  segment: string;
  from: string;
  to?: string;
  rate: number;
}

describeWithData('charges: every published rate is in the schedule', [FACTS], () => {
  const facts = load<{
    stt: Row[];
    nse_transaction_charges: Row[];
    stamp_duty_buy_side: Record<string, number | string>[];
  }>(FACTS);
  const days = (from: string): string => (/^\d{4}-/.test(from) ? from : '2020-01-01');

  it.each(facts.stt.map((row) => [row.segment, days(row.from), row] as const))(
    'STT of %s from %s',
    (segment, from, row) => {
      const product = (segment === 'options exercised' ? 'exercise' : segment) as Product;
      const found = STT_RATES[product].find((rate) => rate.from === from);
      expect([found?.to ?? undefined, Number(found?.rate)]).toEqual([row.to, row.rate]);
    },
  );

  it.each(facts.nse_transaction_charges.map((row) => [row.segment, row.from, row] as const))(
    'exchange charge of %s from %s',
    (segment, from, row) => {
      const found = TRANSACTION_RATES.NSE[segment.replace(' premium', '') as Segment].find(
        (rate) => rate.from === from,
      );
      expect([found?.to ?? undefined, Number(found?.rate)]).toEqual([row.to, row.rate]);
    },
  );

  it('stamp duty', () => {
    const row = facts.stamp_duty_buy_side[0] ?? {};
    for (const [product, rates] of Object.entries(STAMP_RATES)) expect(Number(rates[0]?.rate)).toBe(row[product]);
  });
});
