import type { ColDef } from 'ag-grid-community';
import type { OrderView } from '../../src/contract/types.ts';
import type { Zone } from '../format/time.ts';
import { statusWord, typeWord } from '../desk/order-kind.ts';
import {
  accountColumn,
  figureColumn,
  instrumentColumn,
  priceText,
  quantityText,
  sideColumn,
  sortable,
  timeColumn,
} from './cells.ts';

const STATUS_CLASS: Readonly<Partial<Record<OrderView['status'], string>>> = {
  UNKNOWN: 'font-bold text-warn',
  DENIED: 'text-halt',
  REJECTED: 'text-halt',
  FILLED: 'text-ink',
  ACCEPTED: 'text-accent',
  PARTIALLY_FILLED: 'text-accent',
};

export const timeOfOrder = (zone: Zone): ColDef<OrderView> => timeColumn((row) => row.createdAt, zone);

export const orderColumns: readonly ColDef<OrderView>[] = [
  instrumentColumn(),
  accountColumn(),
  sideColumn(),
  {
    colId: 'type',
    headerName: 'Type',
    width: 80,
    valueGetter: ({ data }) => (data === undefined ? '' : typeWord(data.type)),
  },
  figureColumn(
    'quantity',
    'Quantity',
    84,
    (row) => quantityText(row.instrument, row.quantity),
    (row) => sortable(row.quantity),
  ),
  figureColumn(
    'filled',
    'Filled',
    76,
    (row) => quantityText(row.instrument, row.filled),
    (row) => sortable(row.filled),
  ),
  figureColumn(
    'price',
    'Limit',
    88,
    (row) => priceText(row.instrument, row.price),
    (row) => sortable(row.price),
  ),
  figureColumn(
    'trigger',
    'Stop',
    88,
    (row) => priceText(row.instrument, row.trigger),
    (row) => sortable(row.trigger),
  ),
  figureColumn(
    'average',
    'Avg fill',
    88,
    (row) => priceText(row.instrument, row.averagePrice),
    (row) => sortable(row.averagePrice),
  ),
  {
    colId: 'status',
    headerName: 'Status',
    width: 92,
    valueGetter: ({ data }) => (data === undefined ? '' : statusWord(data.status)),
    cellClass: ({ data }) => (data === undefined ? '' : (STATUS_CLASS[data.status] ?? 'text-ink-2')),
  },
  {
    colId: 'flags',
    headerName: 'Lives',
    width: 84,
    valueGetter: ({ data }) =>
      data === undefined
        ? ''
        : [data.timeInForce, data.postOnly ? 'PO' : '', data.reduceOnly ? 'RO' : '']
            .filter((part) => part !== '')
            .join(' '),
    cellClass: 'text-ink-2',
    tooltipValueGetter: ({ data }) =>
      data === undefined
        ? ''
        : `${data.timeInForce}${data.postOnly ? ', post-only' : ''}${data.reduceOnly ? ', reduce-only' : ''}`,
  },
  {
    colId: 'source',
    headerName: 'Source',
    width: 96,
    valueGetter: ({ data }) => (data === undefined ? '' : (data.strategy ?? data.source)),
    cellClass: 'text-ink-2',
  },
];

export const reasonColumn: ColDef<OrderView> = {
  colId: 'reason',
  headerName: 'Reason',
  flex: 1,
  minWidth: 160,
  valueGetter: ({ data }) => data?.reason ?? data?.note ?? '',
  tooltipValueGetter: ({ data }) =>
    data?.reason === null || data === undefined ? '' : `${data.reasonCode ?? ''} ${data.reason}`,
  cellClass: 'text-ink-2',
};
