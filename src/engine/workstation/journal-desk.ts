import { existsSync, statSync } from 'node:fs';
import type { Workstation } from '../workstation.ts';
import type { Runtime } from './runtime.ts';

/** What the journal says of itself. */
export function journalRoom(runtime: Runtime): Workstation['journal'] {
  const { journal } = runtime;
  return {
    stats: () => {
      const { schema, journalBytes, walBytes, headHash: _hash, ...rows } = journal.stats();
      const problems: string[] = [];
      const { core, store } = runtime;
      if (core.orders.unwritten > 0) problems.push(`${core.orders.unwritten} batches of records wait to be written.`);
      const failure = core.monitor.causes.find((cause) => cause.code === 'JOURNAL_FAILURE');
      if (failure !== undefined) problems.push(failure.sentence);
      if (store !== null && store.failure !== null) problems.push(store.failure.message);
      const market = store === null ? null : store.counts();
      const marketBytes = store !== null && existsSync(store.file) ? statSync(store.file).size : 0;
      return {
        ok: problems.length === 0,
        problems,
        rows: market === null ? rows : { ...rows, quotes: market.quotes, trades: market.trades, bars: market.bars },
        bytes: journalBytes + walBytes + marketBytes,
        schemaVersion: schema,
      };
    },
    audit: (request) => {
      const before = request.cursor === undefined ? undefined : Number(request.cursor);
      const page = journal.read.auditPage({ limit: request.limit, ...(before === undefined ? {} : { before }) });
      return {
        items: page.rows.map(({ sequence, audit, hash }) => ({
          sequence,
          at: Math.max(0, Math.trunc(audit.at)),
          actor: audit.actor,
          action: audit.action,
          reason: audit.reason,
          detail: audit.detail,
          hash,
        })),
        next: page.next === null ? null : String(page.next),
      };
    },
    verify: () => {
      const report = journal.verify();
      return {
        ok: report.ok,
        entries: report.rows,
        problems: report.problems.map((sentence) => ({
          sequence: null,
          code: 'JOURNAL_DAMAGED',
          sentence: sentence.slice(0, 2000),
        })),
      };
    },
  };
}
