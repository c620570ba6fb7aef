import { useSyncExternalStore, useCallback, useRef, type ReactNode } from 'react';
import type { FillView, OrderView, PositionView } from '../../../src/contract/types.ts';
import { goToTicket } from '../../app/focus.ts';
import { currencyName, moneyText, nameOf, priceText, quantityText } from '../../blotter/cells.ts';
import { Button } from '../../controls/button.tsx';
import { cx } from '../../controls/cx.ts';
import { useDesk } from '../../desk/desk.ts';
import { statusWord, typeWord } from '../../desk/order-kind.ts';
import { chooseInstrument, useWindow } from '../../desk/window-state.ts';
import { openClose, openTimeline } from '../../dialogs/dialog-state.ts';
import { plus, signOf } from '../../format/decimal-text.ts';
import { bothZones, dateTimeOf, duration, timeOf } from '../../format/time.ts';
import type { RowStore } from '../../market/row-store.ts';
import { useRow } from '../../market/use-row.ts';
import { openScreen } from '../screen-state.ts';
import { useSettings } from '../../settings/settings.ts';
import { ExitLine } from './exit-editor.tsx';
import { riskToStop } from './open-risk.ts';

/** The rows that belong to something, read anew only when one of them changed. */
function useRowsWhere<Row>(store: RowStore<Row>, key: string, belongs: (row: Row) => boolean): readonly Row[] {
  const kept = useRef<{ readonly key: string; readonly rows: readonly Row[] } | null>(null);
  return useSyncExternalStore(
    useCallback((listener) => store.subscribe(listener), [store]),
    () => {
      const rows = store.rows().filter(belongs);
      const before = kept.current;
      const isSame =
        before?.key === key &&
        before.rows.length === rows.length &&
        before.rows.every((row, index) => row === rows[index]);
      if (!isSame) kept.current = { key, rows };
      return kept.current?.rows ?? rows;
    },
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex justify-between gap-3 border-t border-line py-1">
      <dt className="text-ink-2">{name}</dt>
      <dd className="text-right">{children}</dd>
    </div>
  );
}

function Exits({ position }: { readonly position: PositionView }) {
  const { instrument } = position;
  const risk = riskToStop(position);
  return (
    <>
      <ExitLine position={position} field="stopLoss" />
      <ExitLine position={position} field="takeProfit" />
      <dl>
        {position.trailing === null ? null : <Fact name="Trails by">{priceText(instrument, position.trailing)}</Fact>}
        <Fact name={`Risk from here to the stop, ${currencyName(instrument)}`}>
          {risk === null ? 'no stop' : moneyText(instrument, risk)}
        </Fact>
      </dl>
    </>
  );
}

function Orders({ orders }: { readonly orders: readonly OrderView[] }) {
  if (orders.length === 0) return <p className="text-ink-2">None is working.</p>;
  return (
    <table className="w-full text-left" aria-label="Orders of the position">
      <tbody>
        {orders.map((order) => (
          <tr key={order.id} className="border-t border-line">
            <td className={cx('py-0.5', order.side === 'buy' ? 'text-up' : 'text-down')}>
              {order.side === 'buy' ? '▲' : '▼'} {quantityText(order.instrument, order.remaining)}
            </td>
            <td>
              {typeWord(order.type)}
              {order.reduceOnly ? ' · exit' : ''}
            </td>
            <td className="text-right">{priceText(order.instrument, order.trigger ?? order.price)}</td>
            <td className="text-right text-ink-2">{statusWord(order.status)}</td>
            <td className="w-16 py-0.5 text-right">
              <Button size="small" aria-label={`Open the order ${order.id}`} onClick={() => openTimeline(order.id)}>
                Open
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Fills({ fills }: { readonly fills: readonly FillView[] }) {
  const zone = useSettings((settings) => settings.zone);
  const newest = fills.toSorted((a, b) => b.ts - a.ts).slice(0, 50);
  const fees = fills.reduce((sum, { fee }) => plus(sum, fee) ?? sum, '0');
  if (newest.length === 0) return <p className="text-ink-2">They were made before this window knew of them.</p>;
  return (
    <table className="w-full text-left" aria-label="Fills of the position">
      <tbody>
        {newest.map((fill) => (
          <tr key={fill.tradeId} className="border-t border-line">
            <td className="py-1 text-ink-2" title={bothZones(fill.ts)}>
              {timeOf(fill.ts, zone)}
            </td>
            <td className={fill.side === 'buy' ? 'text-up' : 'text-down'}>
              {fill.side === 'buy' ? '▲' : '▼'} {quantityText(fill.instrument, fill.quantity)}
            </td>
            <td className="text-right">{priceText(fill.instrument, fill.price)}</td>
            <td className="text-right text-ink-2">{fill.liquidity}</td>
            <td className="text-right text-ink-2">{moneyText(fill.instrument, fill.fee)}</td>
          </tr>
        ))}
        <tr className="border-t border-line-strong font-semibold">
          <td className="py-1" colSpan={4}>
            {fills.length} {fills.length === 1 ? 'fill' : 'fills'}, fees in {currencyName(fills[0]?.instrument ?? '')}
          </td>
          <td className="text-right">{moneyText(fills[0]?.instrument ?? '', fees)}</td>
        </tr>
      </tbody>
    </table>
  );
}

/** One position beside the table: its exits, the orders that hang on it and the fills that made it. */
export function PositionDetail({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const desk = useDesk();
  const zone = useSettings((settings) => settings.zone);
  const now = useWindow((state) => state.status?.now ?? 0);
  const position = useRow(desk.positions, id);
  const [account = '', instrument = ''] = id.split(' ');
  const openedAt = position?.openedAt ?? 0;
  const mine = (row: { readonly account: string; readonly instrument: string }) =>
    row.account === account && row.instrument === instrument;
  const orders = useRowsWhere(desk.working, id, mine);
  const fills = useRowsWhere(desk.fills, `${id} ${openedAt}`, (fill) => mine(fill) && fill.ts >= openedAt);
  return (
    <aside aria-label="Position in detail" className="flex h-full min-h-0 flex-col bg-panel">
      <header className="flex min-h-9 shrink-0 items-center justify-between gap-2 border-b border-line px-3">
        <h3 className="truncate font-semibold">
          {position === undefined
            ? nameOf(instrument)
            : `${signOf(position.quantity) < 0 ? '▼ Short' : '▲ Long'} ${quantityText(instrument, position.quantity.replace('-', ''))} ${nameOf(instrument)}`}
        </h3>
        <span className="flex shrink-0 items-center gap-2">
          {position === undefined ? null : (
            <Button size="small" onClick={() => openClose(position)}>
              Close position
            </Button>
          )}
          <Button
            size="small"
            onClick={() => {
              chooseInstrument(instrument);
              openScreen('workspace');
            }}
          >
            Chart
          </Button>
          <Button size="small" tone="quiet" aria-label="Close the detail" onClick={onClose}>
            ✕
          </Button>
        </span>
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keys */}
      <div
        className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-3"
        tabIndex={0}
        role="region"
        aria-label="Detail"
      >
        {position === undefined ? (
          <p className="text-ink-2">This position is closed. Its trade is in the journal.</p>
        ) : (
          <>
            <dl>
              <Fact name="Opened">
                {position.openedAt === null
                  ? 'not known'
                  : `${dateTimeOf(position.openedAt, zone)} ${zone} · ${duration(Math.max(0, now - position.openedAt))}`}
              </Fact>
              <Fact name="Worst · best so far, in price">
                {priceText(instrument, position.mae)} · {priceText(instrument, position.mfe)}
              </Fact>
            </dl>
            <section aria-label="Exits">
              <h4 className="pb-1 font-semibold">Exits</h4>
              <Exits position={position} />
            </section>
            <section aria-label="Orders">
              <h4 className="pb-1 font-semibold">Orders</h4>
              <Orders orders={orders} />
            </section>
            <section aria-label="Fills">
              <h4 className="pb-1 font-semibold">Fills since it was opened</h4>
              <Fills fills={fills} />
            </section>
          </>
        )}
        {position === undefined ? (
          <Button className="self-start" onClick={goToTicket}>
            Go to the order ticket
          </Button>
        ) : null}
      </div>
    </aside>
  );
}
