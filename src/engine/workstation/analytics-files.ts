import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../domain/refusal.ts';
import type { EpochMs } from '../../domain/units.ts';
import { ANALYTICS_FILE, type AnalyticsStore, openAnalyticsStore } from '../../journal/analytics-store.ts';
import { JournalFailure } from '../../journal/journal.ts';
import type { SqliteJournal } from '../../journal/sqlite-journal.ts';
import type { AlertLog } from './alert-log.ts';
import { TradeBook } from './trade-book.ts';

export interface AnalyticsFiles {
  readonly store: AnalyticsStore;
  readonly trades: TradeBook;
}

/**
 * Opens the derived figures. A damaged file is put aside and worked out anew from the journal; one that cannot be opened at
 * all costs the reports, never the trading: null.
 */
export function openAnalytics(
  dataDir: string,
  journal: SqliteJournal,
  alerts: AlertLog,
  now: EpochMs,
): AnalyticsFiles | null {
  const raise = (code: string, sentence: string): void => {
    alerts.raise({ at: now, severity: 'warning', code, sentence });
  };
  try {
    const store = open(dataDir, now, raise);
    // A journal put back from a backup numbers its next fills with numbers that were worked in before.
    const progress = store.progress();
    if (progress !== null && progress.executionSeq > journal.read.lastFillSeq()) {
      store.clear();
      raise('ANALYTICS_REBUILT', 'The performance figures were ahead of the journal and are worked out from it anew.');
    }
    return { store, trades: new TradeBook(store, journal.read) };
  } catch (error) {
    raise('ANALYTICS_UNAVAILABLE', `Performance figures are not kept: ${messageOf(error)}`);
    return null;
  }
}

function open(dataDir: string, now: EpochMs, raise: (code: string, sentence: string) => void): AnalyticsStore {
  try {
    return openAnalyticsStore(dataDir);
  } catch (error) {
    if (!(error instanceof JournalFailure) || error.code !== 'CORRUPT') throw error;
    const file = join(dataDir, ANALYTICS_FILE);
    const aside = `${file}.damaged-${Math.trunc(now)}`;
    renameSync(file, aside);
    raise(
      'ANALYTICS_REBUILT',
      `The performance figures were damaged and are worked out anew; the old file is ${aside}.`,
    );
    return openAnalyticsStore(dataDir);
  }
}
