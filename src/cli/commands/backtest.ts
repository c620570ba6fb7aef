import { writeFileSync } from 'node:fs';
import { runBacktest } from '../../engine/backtest.ts';
import type { Command } from '../command.ts';
import { backtestHelp, readBacktestRequest } from '../backtest-options.ts';
import { openData } from '../data-files.ts';
import { backtestDocument, backtestTable, equityCsv, tradesCsv } from '../backtest-report.ts';

export const command: Command = {
  name: 'backtest',
  summary: 'backtest a strategy on recorded data, on the same engine as paper and live',
  help: backtestHelp,
  async run(args, io) {
    const request = readBacktestRequest(args);
    if (request === null) {
      io.out(`${backtestHelp}\n`);
      return 0;
    }
    const feed = await openData(request.data, request.strict);
    const progress = io.isErrTty ? (events: number): void => io.err(`\r${events} events`) : undefined;
    const outcome = await runBacktest(feed, request.options, progress);
    if (progress !== undefined) io.err('\r');
    if (request.tradesFile !== null) writeFileSync(request.tradesFile, tradesCsv(outcome));
    if (request.equityFile !== null) writeFileSync(request.equityFile, equityCsv(outcome));
    io.out(
      request.json ? `${JSON.stringify(backtestDocument(request, feed, outcome))}\n` : backtestTable(request, outcome),
    );
    return 0;
  },
};
