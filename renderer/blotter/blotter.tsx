import type { ColDef, GridApi } from 'ag-grid-community';
import { useEffect, useState, type ReactNode } from 'react';
import { Button } from '../controls/button.tsx';
import { Failed, Loading } from '../controls/states.tsx';
import { useWindow } from '../desk/window-state.ts';
import { DataGrid } from '../grid/data-grid.tsx';
import type { RowStore } from '../market/row-store.ts';
import { useRowShape } from '../market/use-rows.ts';
import { saveFile } from '../settings/backup.ts';
import { csvText, type CsvColumn } from './csv.ts';

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
  /** A row was chosen by click or Space. */
  readonly onChoose?: (row: Row) => void;
  /** Rows beyond the typed filter that are shown; a new function filters anew. */
  readonly passes?: ((row: Row) => boolean) | undefined;
  /** Beside the typed filter. */
  readonly chips?: ReactNode;
  /** What a file of these rows holds; without it, the columns of the table. */
  readonly csv?: readonly CsvColumn<Row>[];
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
  onChoose,
  passes,
  chips,
  csv,
}: BlotterProps<Row>) {
  const shape = useRowShape(store);
  const trouble = useWindow((state) => state.troubles[stream]);
  const [filter, setFilter] = useState('');
  const [api, setApi] = useState<GridApi<Row> | null>(null);
  useEffect(() => {
    if (api === null || api.isDestroyed()) return;
    api.setGridOption('isExternalFilterPresent', () => passes !== undefined);
    api.setGridOption(
      'doesExternalFilterPass',
      ({ data }) => data === undefined || passes === undefined || passes(data),
    );
    api.onFilterChanged();
  }, [api, passes]);
  const exportRows = () => {
    const fileName = `${label.toLowerCase().replaceAll(' ', '-')}.csv`;
    if (api === null) return;
    if (csv === undefined) {
      api.exportDataAsCsv({ fileName });
      return;
    }
    const rows: Row[] = [];
    api.forEachNodeAfterFilterAndSort(({ data }) => data !== undefined && rows.push(data));
    saveFile(fileName, 'text/csv', csvText(csv, rows));
  };
  if (trouble !== undefined && shape !== 'rows') {
    return <Failed what={`${label} cannot be read`} stillSafe={trouble} />;
  }
  if (shape === 'loading') return <Loading what={label.toLowerCase()} />;
  if (shape === 'empty') return <>{empty}</>;
  return (
    <div className="flex h-full flex-col">
      <div className="flex min-h-8 shrink-0 items-center gap-2 border-b border-line px-1">
        <input
          type="search"
          aria-label={`Filter ${label.toLowerCase()}`}
          placeholder="Filter"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          className="h-6 w-44 rounded-sm border border-line-strong bg-canvas px-2 text-ink placeholder:text-ink-3"
        />
        {chips}
        {trouble === undefined ? null : <span className="truncate text-warn">▲ Not up to date: {trouble}</span>}
        <span className="flex-1" />
        {actions}
        <Button size="small" tone="quiet" onClick={exportRows}>
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
          {...(onChoose === undefined ? {} : { onChoose })}
          {...(rowClassRules === undefined ? {} : { rowClassRules })}
        />
      </div>
    </div>
  );
}
