// `tradewright serve` with many symbols, started as its launcher does (Node's compile cache, a small young generation):
// prints its RSS in bytes after the given seconds.
import { enableCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';

enableCompileCache();
const [dataDir = '', symbols = '1000', seconds = '20'] = process.argv.slice(2);
const stop = new AbortController();
let peak = 0;
let instruments = 0;
let ready = (): void => {};
const serving = new Promise<void>((done) => (ready = done));
const { serve } = await import('../../src/cli/commands/serve.ts');
const running = serve(
  { port: 0, open: false, dataDir, tokenFile: undefined, json: true },
  { out: () => ready(), err: (text) => process.stderr.write(text), isErrTty: false, stdin: () => Promise.resolve('') },
  stop.signal,
  async (folder) => {
    setFlagsFromString('--semi-space-growth-factor=1');
    const { createWorkstation } = await import('../../src/engine/create-workstation.ts');
    const workstation = await createWorkstation({ dataDir: folder, symbols: Number(symbols) });
    instruments = workstation.market.instruments().length;
    return workstation;
  },
);
await serving;
for (let second = 0; second < Number(seconds); second += 1) {
  await new Promise((done) => setTimeout(done, 1_000));
  peak = Math.max(peak, process.memoryUsage().rss);
}
process.stdout.write(`${JSON.stringify({ rss: process.memoryUsage().rss, peak, instruments })}\n`);
stop.abort();
await running;
