// Writes docs/algorithms-on-recorded-btc.md from the recorded full-depth BTCUSDT feed of the shared data:
//   node test/reports/algorithms-on-recorded-btc.ts
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { sharedFile } from '../bench/shared-file.ts';
import { formatUnits } from '../../src/domain/units.ts';
import { filledOf } from '../../src/execution/algorithms/parent-state.ts';
import {
  curveOf,
  FEEDS,
  HISTORY,
  HORIZON_MS,
  type ParentName,
  recordedParents,
  START_AT,
} from '../execution/algorithms/recorded-parents.ts';
import {
  readRecording,
  RecordedRun,
  RECORDED_MODEL,
  type RecordedOutcome,
} from '../execution/algorithms/recorded-run.ts';

const paths = [...FEEDS, HISTORY].map((path) => sharedFile(path));
const missing = [...FEEDS, HISTORY].filter((_, index) => paths[index] === null);
if (missing.length > 0) {
  process.stderr.write(`The shared data lacks ${missing.join(', ')}; set TRADEWRIGHT_DATA to its folder.\n`);
  process.exit(1);
}
const recording = await readRecording(FEEDS.map((path) => sharedFile(path) ?? ''));
const parents = recordedParents(await curveOf(sharedFile(HISTORY) ?? ''));
const names: readonly ParentName[] = ['TWAP, market slices', 'TWAP, limit slices', 'VWAP', 'Iceberg', 'POV 10 %'];
const outcomes = names.map((name) => [name, new RecordedRun(recording).run(START_AT, parents[name])] as const);

const bps = (figure: number | null): string => (figure === null ? '-' : figure.toFixed(2));
const percent = (share: number | null): string => (share === null ? '-' : `${(share * 100).toFixed(1)} %`);
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const digits = recording.instrument.quantityDigits;
const seconds = (ms: number | null): string => (ms === null ? '-' : (ms / 1_000).toFixed(1));

function costRow(name: string, { cost, parent }: RecordedOutcome): string {
  return row([
    name,
    `${formatUnits(filledOf(parent), digits)} (${parent.status})`,
    cost.averagePrice?.toFixed(2) ?? '-',
    bps(cost.bps.delay),
    bps(cost.bps.trading),
    bps(cost.bps.opportunity),
    bps(cost.bps.fees),
    bps(cost.bps.total),
    bps(cost.vsVwapBps),
    bps(cost.vsTwapBps),
  ]);
}

function workRow(name: string, outcome: RecordedOutcome): string {
  return row([
    name,
    String(outcome.children),
    seconds((outcome.parent.endedAt ?? START_AT) - outcome.parent.startedAt),
    percent(outcome.makerShare),
    percent(outcome.cost.participation),
    bps(outcome.cost.effectiveSpreadBps),
    seconds(outcome.longestLagMs),
    outcome.largestLag === null ? '-' : formatUnits(outcome.largestLag, digits),
    percent(outcome.largestShareOfNear),
    String(outcome.beyondBook),
  ]);
}

const first = outcomes[0]?.[1];
const mid = first?.parent.decisionMid ?? 0;
const text = `# 20 BTC bought by each algorithm through a recorded full-depth feed

Made by \`node test/reports/algorithms-on-recorded-btc.ts\` from the shared data; test/execution/algorithms/recorded-btc.test.ts
asserts what must hold. Each parent has the market to itself: the recording does not react to it, so its own impact beyond
the displayed liquidity it takes is not in the figures.

- Data: Binance spot BTCUSDT, ${new Date(recording.events[0]?.at ?? 0).toISOString()} to ${new Date(recording.events.at(-1)?.at ?? 0).toISOString()}, ${recording.events.length} events (depth, best prices, trades).
- Parents begin at ${new Date(START_AT).toISOString()} at a mid of ${(mid / 10 ** recording.instrument.priceDigits).toFixed(3)}; horizon ${HORIZON_MS / 1_000} s, slices of ${10} s, no child beyond the displayed book.
- Venue: L2, queue position, liquidity taken is gone until shown anew, ${RECORDED_MODEL.latencyMs} ms latency + 0-${RECORDED_MODEL.jitterMs} ms, fees ${RECORDED_MODEL.fees.maker} / ${RECORDED_MODEL.fees.taker}.
- VWAP curve: volume of the same minutes of the day in the minute bars of 2023, so nothing is looked ahead at.
- Iceberg: limit at the bid of the start, 0.5 BTC shown, varied by 20 %.

## Implementation shortfall in bp of 20 BTC at the decision mid (positive = cost)

| algorithm | filled | average | delay | trading | opportunity | fees | total | vs VWAP | vs TWAP |
|---|---|---|---|---|---|---|---|---|---|
${outcomes.map(([name, outcome]) => costRow(name, outcome)).join('\n')}

delay + trading + opportunity + fees = total to the last digit. The price fell during these minutes, hence the negative
trading cost of those that waited; against the VWAP and TWAP of the same time the algorithms are comparable.

## Work and schedule

| algorithm | children | time s | maker | participation | effective spread bp | longest lag s | most behind plan BTC | largest child / depth within 10 bp | children beyond the book |
|---|---|---|---|---|---|---|---|---|---|
${outcomes.map(([name, outcome]) => workRow(name, outcome)).join('\n')}

Lag: from a slice being due to its quantity being filled. Limit slices wait by design until their slice runs out of time.
The market fell through the limit of the iceberg soon after its start, so its later parts found offers at once: its share of
the little that traded in that time is no rate that anybody would ask for.
`;
writeFileSync(resolve(import.meta.dirname, '../../docs/algorithms-on-recorded-btc.md'), text);
process.stdout.write(text);
