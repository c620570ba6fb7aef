import type { ColDef, GridApi, GridReadyEvent, RowClassRules } from 'ag-grid-community';
import { AgGridReact } from 'ag-grid-react';
import { useEffect, useRef } from 'react';
import { cspNonce } from '../app/csp-nonce.ts';
import type { RowChange, RowStore } from '../market/row-store.ts';
import { gridTheme } from './grid-theme.ts';
import './modules.ts';

export interface DataGridProps<Row> {
  readonly label: string;
  readonly store: RowStore<Row>;
  readonly rowId: (row: Row) => string;
  readonly columns: ColDef<Row>[];
  readonly filter?: string;
  /** Double click or Enter on a row. */
  readonly onOpen?: (row: Row) => void;
  /** A row was chosen by click or Space. */
  readonly onChoose?: (row: Row) => void;
  readonly rowClassRules?: RowClassRules<Row>;
  readonly onApi?: (api: GridApi<Row>) => void;
  /** After a batch of changes is in the grid, for cell flashes. */
  readonly onApplied?: (api: GridApi<Row>, change: RowChange<Row>) => void;
}

const defaults: ColDef = {
  sortable: true,
  resizable: true,
  suppressHeaderMenuButton: true,
  minWidth: 44,
};

/**
 * A table over a row store. Rows go in as transactions built from the store (never from the grid's own copies, which lag
 * behind), so React renders once and ticks do not.
 */
export function DataGrid<Row>({
  label,
  store,
  rowId,
  columns,
  filter,
  onOpen,
  onChoose,
  rowClassRules,
  onApi,
  onApplied,
}: DataGridProps<Row>) {
  const api = useRef<GridApi<Row> | null>(null);
  const latest = useRef({ onOpen, onChoose, onApplied });
  useEffect(() => {
    latest.current = { onOpen, onChoose, onApplied };
  });

  useEffect(
    () =>
      store.subscribe((change) => {
        const grid = api.current;
        if (grid === null) return;
        grid.applyTransaction({ add: [...change.added], update: [...change.updated], remove: [...change.removed] });
        latest.current.onApplied?.(grid, change);
      }),
    [store],
  );

  const ready = ({ api: grid }: GridReadyEvent<Row>) => {
    api.current = grid;
    grid.setGridOption('rowData', store.shown());
    onApi?.(grid);
  };

  return (
    <div className="h-full w-full" role="region" aria-label={label}>
      <AgGridReact<Row>
        theme={gridTheme}
        styleNonce={cspNonce}
        columnDefs={columns}
        defaultColDef={defaults as ColDef<Row>}
        getRowId={({ data }) => rowId(data)}
        onGridReady={ready}
        onGridPreDestroyed={() => {
          api.current = null;
        }}
        animateRows={false}
        suppressCellFocus={false}
        suppressNoRowsOverlay
        suppressScrollOnNewData
        tooltipShowDelay={400}
        rowSelection={{ mode: 'singleRow', checkboxes: false, enableClickSelection: true }}
        cellFlashDuration={0}
        cellFadeDuration={250}
        onRowDoubleClicked={({ data }) => {
          if (data !== undefined) latest.current.onOpen?.(data);
        }}
        onRowSelected={({ node, source }) => {
          if (node.isSelected() === true && node.data !== undefined && source !== 'api')
            latest.current.onChoose?.(node.data);
        }}
        onCellKeyDown={({ event, data }) => {
          if (event instanceof KeyboardEvent && event.key === 'Enter' && !event.repeat && data !== undefined) {
            latest.current.onOpen?.(data);
          }
        }}
        {...(filter === undefined ? {} : { quickFilterText: filter })}
        {...(rowClassRules === undefined ? {} : { rowClassRules })}
      />
    </div>
  );
}
