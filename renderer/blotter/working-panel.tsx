import type { ColDef } from 'ag-grid-community';
import { useMemo } from 'react';
import type { OrderView } from '../../src/contract/types.ts';
import { ConfirmButton } from '../controls/confirm-button.tsx';
import { goToTicket } from '../app/focus.ts';
import { Empty } from '../controls/states.tsx';
import { useDesk } from '../desk/desk.ts';
import { useAccount } from '../desk/window-state.ts';
import { openTimeline } from '../dialogs/dialog-state.ts';
import { useRowCount } from '../market/use-rows.ts';
import { cancelAll, cancelOrder } from '../orders/commands.ts';
import { useSettings } from '../settings/settings.ts';
import { Blotter } from './blotter.tsx';
import { actionColumn, nameOf } from './cells.ts';
import { ORDER_CSV } from './csv.ts';
import type { OrderTableProps } from './order-table-props.ts';
import { orderColumns, reasonColumn, timeOfOrder } from './order-columns.ts';

const unknownRows = { 'stale-hatch': ({ data }: { data: OrderView | undefined }) => data?.status === 'UNKNOWN' };

export function WorkingPanel({ chips, passes, onChoose }: OrderTableProps = {}) {
  const desk = useDesk();
  const account = useAccount();
  const count = useRowCount(desk.working);
  const zone = useSettings((settings) => settings.zone);
  const columns = useMemo<ColDef<OrderView>[]>(
    () => [
      timeOfOrder(zone),
      ...orderColumns,
      reasonColumn,
      actionColumn<OrderView>(
        'Cancel',
        (row) => void cancelOrder(desk, row),
        (row) => `Cancel ${row.side} ${row.quantity} ${nameOf(row.instrument)}`,
      ),
    ],
    [desk, zone],
  );
  return (
    <Blotter
      label="Working orders"
      store={desk.working}
      rowId={(row) => row.id}
      columns={columns}
      stream="orders"
      rowClassRules={unknownRows}
      csv={ORDER_CSV}
      chips={chips}
      passes={passes}
      onOpen={(row) => (onChoose === undefined ? openTimeline(row.id) : onChoose(row))}
      {...(onChoose === undefined ? {} : { onChoose })}
      empty={
        <Empty
          title="No working orders"
          hint="Orders wait here until they are filled, cancelled or expired. Press B to open the ticket."
          action={{ label: 'Go to the order ticket', run: goToTicket }}
        />
      }
      actions={
        account === null ? null : (
          <ConfirmButton
            label={`Cancel all (${count})`}
            confirmLabel={`Cancel ${count} on ${account.name}`}
            onConfirm={() => void cancelAll(desk, account.id)}
          />
        )
      }
    />
  );
}
