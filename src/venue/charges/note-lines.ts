import { Decimal, ZERO } from '../../domain/decimal.ts';
import { ok, type Result } from '../../domain/refusal.ts';
import { brokerageOf, ruleText } from './brokerage-plan.ts';
import { rateOn, segmentOf, type ChargedTrade, type ChargeName, type DatedRate, type Product } from './charge-terms.ts';
import type { ChargeLine, NoteTerms } from './contract-note.ts';
import { toPaise, toRupees } from './rounding.ts';
import { GST_RATES, IPFT_RATES, SEBI_RATES, STAMP_RATES, STT_RATES, STT_SIDE, TRANSACTION_RATES } from './schedule.ts';
import { taxBases } from './transaction-tax.ts';

const STT_RULE: Readonly<Record<'both' | 'buy' | 'sell', string>> = {
  both: 'buys and sells',
  sell: 'sells only',
  buy: 'the buyer, on intrinsic value',
};

/** Builds the lines of a note and remembers what each trade contributed to each kind of charge. */
export class NoteLines {
  warnings: readonly string[] = [];
  readonly #trades: readonly ChargedTrade[];
  readonly #values: readonly Decimal[];
  readonly #terms: NoteTerms;
  readonly #lines: ChargeLine[] = [];
  readonly #weights = new Map<ChargeName, Decimal[]>();

  constructor(trades: readonly ChargedTrade[], terms: NoteTerms) {
    this.#trades = trades;
    this.#values = trades.map((trade) => trade.quantity.times(trade.price));
    this.#terms = terms;
  }

  /** Unrounded contribution of each trade, in their order. */
  weights(name: ChargeName): readonly Decimal[] {
    return this.#weights.get(name) ?? this.#trades.map(() => ZERO);
  }

  build(): Result<readonly ChargeLine[]> {
    this.#brokerage();
    const steps = [
      () => this.#tax(),
      () => this.#exchange(),
      () => this.#sebi(),
      () => this.#stamp(),
      () => this.#gst(),
    ];
    for (const step of steps) {
      const done = step();
      if (!done.ok) return done;
    }
    this.#depository();
    return ok(this.#lines);
  }

  #weigh(name: ChargeName, index: number, amount: Decimal): void {
    let list = this.#weights.get(name);
    if (list === undefined) {
      list = this.#trades.map(() => ZERO);
      this.#weights.set(name, list);
    }
    list[index] = (list[index] ?? ZERO).plus(amount);
  }

  /** A line of `rate` on the trades that `taken` picks. */
  #rated(
    name: ChargeName,
    of: Pick<ChargeLine, 'product' | 'exchange' | 'rule'>,
    dated: DatedRate,
    taken: readonly number[],
  ): void {
    let basis = ZERO;
    for (const index of taken) {
      const value = this.#values[index] ?? ZERO;
      basis = basis.plus(value);
      this.#weigh(name, index, value.times(dated.rate));
    }
    this.#lines.push({ name, ...of, basis, ...inForce(dated), amount: toPaise(basis.times(dated.rate)) });
  }

  /** Indices of the trades by a key, in order of first appearance; exercises are no trades. */
  #grouped<K>(keyOf: (trade: ChargedTrade) => K): ReadonlyMap<K, number[]> {
    const groups = new Map<K, number[]>();
    this.#trades.forEach((trade, index) => {
      if (trade.product === 'exercise') return;
      const key = keyOf(trade);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [index]);
      else group.push(index);
    });
    return groups;
  }

  #brokerage(): void {
    const { plan } = this.#terms;
    for (const [product, indices] of this.#grouped((trade) => trade.product)) {
      const rule = plan.rules[product];
      const orders = new Map<string, number[]>();
      for (const index of indices) {
        const id = this.#trades[index]?.order ?? null;
        const key = id === null ? `#${index}` : `=${id}`;
        const fills = orders.get(key);
        if (fills === undefined) orders.set(key, [index]);
        else fills.push(index);
      }
      let basis = ZERO;
      let amount = ZERO;
      for (const fills of orders.values()) {
        const value = fills.reduce((sum, index) => sum.plus(this.#values[index] ?? ZERO), ZERO);
        const charged = brokerageOf(rule, value);
        basis = basis.plus(value);
        amount = amount.plus(charged);
        for (const index of fills)
          this.#weigh('brokerage', index, charged.times(this.#values[index] ?? ZERO).div(value));
      }
      this.#lines.push({
        name: 'brokerage',
        product,
        exchange: null,
        basis,
        rate: rule.rate,
        amount,
        rule: `${ruleText(rule)}; ${orders.size} order${orders.size === 1 ? '' : 's'}`,
        effectiveFrom: null,
        source: `plan ${plan.name}`,
      });
    }
  }

  #tax(): Result<null> {
    const { bases, shares, warnings } = taxBases(this.#trades);
    this.warnings = warnings;
    const rates = new Map<Product, DatedRate>();
    let exact = ZERO;
    let shown = ZERO;
    let whole = ZERO;
    const first = this.#lines.length;
    for (const [product, basis] of bases) {
      const dated = rateOn(STT_RATES[product], this.#terms.date, `securities transaction tax on ${product}`);
      if (!dated.ok) return dated;
      rates.set(product, dated.value);
      const tax = basis.times(dated.value.rate);
      exact = exact.plus(tax);
      const amount = toPaise(tax);
      shown = shown.plus(amount);
      whole = whole.plus(basis);
      this.#lines.push({
        name: 'stt',
        product,
        exchange: null,
        basis,
        ...inForce(dated.value),
        amount,
        rule: `${STT_RULE[STT_SIDE[product]]}${product === 'delivery' || product === 'intraday' ? ', at the average price of the day' : ''}`,
      });
    }
    shares.forEach((parts, index) => {
      for (const part of parts) this.#weigh('stt', index, part.value.times(rates.get(part.product)?.rate ?? '0'));
    });
    const charged = toRupees(exact);
    const only = this.#lines[first];
    if (bases.size === 1 && only !== undefined) {
      this.#lines[first] = { ...only, amount: charged, rule: `${only.rule}; to the rupee, 50 paise up` };
    } else if (!charged.equals(shown)) {
      this.#lines.push({
        name: 'stt',
        product: null,
        exchange: null,
        basis: whole,
        rate: null,
        amount: charged.minus(shown),
        rule: `rounding of the note's tax of ${exact.toDecimalPlaces(4).toFixed()} to the rupee, 50 paise up`,
        effectiveFrom: null,
        source: null,
      });
    }
    return ok(null);
  }

  #exchange(): Result<null> {
    for (const [key, indices] of this.#grouped((trade) => `${trade.exchange} ${segmentOf(trade.product)}`)) {
      const trade = this.#trades[indices[0] ?? 0];
      if (trade === undefined) continue;
      const { exchange } = trade;
      const segment = segmentOf(trade.product);
      const what = segment === 'options' ? 'premium, each side' : 'traded value, each side';
      const dated = rateOn(TRANSACTION_RATES[exchange][segment], this.#terms.date, `${key} transaction charge`);
      if (!dated.ok) return dated;
      const product = segment === 'cash' ? null : segment;
      this.#rated('transaction', { product, exchange, rule: what }, dated.value, indices);
      if (!this.#terms.billIpft) continue;
      const fund = rateOn(IPFT_RATES[exchange][segment], this.#terms.date, `${key} investor protection charge`);
      // Outside its days it is part of the transaction charge, or there is none.
      if (fund.ok)
        this.#rated('ipft', { product, exchange, rule: `investor protection fund, ${what}` }, fund.value, indices);
    }
    return ok(null);
  }

  #sebi(): Result<null> {
    const all = [...this.#grouped(() => 'all').values()].flat();
    if (all.length === 0) return ok(null);
    const dated = rateOn(SEBI_RATES, this.#terms.date, 'SEBI turnover fee');
    if (!dated.ok) return dated;
    this.#rated('sebi', { product: null, exchange: null, rule: 'turnover, each side' }, dated.value, all);
    return ok(null);
  }

  #stamp(): Result<null> {
    for (const [product, indices] of this.#grouped((trade) => trade.product)) {
      if (product === 'exercise') continue;
      const dated = rateOn(STAMP_RATES[product], this.#terms.date, `stamp duty on ${product}`);
      if (!dated.ok) return dated;
      const buys = indices.filter((index) => this.#trades[index]?.side === 'buy');
      this.#rated('stamp', { product, exchange: null, rule: 'buys only' }, dated.value, buys);
    }
    return ok(null);
  }

  #gst(): Result<null> {
    const taxed: readonly ChargeName[] = ['brokerage', 'transaction', 'ipft', 'sebi'];
    const parts = this.#lines.filter((line) => taxed.includes(line.name));
    if (parts.length === 0) return ok(null);
    const dated = rateOn(GST_RATES, this.#terms.date, 'GST');
    if (!dated.ok) return dated;
    const basis = parts.reduce((sum, line) => sum.plus(line.amount), ZERO);
    for (const name of taxed)
      this.weights(name).forEach((weight, index) => this.#weigh('gst', index, weight.times(dated.value.rate)));
    const rule = `brokerage, transaction charge${this.#terms.billIpft ? ', investor protection' : ''} and SEBI fee`;
    this.#lines.push({
      name: 'gst',
      product: null,
      exchange: null,
      basis,
      ...inForce(dated.value),
      amount: toPaise(basis.times(dated.value.rate)),
      rule,
    });
    return ok(null);
  }

  #depository(): void {
    const { plan, billDepository } = this.#terms;
    if (!billDepository || plan.depository === null) return;
    const sold = new Set<string>();
    this.#trades.forEach((trade, index) => {
      if (trade.product !== 'delivery' || trade.side !== 'sell') return;
      sold.add(trade.symbol);
      this.#weigh('dp', index, this.#values[index] ?? ZERO);
    });
    if (sold.size === 0) return;
    this.#lines.push({
      name: 'dp',
      product: 'delivery',
      exchange: null,
      basis: new Decimal(sold.size),
      rate: null,
      amount: new Decimal(plan.depository).times(sold.size),
      rule: `${plan.depository} per security sold from the depository that day, GST included`,
      effectiveFrom: null,
      source: `plan ${plan.name}`,
    });
  }
}

function inForce(dated: DatedRate): Pick<ChargeLine, 'rate' | 'effectiveFrom' | 'source'> {
  return { rate: dated.rate, effectiveFrom: dated.from, source: dated.source };
}
