import type { ColDef } from 'ag-grid-community';
import type { InstrumentView, OrderSide } from '../../src/contract/types.ts';
import { displayName } from '../desk/instruments.ts';
import { useWindow } from '../desk/window-state.ts';
import { figures } from '../format/money.ts';
import { bothZones, timeOf, type Zone } from '../format/time.ts';
import { rightAligned } from '../grid/right-aligned.ts';
import { elementCell } from '../grid/element-cell.ts';

function instrumentOf(id: string): InstrumentView | undefined {
  return useWindow.getState().instruments.get(id);
}

export function nameOf(id: string): string {
  const instrument = instrumentOf(id);
  return instrument === undefined ? id : displayName(instrument);
}

export function priceText(id: string, text: string | null): string {
  if (text === null) return '–';
  const instrument = instrumentOf(id);
  return instrument === undefined
    ? text
    : figures(text, { currency: instrument.quote, digits: instrument.priceDigits });
}

export function moneyText(id: string, text: string | null, sign = false): string {
  if (text === null) return '–';
  const currency = instrumentOf(id)?.quote ?? '';
  return figures(text, { currency, digits: 2, ...(sign ? { sign: 'always' as const } : {}) });
}

/** What amounts of an instrument are counted in. */
export function currencyName(id: string): string {
  return instrumentOf(id)?.quote ?? '';
}

export function quantityText(id: string, text: string): string {
  return figures(text, { currency: instrumentOf(id)?.quote ?? '' });
}

/** The number behind a column that sorts; the text shown comes from the string. */
export function sortable(text: string | null | undefined): number | null {
  return text === null || text === undefined ? null : Number(text);
}

interface WithInstrument {
  readonly instrument: string;
}
interface WithSide {
  readonly side: OrderSide;
}

export function instrumentColumn<Row extends WithInstrument>(): ColDef<Row> {
  return {
    colId: 'instrument',
    headerName: 'Instrument',
    width: 104,
    valueGetter: ({ data }) => (data === undefined ? '' : nameOf(data.instrument)),
    cellClass: 'font-semibold',
    tooltipValueGetter: ({ data }) => data?.instrument ?? '',
  };
}

export function accountColumn<Row extends { readonly account: string }>(): ColDef<Row> {
  return {
    colId: 'account',
    headerName: 'Account',
    width: 96,
    valueGetter: ({ data }) =>
      useWindow.getState().accounts.find(({ id }) => id === data?.account)?.name ?? data?.account ?? '',
    cellClass: 'text-ink-2',
  };
}

/** Amounts of a row are in the currency of its instrument. */
export function currencyColumn<Row extends WithInstrument>(): ColDef<Row> {
  return {
    colId: 'currency',
    headerName: 'Ccy',
    width: 60,
    valueGetter: ({ data }) => (data === undefined ? '' : (instrumentOf(data.instrument)?.quote ?? '')),
    cellClass: 'text-ink-2',
  };
}

export function sideColumn<Row extends WithSide>(): ColDef<Row> {
  return {
    colId: 'side',
    headerName: 'Side',
    width: 64,
    valueGetter: ({ data }) => (data?.side === 'buy' ? '▲ Buy' : '▼ Sell'),
    cellClass: ({ data }) => (data?.side === 'buy' ? 'text-up font-medium' : 'text-down font-medium'),
  };
}

export function timeColumn<Row>(at: (row: Row) => number, zone: Zone): ColDef<Row> {
  return {
    colId: 'time',
    headerName: `Time ${zone}`,
    width: 84,
    sort: 'desc',
    valueGetter: ({ data }) => (data === undefined ? 0 : at(data)),
    valueFormatter: ({ data }) => (data === undefined ? '' : timeOf(at(data), zone)),
    tooltipValueGetter: ({ data }) => (data === undefined ? '' : bothZones(at(data))),
    cellClass: 'text-ink-2',
  };
}

/** A column of figures: right-aligned, its text from the decimal string. */
export function figureColumn<Row>(
  colId: string,
  headerName: string,
  width: number,
  show: (row: Row) => string,
  sortBy: (row: Row) => number | null,
  cellClass?: (row: Row) => string,
): ColDef<Row> {
  return {
    colId,
    headerName,
    width,
    // Two rows may sort alike and still print differently: compare what is printed.
    equals: () => false,
    valueGetter: ({ data }) => (data === undefined ? null : sortBy(data)),
    valueFormatter: ({ data }) => (data === undefined ? '' : show(data)),
    ...rightAligned(cellClass),
  };
}

/** A button in a row. It names its row for those who do not see where it stands. */
export function actionColumn<Row>(label: string, run: (row: Row) => void, describe: (row: Row) => string): ColDef<Row> {
  const cell = elementCell<Row>((row, button) => {
    button.textContent = label;
    button.setAttribute('type', 'button');
    button.setAttribute('aria-label', describe(row));
    button.className =
      'inline-flex h-6 w-full items-center justify-center rounded-sm border border-line-strong bg-raised text-xs text-ink hover:bg-hover';
    button.onclick = (event) => {
      event.stopPropagation();
      run(row);
    };
    button.ondblclick = (event) => event.stopPropagation();
    button.onkeydown = (event) => {
      event.stopPropagation();
      if (event.repeat) event.preventDefault();
    };
  }, 'button');
  return {
    colId: 'action',
    headerName: '',
    headerComponentParams: { displayName: 'Actions' },
    width: 72,
    pinned: 'right',
    sortable: false,
    resizable: false,
    cellRenderer: cell,
    cellClass: 'flex items-center !px-1',
  };
}
