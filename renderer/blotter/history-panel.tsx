import type { ColDef } from 'ag-grid-community';
import { useMemo } from 'react';
import type { OrderView } from '../../src/contract/types.ts';
import { Empty } from '../controls/states.tsx';
import { useDesk } from '../desk/desk.ts';
import { openTimeline } from '../dialogs/dialog-state.ts';
import { useSettings } from '../settings/settings.ts';
import { Blotter } from './blotter.tsx';
import { ORDER_CSV } from './csv.ts';
import type { OrderTableProps } from './order-table-props.ts';
import { orderColumns, reasonColumn, timeOfOrder } from './order-columns.ts';

export function HistoryPanel({ chips, passes, onChoose }: OrderTableProps = {}) {
  const desk = useDesk();
  const zone = useSettings((settings) => settings.zone);
  const columns = useMemo<ColDef<OrderView>[]>(() => [timeOfOrder(zone), ...orderColumns, reasonColumn], [zone]);
  return (
    <Blotter
      label="Order history"
      store={desk.history}
      rowId={(row) => row.id}
      columns={columns}
      stream="orders"
      csv={ORDER_CSV}
      chips={chips}
      passes={passes}
      onOpen={(row) => (onChoose === undefined ? openTimeline(row.id) : onChoose(row))}
      {...(onChoose === undefined ? {} : { onChoose })}
      empty={
        <Empty
          title="No closed orders yet"
          hint="Filled, cancelled, refused and expired orders stay here with their reason."
        />
      }
    />
  );
}
