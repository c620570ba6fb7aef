import type { ColDef } from 'ag-grid-community';
import type { InstrumentView } from '../../src/contract/types.ts';
import { displayName } from '../desk/instruments.ts';
import { isDoubtful, quoteAge, type QuoteRow } from '../desk/quote-row.ts';
import { figures, percent } from '../format/money.ts';
import { age } from '../format/time.ts';
import { elementCell } from '../grid/element-cell.ts';
import { rightAligned } from '../grid/right-aligned.ts';

type Lookup = (id: string) => InstrumentView | undefined;

function quoteAgeText(row: QuoteRow): string {
  if (row.state === 'closed') return '☾';
  if (row.state === 'disconnected') return '–';
  const ms = quoteAge(row, performance.now());
  if (ms === null) return '–';
  return ms < 1_000 ? '<1 s' : age(ms);
}

function symbolCell(lookup: Lookup) {
  return elementCell<QuoteRow>((row, cell) => {
    const instrument = lookup(row.instrument);
    cell.className = 'font-semibold';
    cell.textContent = instrument === undefined ? row.instrument : displayName(instrument);
  });
}

const DIRECTION = { '-1': 'text-down tick-down', '0': '', '1': 'text-up tick-up' } as const;

export function watchlistColumns(lookup: Lookup): ColDef<QuoteRow>[] {
  const price = (row: QuoteRow | undefined, text: string | null): string => {
    if (row === undefined || text === null) return '–';
    const instrument = lookup(row.instrument);
    return instrument === undefined
      ? text
      : figures(text, { currency: instrument.quote, digits: instrument.priceDigits });
  };
  const number = (text: string | null) => (text === null ? null : Number(text));
  return [
    {
      colId: 'symbol',
      headerName: 'Symbol',
      // Also what the filter searches: name, id and venue.
      valueGetter: ({ data }) => {
        if (data === undefined) return '';
        const instrument = lookup(data.instrument);
        return `${instrument === undefined ? '' : displayName(instrument)} ${data.instrument}`;
      },
      cellRenderer: symbolCell(lookup),
      flex: 1,
      minWidth: 96,
      tooltipValueGetter: ({ data }) => data?.instrument ?? '',
    },
    {
      colId: 'last',
      headerName: 'Last',
      width: 84,
      valueGetter: ({ data }) => number(data?.last ?? null),
      valueFormatter: ({ data }) => price(data, data?.last ?? null),
      equals: () => false,
      ...rightAligned((row: QuoteRow) => (isDoubtful(row) ? '' : `font-semibold ${DIRECTION[row.direction]}`)),
      tooltipValueGetter: ({ data }) =>
        data === undefined
          ? ''
          : `Bid ${price(data, data.bid)} × ${data.bidSize ?? '–'}, ask ${price(data, data.ask)} × ${data.askSize ?? '–'}`,
    },
    {
      colId: 'change',
      headerName: 'Chg %',
      width: 80,
      valueGetter: ({ data }) => data?.changePct ?? null,
      valueFormatter: ({ data }) => {
        if (data?.changePct === undefined || data.changePct === null) return '–';
        const mark = data.changePct > 0 ? '▲' : data.changePct < 0 ? '▼' : '';
        return `${percent(data.changePct / 100)} ${mark}`.trim();
      },
      ...rightAligned((row: QuoteRow) => {
        if (isDoubtful(row) || row.changePct === null) return '';
        return row.changePct > 0 ? 'text-up' : row.changePct < 0 ? 'text-down' : '';
      }),
    },
    {
      colId: 'age',
      headerName: 'Age',
      headerTooltip: 'Since the newest tick, by the exchange’s clock',
      width: 52,
      sortable: false,
      valueGetter: ({ data }) => (data === undefined ? '' : quoteAgeText(data)),
      ...rightAligned(() => 'text-ink-2'),
    },
  ];
}
