import type { GridApi } from 'ag-grid-community';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Empty, Failed, Loading } from '../controls/states.tsx';
import { useDesk } from '../desk/desk.ts';
import { isDoubtful, type QuoteRow } from '../desk/quote-row.ts';
import { chooseInstrument, useWindow } from '../desk/window-state.ts';
import { DataGrid } from '../grid/data-grid.tsx';
import type { RowChange } from '../market/row-store.ts';
import { useRowShape } from '../market/use-rows.ts';
import { watchlistColumns } from './columns.ts';

/** No cell flashes more than three times a second (WCAG 2.3.1). */
const FLASH_GAP_MS = 350;
const AGE_EVERY_MS = 1_000;
/** Rows re-rank this often when sorted by a figure that ticks; a sort on every tick costs the frame rate. */
const RANK_EVERY_MS = 2_000;

const rowClasses = {
  doubtful: ({ data }: { data: QuoteRow | undefined }) => data !== undefined && isDoubtful(data),
  'stale-hatch': ({ data }: { data: QuoteRow | undefined }) => data !== undefined && isDoubtful(data),
};

function useFlash() {
  const flashedAt = useRef(new Map<string, number>());
  return useCallback((api: GridApi<QuoteRow>, { updated }: RowChange<QuoteRow>) => {
    if (document.hidden || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const now = performance.now();
    const first = api.getFirstDisplayedRowIndex();
    const last = api.getLastDisplayedRowIndex();
    for (const row of updated) {
      const node = api.getRowNode(row.instrument);
      const index = node?.rowIndex ?? -1;
      if (node === undefined || index < first || index > last || row.direction === 0) continue;
      if (now - (flashedAt.current.get(row.instrument) ?? 0) < FLASH_GAP_MS) continue;
      flashedAt.current.set(row.instrument, now);
      api.flashCells({ rowNodes: [node], columns: ['last'] });
    }
  }, []);
}

export function WatchlistPanel() {
  const desk = useDesk();
  const shape = useRowShape(desk.quotes);
  const instruments = useWindow((state) => state.instruments);
  const chosen = useWindow((state) => state.instrument);
  const trouble = useWindow((state) => state.troubles['quotes']);
  const [filter, setFilter] = useState('');
  const [api, setApi] = useState<GridApi<QuoteRow> | null>(null);
  const columns = useMemo(() => watchlistColumns((id) => instruments.get(id)), [instruments]);
  const flash = useFlash();

  useEffect(() => {
    if (api === null) return undefined;
    const ages = setInterval(() => {
      if (!useWindow.getState().frozen) api.refreshCells({ columns: ['age'] });
    }, AGE_EVERY_MS);
    const ranks = setInterval(() => {
      const sorted = api.getColumnState().some((column) => column.sort && column.colId !== 'symbol');
      if (sorted && !useWindow.getState().frozen) api.refreshClientSideRowModel('sort');
    }, RANK_EVERY_MS);
    return () => {
      clearInterval(ages);
      clearInterval(ranks);
    };
  }, [api]);

  useEffect(() => {
    if (api === null || chosen === null) return;
    api.getRowNode(chosen)?.setSelected(true, true, 'api');
  }, [api, chosen, shape]);

  const choose = (row: QuoteRow) => chooseInstrument(row.instrument);
  return (
    <div className="flex h-full flex-col">
      <div className="shrink-0 border-b border-line p-1">
        <input
          id="watchlist-filter"
          type="search"
          aria-label="Filter symbols"
          placeholder="Filter symbols  /"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || api === null) return;
            const first = api.getDisplayedRowAtIndex(0)?.data;
            if (first !== undefined) choose(first);
          }}
          className="h-6 w-full rounded-sm border border-line-strong bg-canvas px-2 text-ink placeholder:text-ink-3"
        />
      </div>
      <div className="min-h-0 flex-1">
        {trouble !== undefined && shape !== 'rows' ? (
          <Failed what="Quotes cannot be read" stillSafe={trouble} />
        ) : shape === 'loading' ? (
          <Loading what="quotes" />
        ) : shape === 'empty' ? (
          <Empty title="No instruments" hint="The session has no market data feed. Start a session with a feed." />
        ) : (
          <DataGrid
            label="Watchlist"
            store={desk.quotes}
            rowId={(row) => row.instrument}
            columns={columns}
            filter={filter}
            rowClassRules={rowClasses}
            onApi={setApi}
            onApplied={flash}
            onChoose={choose}
            onOpen={(row) => {
              choose(row);
              document.getElementById('ticket-quantity')?.focus();
            }}
          />
        )}
      </div>
    </div>
  );
}
