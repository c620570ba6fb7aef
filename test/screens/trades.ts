import { apiOf, placeOrder } from '../e2e/support/api.ts';

interface Instrument {
  readonly id: string;
  readonly quote: string;
  readonly step: string;
  readonly tick: string;
  readonly priceDigits: number;
}

const ACCOUNT = 'paper-usdt';

function digitsOf(step: string): number {
  return step.split('.')[1]?.length ?? 0;
}

/** Round trips in four symbols, worked through the engine like any order, so that reports have something to say. */
export async function makeTrades(url: string, rounds: number, pauseMs: number): Promise<void> {
  const api = apiOf(url);
  const pause = () => new Promise((resolve) => setTimeout(resolve, pauseMs));
  const all = (await api.get('/market/instruments')) as Instrument[];
  const traded = all.filter(({ quote }) => quote === 'USDT').slice(0, 4);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { id, step, tick, priceDigits }] of traded.entries()) {
      const path = `/market/history?instrument=${encodeURIComponent(id)}&timeframe=1m&limit=1`;
      const { bars } = (await api.get(path)) as { bars: { close: string }[] };
      const price = Number(bars.at(-1)?.close ?? 0);
      if (price === 0) continue;
      const onTick = (value: number) => (Math.round(value / Number(tick)) * Number(tick)).toFixed(priceDigits);
      const steps = Math.max(1, Math.round((1_500 + 400 * index) / price / Number(step)));
      await placeOrder(api, {
        account: ACCOUNT,
        instrument: id,
        side: 'buy',
        quantity: (steps * Number(step)).toFixed(digitsOf(step)),
        // The last one goes without a stop: that is to be seen, too.
        ...(index === 3 ? {} : { stopLoss: onTick(price * 0.997), takeProfit: onTick(price * 1.006) }),
      });
    }
    await pause();
    if (round === rounds - 1) continue;
    for (const { id } of traded) {
      const close = { account: ACCOUNT, instrument: id, fraction: 1, idempotencyKey: `screens-${round}-${id}` };
      // A stop or target may have been faster.
      await api.post('/positions/close', close).catch(() => ({}));
    }
    await pause();
  }
}
