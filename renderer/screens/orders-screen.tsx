import { useCallback, useMemo, useState } from 'react';
import { toast } from 'sonner';
import type { OrderView } from '../../src/contract/types.ts';
import { FillsPanel } from '../blotter/fills-panel.tsx';
import { HistoryPanel } from '../blotter/history-panel.tsx';
import { WorkingPanel } from '../blotter/working-panel.tsx';
import { Button } from '../controls/button.tsx';
import { cx } from '../controls/cx.ts';
import { Segmented } from '../controls/segmented.tsx';
import { useDesk } from '../desk/desk.ts';
import { FilterChips } from './orders/filter-chips.tsx';
import { OrderDetail } from './orders/order-detail.tsx';
import { passesFilter, readFilter, type OrderFilter } from './orders/order-filter.ts';
import { useOlderOrders } from './orders/use-older-orders.ts';
import { ScreenHeader } from './screen-header.tsx';

type View = 'working' | 'history' | 'fills';

const VIEWS: readonly { readonly value: View; readonly label: string }[] = [
  { value: 'working', label: 'Working' },
  { value: 'history', label: 'History' },
  { value: 'fills', label: 'Fills' },
];

const KEY = 'tradewright.order-filter';

function storedFilter(): OrderFilter {
  try {
    return readFilter(localStorage.getItem(KEY));
  } catch {
    return {};
  }
}

function keepFilter(filter: OrderFilter): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(filter));
  } catch {
    // It lasts as long as the window, then.
  }
}

export function OrdersScreen() {
  const desk = useDesk();
  const [view, setView] = useState<View>('working');
  const [filter, setFilter] = useState(storedFilter);
  const [chosen, setChosen] = useState<string | null>(null);
  const older = useOlderOrders();
  const passes = useMemo(
    () => (Object.keys(filter).length === 0 ? undefined : (order: OrderView) => passesFilter(order, filter)),
    [filter],
  );
  const change = useCallback((next: OrderFilter) => {
    setFilter(next);
    keepFilter(next);
  }, []);
  const chips = (
    <FilterChips store={view === 'working' ? desk.working : desk.history} filter={filter} onChange={change} />
  );
  const choose = useCallback((order: OrderView) => setChosen(order.id), []);
  return (
    <>
      <ScreenHeader title="Orders">
        {view === 'history' && older.hasOlder ? (
          <Button
            size="small"
            disabled={older.busy}
            onClick={() =>
              void older.load().then((problem) => {
                if (problem !== null) toast.error('Older orders cannot be read', { description: problem });
              })
            }
          >
            {older.busy ? 'Reading…' : 'Read older orders'}
          </Button>
        ) : null}
        <Segmented label="Orders shown" value={view} segments={VIEWS} onChange={setView} />
      </ScreenHeader>
      <div
        className={cx(
          'grid min-h-0 flex-1 gap-px bg-line',
          chosen === null ? 'grid-cols-1' : 'grid-cols-[minmax(0,1fr)_24rem]',
        )}
      >
        <div className="min-h-0 min-w-0 bg-panel">
          {view === 'working' ? (
            <WorkingPanel chips={chips} passes={passes} onChoose={choose} />
          ) : view === 'history' ? (
            <HistoryPanel chips={chips} passes={passes} onChoose={choose} />
          ) : (
            <FillsPanel onChoose={(fill) => setChosen(fill.orderId)} />
          )}
        </div>
        {chosen === null ? null : <OrderDetail key={chosen} orderId={chosen} onClose={() => setChosen(null)} />}
      </div>
    </>
  );
}
