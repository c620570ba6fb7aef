import type { ColDef } from 'ag-grid-community';
import type { PositionView } from '../../src/contract/types.ts';
import { goToTicket } from '../app/focus.ts';
import { Empty } from '../controls/states.tsx';
import { positionId, useDesk } from '../desk/desk.ts';
import { chooseInstrument } from '../desk/window-state.ts';
import { openClose } from '../dialogs/dialog-state.ts';
import { signOf } from '../format/decimal-text.ts';
import { percent } from '../format/money.ts';
import { age } from '../format/time.ts';
import {
  accountColumn,
  actionColumn,
  currencyColumn,
  figureColumn,
  instrumentColumn,
  moneyText,
  nameOf,
  priceText,
  quantityText,
  sortable,
} from './cells.ts';
import { Blotter } from './blotter.tsx';

function signClass(text: string | null, doubtful: boolean): string {
  if (text === null || doubtful) return 'text-stale';
  const sign = signOf(text);
  return sign > 0 ? 'text-up' : sign < 0 ? 'text-down' : '';
}

/** A result on a stale mark says so: about, and how old. */
function unrealisedText(row: PositionView): string {
  const text = moneyText(row.instrument, row.unrealised, true);
  return row.stale ? `≈ ${text}${row.markAgeMs === null ? '' : ` · ${age(row.markAgeMs)}`}` : text;
}

const columns: ColDef<PositionView>[] = [
  instrumentColumn(),
  accountColumn(),
  {
    colId: 'side',
    headerName: 'Side',
    width: 68,
    valueGetter: ({ data }) => (data === undefined ? '' : signOf(data.quantity) < 0 ? '▼ Short' : '▲ Long'),
    cellClass: ({ data }) =>
      data !== undefined && signOf(data.quantity) < 0 ? 'text-down font-medium' : 'text-up font-medium',
  },
  figureColumn(
    'quantity',
    'Quantity',
    88,
    (row) => quantityText(row.instrument, row.quantity),
    (row) => sortable(row.quantity),
  ),
  figureColumn(
    'average',
    'Average',
    92,
    (row) => priceText(row.instrument, row.averagePrice),
    (row) => sortable(row.averagePrice),
  ),
  figureColumn(
    'mark',
    'Mark',
    92,
    (row) => priceText(row.instrument, row.mark),
    (row) => sortable(row.mark),
    (row) => (row.stale ? 'text-stale stale-hatch' : ''),
  ),
  figureColumn(
    'unrealised',
    'Unrealised',
    112,
    unrealisedText,
    (row) => sortable(row.unrealised),
    (row) => signClass(row.unrealised, row.stale),
  ),
  figureColumn(
    'unrealisedPct',
    'Unreal. %',
    84,
    (row) => (row.unrealisedPct === null ? '–' : `${percent(row.unrealisedPct / 100)}`),
    (row) => row.unrealisedPct,
    (row) => signClass(row.unrealised, row.stale),
  ),
  figureColumn(
    'realised',
    'Realised',
    92,
    (row) => moneyText(row.instrument, row.realised, true),
    (row) => sortable(row.realised),
    (row) => signClass(row.realised, false),
  ),
  figureColumn(
    'value',
    'Value',
    104,
    (row) => moneyText(row.instrument, row.value),
    (row) => sortable(row.value),
  ),
  currencyColumn(),
  figureColumn(
    'stop',
    'Stop',
    88,
    (row) => (row.stopLoss === null ? 'none' : priceText(row.instrument, row.stopLoss)),
    (row) => sortable(row.stopLoss),
    (row) => (row.stopLoss === null ? 'text-ink-3' : ''),
  ),
  figureColumn(
    'target',
    'Target',
    88,
    (row) => (row.takeProfit === null ? 'none' : priceText(row.instrument, row.takeProfit)),
    (row) => sortable(row.takeProfit),
    (row) => (row.takeProfit === null ? 'text-ink-3' : ''),
  ),
  figureColumn(
    'fees',
    'Fees',
    80,
    (row) => moneyText(row.instrument, row.fees),
    (row) => sortable(row.fees),
  ),
  actionColumn<PositionView>('Close', openClose, (row) => `Close ${nameOf(row.instrument)}`),
];

interface PositionsPanelProps {
  readonly passes?: ((position: PositionView) => boolean) | undefined;
  readonly onChoose?: (position: PositionView) => void;
}

export function PositionsPanel({ passes, onChoose }: PositionsPanelProps = {}) {
  const desk = useDesk();
  return (
    <Blotter
      label="Positions"
      store={desk.positions}
      rowId={positionId}
      columns={columns}
      stream="portfolio"
      passes={passes}
      onOpen={(row) => chooseInstrument(row.instrument)}
      {...(onChoose === undefined ? {} : { onChoose })}
      empty={
        <Empty
          title="No open positions"
          hint="A position appears with the first fill."
          action={{ label: 'Go to the order ticket', run: goToTicket }}
        />
      }
    />
  );
}
