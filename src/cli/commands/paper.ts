import { homedir } from 'node:os';
import type { Command } from '../command.ts';
import { defaultDataDir } from '../data-dir.ts';
import { paperHelp, readPaperRequest } from '../paper-options.ts';
import { paperTable } from '../paper-report.ts';
import { runRecordedSession } from '../../engine/recorded-session.ts';
import { sessionReport } from '../../engine/session-report.ts';

export const command: Command = {
  name: 'paper',
  summary: 'run one paper session over recorded or simulated markets, print its report',
  help: paperHelp,
  async run(args, io) {
    const request = await readPaperRequest(args);
    if (request === null) {
      io.out(`${paperHelp}\n`);
      return 0;
    }
    const stop = new AbortController();
    const onSignal = (): void => stop.abort();
    process.once('SIGINT', onSignal);
    process.once('SIGTERM', onSignal);
    try {
      const dataDir = request.dataDir ?? defaultDataDir(process.env, process.platform, homedir());
      const progress = io.isErrTty
        ? (events: number, at: number): void => io.err(`\r${new Date(at).toISOString()}  ${events} events`)
        : undefined;
      const { outcome } = await runRecordedSession({
        dataDir,
        start: request.start,
        speed: request.speed,
        signal: stop.signal,
        ...(progress === undefined ? {} : { onProgress: progress }),
      });
      if (progress !== undefined) io.err('\r');
      const report = sessionReport(outcome);
      io.out(request.json ? `${JSON.stringify(report)}\n` : paperTable(report, outcome));
      if (outcome.failure === null) return 0;
      io.err(`${outcome.failure}\n`);
      return 1;
    } finally {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    }
  },
};
