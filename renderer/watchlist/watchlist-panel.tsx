import type { GridApi } from 'ag-grid-community';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Choice } from '../controls/choice.tsx';
import { Empty, Failed, Loading } from '../controls/states.tsx';
import { useDesk } from '../desk/desk.ts';
import { displayName } from '../desk/instruments.ts';
import { usePanelParam } from '../desk/panel-context.ts';
import { isDoubtful, type QuoteRow } from '../desk/quote-row.ts';
import { useChoose, useInstrument, useWindow } from '../desk/window-state.ts';
import { DataGrid } from '../grid/data-grid.tsx';
import type { RowChange } from '../market/row-store.ts';
import { useRowShape } from '../market/use-rows.ts';
import { AddSymbols } from './add-symbols.tsx';
import { watchlistColumns } from './columns.ts';
import { ListMenu } from './list-menu.tsx';
import { removeFromList, useLists, type SymbolList } from './lists.ts';
import { Sparks } from './sparks.ts';
import { isStill } from '../settings/settings.ts';

/** No cell flashes more than three times a second (WCAG 2.3.1). */
const FLASH_GAP_MS = 350;
const AGE_EVERY_MS = 1_000;
const SPARKS_EVERY_MS = 5_000;
/** Rows re-rank this often when sorted by a figure that ticks; a sort on every tick costs the frame rate. */
const RANK_EVERY_MS = 2_000;

const rowClasses = {
  doubtful: ({ data }: { data: QuoteRow | undefined }) => data !== undefined && isDoubtful(data),
  'stale-hatch': ({ data }: { data: QuoteRow | undefined }) => data !== undefined && isDoubtful(data),
};

function useFlash() {
  const flashedAt = useRef(new Map<string, number>());
  return useCallback((api: GridApi<QuoteRow>, { updated }: RowChange<QuoteRow>) => {
    if (document.hidden || isStill()) return;
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

/** Only the symbols of a list, without taking their rows away from the others. */
function useListFilter(api: GridApi<QuoteRow> | null, list: SymbolList | null): void {
  useEffect(() => {
    if (api === null) return;
    const symbols = list === null ? null : new Set(list.symbols);
    api.setGridOption('isExternalFilterPresent', () => symbols !== null);
    api.setGridOption(
      'doesExternalFilterPass',
      ({ data }) => data !== undefined && symbols?.has(data.instrument) === true,
    );
    api.onFilterChanged();
  }, [api, list]);
}

function visibleSymbols(api: GridApi<QuoteRow>): string[] {
  const symbols: string[] = [];
  const last = api.getLastDisplayedRowIndex();
  for (let index = Math.max(0, api.getFirstDisplayedRowIndex()); index <= last; index += 1) {
    const symbol = api.getDisplayedRowAtIndex(index)?.data?.instrument;
    if (symbol !== undefined) symbols.push(symbol);
  }
  return symbols;
}

/** Ages every second, lines every five, the rank every two: for the rows in sight and never on a tick. */
function useRefreshing(api: GridApi<QuoteRow> | null, sparks: Sparks): void {
  useEffect(() => {
    if (api === null) return undefined;
    const running = () => !useWindow.getState().frozen && !document.hidden;
    const drawSparks = () => {
      if (!running()) return;
      sparks.want(visibleSymbols(api));
      api.refreshCells({ columns: ['spark'], force: true });
    };
    const ages = setInterval(() => running() && api.refreshCells({ columns: ['age'] }), AGE_EVERY_MS);
    const lines = setInterval(drawSparks, SPARKS_EVERY_MS);
    const first = setTimeout(drawSparks, 1_000);
    const ranks = setInterval(() => {
      const sorted = api.getColumnState().some((column) => column.sort && column.colId !== 'symbol');
      if (sorted && running()) api.refreshClientSideRowModel('sort');
    }, RANK_EVERY_MS);
    return () => {
      clearInterval(ages);
      clearInterval(lines);
      clearInterval(ranks);
      clearTimeout(first);
    };
  }, [api, sparks]);
}

const readList = (stored: unknown): string | null => (typeof stored === 'string' ? stored : null);

export function WatchlistPanel() {
  const desk = useDesk();
  const shape = useRowShape(desk.quotes);
  const instruments = useWindow((state) => state.instruments);
  const chosen = useInstrument()?.id ?? null;
  const choose = useChoose();
  const trouble = useWindow((state) => state.troubles['quotes']);
  const lists = useLists((state) => state.lists);
  const [listId, setListId] = usePanelParam('list', readList);
  const list = lists.find((each) => each.id === listId) ?? null;
  const [filter, setFilter] = useState('');
  const [api, setApi] = useState<GridApi<QuoteRow> | null>(null);
  const [sparks] = useState(() => new Sparks(desk));
  const columns = useMemo(() => watchlistColumns((id) => instruments.get(id), sparks), [instruments, sparks]);
  const flash = useFlash();
  useRefreshing(api, sparks);
  useListFilter(api, list);

  useEffect(() => {
    if (api === null || chosen === null) return;
    api.getRowNode(chosen)?.setSelected(true, true, 'api');
  }, [api, chosen, shape]);

  const chosenInstrument = chosen === null ? undefined : instruments.get(chosen);
  return (
    <div className="watchlist flex h-full flex-col">
      <div className="flex shrink-0 items-center gap-1 border-b border-line p-1">
        <Choice
          label="List"
          value={list?.id ?? ALL}
          options={[{ value: ALL, label: 'All', detail: String(instruments.size) }, ...lists.map(asOption)]}
          onChange={(next) => setListId(next === ALL ? null : next)}
          className="h-6 w-24"
        />
        <input
          id="watchlist-filter"
          type="search"
          aria-label="Filter symbols"
          placeholder={list === null ? 'Filter symbols  /' : 'Filter or add  /'}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || api === null) return;
            const first = api.getDisplayedRowAtIndex(0)?.data;
            if (first !== undefined) choose(first.instrument);
          }}
          className="h-6 min-w-0 flex-1 rounded-sm border border-line-strong bg-canvas px-2 text-ink placeholder:text-ink-3"
        />
        <ListMenu
          current={list}
          symbol={
            chosenInstrument === undefined ? null : { id: chosenInstrument.id, name: displayName(chosenInstrument) }
          }
          onList={setListId}
        />
      </div>
      {list === null ? null : (
        <AddSymbols list={list} typed={filter} instruments={instruments} onAdded={() => setFilter('')} />
      )}
      <div
        className="relative min-h-0 flex-1"
        onKeyDown={(event) => {
          if (event.key !== 'Delete' || list === null || chosen === null) return;
          removeFromList(list.id, chosen);
        }}
      >
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
            onChoose={(row) => choose(row.instrument)}
            onOpen={(row) => {
              choose(row.instrument);
              document.getElementById('ticket-quantity')?.focus();
            }}
          />
        )}
        {list !== null && list.symbols.length === 0 ? (
          <div className="absolute inset-0 top-8 bg-panel">
            <Empty title={`${list.name} is empty`} hint="Type a symbol above and press + to add it." />
          </div>
        ) : null}
      </div>
    </div>
  );
}

const ALL = 'all';
const asOption = ({ id, name, symbols }: SymbolList) => ({ value: id, label: name, detail: String(symbols.length) });
