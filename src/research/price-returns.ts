/** Simple returns between neighbouring prices, with the label of the later one. Gaps (NaN) are bridged. */
export function priceReturns(
  prices: Float64Array,
  labels: readonly string[],
): { returns: Float64Array; labels: readonly string[] } {
  const returns: number[] = [];
  const ends: string[] = [];
  let last = Number.NaN;
  prices.forEach((price, index) => {
    if (Number.isNaN(price)) return;
    if (!Number.isNaN(last)) {
      returns.push(price / last - 1);
      ends.push(labels[index] ?? '');
    }
    last = price;
  });
  return { returns: Float64Array.from(returns), labels: ends };
}

/**
 * Returns of two price series between the periods in which both have a price. Taking each one's own returns first
 * would compare returns over different spans wherever one of them has a gap.
 */
export function commonPriceReturns(
  left: { readonly prices: Float64Array; readonly labels: readonly string[] },
  right: { readonly prices: Float64Array; readonly labels: readonly string[] },
): { returns: Float64Array; benchmark: Float64Array } {
  const byLabel = new Map(right.labels.map((label, index) => [label, right.prices[index] ?? Number.NaN]));
  const pairs: [number, number][] = [];
  left.labels.forEach((label, index) => {
    const own = left.prices[index] ?? Number.NaN;
    const other = byLabel.get(label) ?? Number.NaN;
    if (!Number.isNaN(own) && !Number.isNaN(other)) pairs.push([own, other]);
  });
  const column = (which: 0 | 1): Float64Array =>
    Float64Array.from(pairs.slice(1), (pair, index) => pair[which] / (pairs[index]?.[which] ?? Number.NaN) - 1);
  return { returns: column(0), benchmark: column(1) };
}
