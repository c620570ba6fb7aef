import type { ColDef } from 'ag-grid-community';
import type { InstrumentView } from '../../src/contract/types.ts';
import { displayName } from '../desk/instruments.ts';
import { isDoubtful, quoteAge, type QuoteRow } from '../desk/quote-row.ts';
import { figures, percent } from '../format/money.ts';
import { age } from '../format/time.ts';
import { elementCell } from '../grid/element-cell.ts';
import { rightAligned } from '../grid/right-aligned.ts';
import { sparkPath, type Sparks } from './sparks.ts';

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

const SPARK_WIDTH = 36;
const SPARK_HEIGHT = 16;

/** The last hour as a line. Its words say what it shows; its colour only repeats them. */
function sparkCell(sparks: Sparks) {
  return elementCell<QuoteRow>((row, cell) => {
    const closes = sparks.of(row.instrument);
    if (closes === null) {
      cell.replaceChildren();
      cell.removeAttribute('aria-label');
      return;
    }
    const [first = 0] = closes;
    const last = closes.at(-1) ?? first;
    let line = cell.querySelector('path');
    if (line === null) {
      const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
      svg.setAttribute('viewBox', `0 0 ${SPARK_WIDTH} ${SPARK_HEIGHT}`);
      svg.setAttribute('width', String(SPARK_WIDTH));
      svg.setAttribute('height', String(SPARK_HEIGHT));
      svg.setAttribute('aria-hidden', 'true');
      line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
      line.setAttribute('fill', 'none');
      line.setAttribute('stroke', 'currentColor');
      svg.append(line);
      cell.append(svg);
    }
    line.setAttribute('d', sparkPath(closes, SPARK_WIDTH, SPARK_HEIGHT));
    cell.className = `flex h-full items-center ${isDoubtful(row) ? 'text-stale' : last > first ? 'text-up' : last < first ? 'text-down' : 'text-ink-2'}`;
    cell.title = `Last hour ${percent(first === 0 ? 0 : last / first - 1)}`;
  });
}

const DIRECTION = { '-1': 'text-down tick-down', '0': '', '1': 'text-up tick-up' } as const;

export function watchlistColumns(lookup: Lookup, sparks: Sparks): ColDef<QuoteRow>[] {
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
      minWidth: 72,
      tooltipValueGetter: ({ data }) => data?.instrument ?? '',
    },
    {
      colId: 'last',
      headerName: 'Last',
      width: 72,
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
      width: 64,
      valueGetter: ({ data }) => data?.changePct ?? null,
      valueFormatter: ({ data }) => {
        if (data?.changePct === undefined || data.changePct === null) return '–';
        const mark = data.changePct > 0 ? '▲' : data.changePct < 0 ? '▼' : '';
        return `${percent(data.changePct / 100)}${mark}`;
      },
      ...rightAligned((row: QuoteRow) => {
        if (isDoubtful(row) || row.changePct === null) return '';
        return row.changePct > 0 ? 'text-up' : row.changePct < 0 ? 'text-down' : '';
      }),
    },
    {
      colId: 'spark',
      headerName: '1 h',
      headerTooltip: 'The last hour, refreshed every five seconds',
      width: 44,
      sortable: false,
      cellRenderer: sparkCell(sparks),
    },
    {
      colId: 'age',
      headerName: 'Age',
      headerTooltip: 'Since the newest tick, by the exchange’s clock',
      width: 36,
      minWidth: 36,
      sortable: false,
      valueGetter: ({ data }) => (data === undefined ? '' : quoteAgeText(data)),
      ...rightAligned(() => 'text-ink-2'),
    },
  ];
}
