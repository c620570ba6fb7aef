import type { ColDef } from 'ag-grid-community';
import { useMemo } from 'react';
import type { FillView } from '../../src/contract/types.ts';
import { Empty } from '../controls/states.tsx';
import { useDesk } from '../desk/desk.ts';
import { openTimeline } from '../dialogs/dialog-state.ts';
import { times } from '../format/decimal-text.ts';
import { useSettings } from '../settings/settings.ts';
import { Blotter } from './blotter.tsx';
import { FILL_CSV } from './csv.ts';
import {
  accountColumn,
  figureColumn,
  instrumentColumn,
  moneyText,
  priceText,
  quantityText,
  sideColumn,
  sortable,
  timeColumn,
} from './cells.ts';

function notionalOf(row: FillView): string | null {
  return times(row.price, row.quantity);
}

export function FillsPanel({ onChoose }: { readonly onChoose?: (fill: FillView) => void } = {}) {
  const desk = useDesk();
  const zone = useSettings((settings) => settings.zone);
  const columns = useMemo<ColDef<FillView>[]>(
    () => [
      timeColumn<FillView>((row) => row.ts, zone),
      instrumentColumn(),
      accountColumn(),
      sideColumn(),
      figureColumn(
        'quantity',
        'Quantity',
        88,
        (row) => quantityText(row.instrument, row.quantity),
        (row) => sortable(row.quantity),
      ),
      figureColumn(
        'price',
        'Price',
        92,
        (row) => priceText(row.instrument, row.price),
        (row) => sortable(row.price),
      ),
      figureColumn(
        'notional',
        'Notional',
        104,
        (row) => moneyText(row.instrument, notionalOf(row)),
        (row) => sortable(notionalOf(row)),
      ),
      figureColumn(
        'fee',
        'Fee',
        76,
        (row) => moneyText(row.instrument, row.fee),
        (row) => sortable(row.fee),
      ),
      {
        colId: 'liquidity',
        headerName: 'Liquidity',
        width: 80,
        valueGetter: ({ data }) => data?.liquidity ?? '',
        cellClass: 'text-ink-2',
      },
      figureColumn(
        'slippage',
        'Slippage',
        84,
        (row) => priceText(row.instrument, row.modelled.slippage),
        (row) => sortable(row.modelled.slippage),
      ),
      figureColumn(
        'impact',
        'Impact',
        80,
        (row) => priceText(row.instrument, row.modelled.impact),
        (row) => sortable(row.modelled.impact),
      ),
      figureColumn(
        'latency',
        'Latency',
        76,
        (row) => `${row.modelled.latencyMs.toFixed(0)} ms`,
        (row) => row.modelled.latencyMs,
      ),
      {
        colId: 'model',
        headerName: 'Model',
        width: 96,
        valueGetter: ({ data }) => data?.modelled.model ?? '',
        cellClass: 'text-ink-2',
      },
      {
        colId: 'strategy',
        headerName: 'Strategy',
        flex: 1,
        minWidth: 96,
        valueGetter: ({ data }) => data?.strategy ?? 'manual',
        cellClass: 'text-ink-2',
      },
    ],
    [zone],
  );
  return (
    <Blotter
      label="Fills"
      store={desk.fills}
      rowId={(row) => row.tradeId}
      columns={columns}
      stream="fills"
      csv={FILL_CSV}
      onOpen={(row) => (onChoose === undefined ? openTimeline(row.orderId) : onChoose(row))}
      {...(onChoose === undefined ? {} : { onChoose })}
      empty={
        <Empty
          title="No fills yet"
          hint="Every execution appears here with its fee, its slippage and the model that was assumed."
        />
      }
    />
  );
}
