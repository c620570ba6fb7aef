import type { ColDef } from 'ag-grid-community';

/** Right-aligned header and cell. The grid's own type loses its class as soon as a column has classes of its own. */
export function rightAligned<Row>(cellClass?: (row: Row) => string): Pick<ColDef<Row>, 'headerClass' | 'cellClass'> {
  return {
    headerClass: 'ag-right-aligned-header',
    cellClass: ({ data }) =>
      `ag-right-aligned-cell ${data === undefined || cellClass === undefined ? '' : cellClass(data)}`,
  };
}
