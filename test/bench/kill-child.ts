// The served engine over a market of many symbols at a fixed rate of quotes, for the bench of the kill switch. Answers its
// parent's requests to rest orders and to lift a halt, and says when a latch was on disk and a first cancel was sent.
import { simulatedMarket } from '../../src/engine/workstation/markets.ts';
import type { MarketEvent, Quote } from '../../src/domain/market-data.ts';
import type { Feed } from '../../src/market/feed.ts';
import { KillLatch } from '../../src/risk/kill-latch.ts';

const [dataDir = '', symbols = '1000', rate = '5000'] = process.argv.slice(2);
const BATCH_MS = 10;
/** One clock for both processes. */
const stamp = (): number => Number(process.hrtime.bigint()) / 1e6;
const say = (message: Readonly<Record<string, unknown>>): void => void process.send?.(message);

// oxlint-disable-next-line typescript/unbound-method -- called with the latch as `this` below
const halt = KillLatch.prototype.halt;
KillLatch.prototype.halt = function (actor, reason, at) {
  const written = halt.call(this, actor, reason, at);
  say({ latched: stamp() });
  return written;
};

const market = simulatedMarket('crypto', { seed: 7, count: Number(symbols) });
const { instruments } = market;
let sent = 0;
let keys = 0;

function quote(index: number, now: number): Quote {
  const instrument = instruments[index % instruments.length];
  if (instrument === undefined) throw new Error('no instrument');
  const start = market.startPrice(instrument.id);
  const bid = start + ((index * 7919) % 5) * instrument.tick;
  return {
    kind: 'quote',
    instrument: instrument.id,
    ts: now,
    at: now,
    bid,
    bidQuantity: 100 * 10 ** instrument.quantityDigits,
    ask: bid + instrument.tick,
    askQuantity: 100 * 10 ** instrument.quantityDigits,
  };
}

/** As many quotes as are due by now, so that a late timer costs no rate. */
async function* batches(signal?: AbortSignal): AsyncIterable<readonly MarketEvent[]> {
  const began = performance.now();
  while (signal?.aborted !== true) {
    await new Promise((done) => setTimeout(done, BATCH_MS));
    const due = Math.floor(((performance.now() - began) / 1_000) * Number(rate));
    const now = Date.now();
    const batch: MarketEvent[] = [];
    for (; sent < due; sent += 1) batch.push(quote(sent, now));
    yield batch;
  }
}

const open = (): Feed => ({
  id: 'bench',
  instruments,
  batches,
  report: () => ({ source: 'bench', read: sent, kept: sent, dropped: {}, problems: [] }),
});

const { serve } = await import('../../src/cli/commands/serve.ts');
const { createWorkstation } = await import('../../src/engine/create-workstation.ts');
const stop = new AbortController();
const began = performance.now();
await serve(
  { port: 0, open: false, dataDir, tokenFile: undefined, json: true },
  {
    out: (line) => say({ ready: (JSON.parse(line) as { url: string }).url }),
    err: (text) => process.stderr.write(text),
    isErrTty: false,
    stdin: () => Promise.resolve(''),
  },
  stop.signal,
  async (folder) => {
    const workstation = await createWorkstation({ dataDir: folder, markets: [{ ...market, open }] });
    let cancels = 0;
    workstation.orders.log.subscribe(({ status }) => {
      if (status !== 'PENDING_CANCEL') return;
      cancels += 1;
      if (cancels === 1) say({ cancelled: stamp() });
    });
    process.on('message', (request: { rest?: number; resume?: true; end?: true; rate?: true }) => {
      if (request.rest !== undefined) {
        cancels = 0;
        void rest(workstation, request.rest).then(
          () => say({ resting: true }),
          (error: unknown) => say({ failed: String(error) }),
        );
      }
      if (request.resume === true) {
        const resumed = workstation.risk.resume('the bench goes on');
        say(resumed.ok ? { resumed: true } : { failed: resumed.error.sentence });
      }
      if (request.rate === true) say({ rate: sent / ((performance.now() - began) / 1_000) });
      if (request.end === true) stop.abort();
    });
    return workstation;
  },
);
process.disconnect();

/** Buy orders far below the market, acknowledged by it. */
async function rest(workstation: Awaited<ReturnType<typeof createWorkstation>>, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    keys += 1;
    // Each time another one: many equal orders look like a runaway.
    const instrument = instruments[keys % instruments.length];
    const bid = Number(workstation.market.quotes.read(instrument?.id ?? '')?.bid ?? Number.NaN);
    const shown = workstation.market.instruments().find(({ id }) => id === instrument?.id);
    const tick = Number(shown?.tick);
    const price = (Math.floor((bid * 0.95) / tick) * tick).toFixed(shown?.priceDigits ?? 2);
    const quantity = (Math.ceil(50 / bid / Number(shown?.step)) * Number(shown?.step)).toFixed(
      shown?.quantityDigits ?? 2,
    );
    const placed = await workstation.orders.place({
      account: 'paper-usdt',
      instrument: instrument?.id ?? '',
      side: 'buy',
      type: 'limit',
      quantity,
      price,
      trigger: null,
      timeInForce: 'GTC',
      expireAt: null,
      postOnly: false,
      reduceOnly: false,
      stopLoss: null,
      takeProfit: null,
      trailing: null,
      note: null,
      idempotencyKey: `bench-kill-${keys}`,
      acknowledged: ['PRICE_COLLAR', 'DUPLICATE_ORDER', 'STALE_PRICE'],
    });
    if (!placed.ok) throw new Error(placed.error.sentence);
  }
  const working = (): number => workstation.orders.log.recent().filter(({ status }) => status === 'ACCEPTED').length;
  while (working() < count) await new Promise((done) => setTimeout(done, 20));
}
