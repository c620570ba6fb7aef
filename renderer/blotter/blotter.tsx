import type { ColDef, GridApi } from 'ag-grid-community';
import { useState, type ReactNode } from 'react';
import { Button } from '../controls/button.tsx';
import { Failed, Loading } from '../controls/states.tsx';
import { useWindow } from '../desk/window-state.ts';
import { DataGrid } from '../grid/data-grid.tsx';
import type { RowStore } from '../market/row-store.ts';
import { useRowShape } from '../market/use-rows.ts';

interface BlotterProps<Row> {
  readonly label: string;
  readonly store: RowStore<Row>;
  readonly rowId: (row: Row) => string;
  readonly columns: ColDef<Row>[];
  /** Name of the stream behind it, for its trouble. */
  readonly stream: string;
  readonly empty: ReactNode;
  readonly actions?: ReactNode;
  readonly onOpen?: (row: Row) => void;
  readonly rowClassRules?: Parameters<typeof DataGrid<Row>>[0]['rowClassRules'];
}

/** A table of the account with its filter, its export and its states. */
export function Blotter<Row>({
  label,
  store,
  rowId,
  columns,
  stream,
  empty,
  actions,
  onOpen,
  rowClassRules,
}: BlotterProps<Row>) {
  const shape = useRowShape(store);
  const trouble = useWindow((state) => state.troubles[stream]);
  const [filter, setFilter] = useState('');
  const [api, setApi] = useState<GridApi<Row> | null>(null);
  if (trouble !== undefined && shape !== 'rows') {
    return <Failed what={`${label} cannot be read`} stillSafe={trouble} />;
  }
  if (shape === 'loading') return <Loading what={label.toLowerCase()} />;
  if (shape === 'empty') return <>{empty}</>;
  return (
    <div className="flex h-full flex-col">
      <div className="flex h-8 shrink-0 items-center gap-2 border-b border-line px-1">
        <input
          type="search"
          aria-label={`Filter ${label.toLowerCase()}`}
          placeholder="Filter"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          className="h-6 w-44 rounded-sm border border-line-strong bg-canvas px-2 text-ink placeholder:text-ink-3"
        />
        {trouble === undefined ? null : <span className="truncate text-warn">▲ Not up to date: {trouble}</span>}
        <span className="flex-1" />
        {actions}
        <Button
          size="small"
          tone="quiet"
          onClick={() => api?.exportDataAsCsv({ fileName: `${label.toLowerCase().replaceAll(' ', '-')}.csv` })}
        >
          Export CSV
        </Button>
      </div>
      <div className="min-h-0 flex-1">
        <DataGrid
          label={label}
          store={store}
          rowId={rowId}
          columns={columns}
          filter={filter}
          onApi={setApi}
          {...(onOpen === undefined ? {} : { onOpen })}
          {...(rowClassRules === undefined ? {} : { rowClassRules })}
        />
      </div>
    </div>
  );
}
