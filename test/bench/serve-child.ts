// An engine with its host and many symbols, for measuring memory: prints its RSS in bytes after the given seconds.
// Starts as `tradewright` does: with Node's compile cache, which saves the memory of compiling.
import { enableCompileCache } from 'node:module';

enableCompileCache();
const [{ pino }, { startHost }, { createWorkstation }] = await Promise.all([
  import('pino'),
  import('../../src/api/http/host.ts'),
  import('../../src/engine/create-workstation.ts'),
]);

const [dataDir = '', symbols = '1000', seconds = '20'] = process.argv.slice(2);
const workstation = await createWorkstation({ dataDir, symbols: Number(symbols) });
const host = await startHost(workstation, { port: 0, windowFolder: dataDir, log: pino({ level: 'silent' }) });
let peak = 0;
for (let second = 0; second < Number(seconds); second += 1) {
  await new Promise((done) => setTimeout(done, 1_000));
  peak = Math.max(peak, process.memoryUsage().rss);
}
process.stdout.write(
  `${JSON.stringify({ rss: process.memoryUsage().rss, peak, instruments: workstation.market.instruments().length })}\n`,
);
await host.close();
await workstation.close();
