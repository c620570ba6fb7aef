import { toast } from 'sonner';
import type { Alert, FillView, OrderView } from '../../src/contract/types.ts';
import { nameOf, priceText, quantityText } from '../blotter/cells.ts';
import type { Desk } from '../desk/desk.ts';
import { useWindow } from '../desk/window-state.ts';
import { statusWord } from '../desk/order-kind.ts';
import type { RowStore } from '../market/row-store.ts';
import { useSettings } from '../settings/settings.ts';
import type { NoticeKind } from '../settings/stored-settings.ts';
import { playTune } from './sounds.ts';

export interface Notice {
  readonly kind: NoticeKind;
  readonly title: string;
  readonly detail: string;
}

/** A burst of events is one sound and at most so many notes. */
const MOST_AT_ONCE = 3;
const SOUND_GAP_MS = 400;
/** What was missed for longer, while the connection was away, is in the lists and no news. */
const NEWS_MS = 60_000;
let soundedAt = Number.NEGATIVE_INFINITY;

/** Shows and sounds as the settings say. True when a sound was asked for and came. */
export async function announce(notice: Notice): Promise<boolean> {
  const { notices, volume } = useSettings.getState();
  const choice = notices[notice.kind];
  if (choice.toast) {
    const show = notice.kind === 'critical' ? toast.error : notice.kind === 'warning' ? toast.warning : toast;
    show(notice.title, { description: notice.detail, duration: notice.kind === 'critical' ? 15_000 : 6_000 });
  }
  if (!choice.sound || performance.now() - soundedAt < SOUND_GAP_MS) return false;
  soundedAt = performance.now();
  return playTune(notice.kind, volume);
}

function aboutFill(fill: FillView): Notice {
  return {
    kind: 'fill',
    title: `${fill.side === 'buy' ? 'Bought' : 'Sold'} ${quantityText(fill.instrument, fill.quantity)} ${nameOf(fill.instrument)}`,
    detail: `at ${priceText(fill.instrument, fill.price)}${fill.strategy === null ? '' : ` · ${fill.strategy}`}`,
  };
}

/** What the user asked for is refused in the ticket itself; this is about everything else. */
function aboutOrder(order: OrderView): Notice | null {
  const isRefused = order.status === 'REJECTED' || (order.status === 'DENIED' && order.source !== 'manual');
  if (!isRefused) return null;
  return {
    kind: 'refusal',
    title: `${statusWord(order.status)}: ${order.side} ${quantityText(order.instrument, order.quantity)} ${nameOf(order.instrument)}`,
    detail: order.reason ?? '',
  };
}

function aboutAlert(alert: Alert): Notice | null {
  if (alert.severity === 'info') return null;
  return {
    kind: alert.severity === 'critical' ? 'critical' : 'warning',
    title: alert.sentence,
    detail: alert.instrument === null ? '' : nameOf(alert.instrument),
  };
}

/** Announces rows that come after the first snapshot; what was there when the window opened is history. */
function follow<Row>(store: RowStore<Row>, at: (row: Row) => number, about: (row: Row) => Notice | null): void {
  let hasBegun = store.loaded;
  store.onShape(() => {
    hasBegun = hasBegun || store.loaded;
  });
  store.subscribe(({ added }) => {
    if (!hasBegun) return;
    const now = useWindow.getState().status?.now ?? 0;
    const found = added
      .filter((row) => now - at(row) < NEWS_MS)
      .map(about)
      .filter((notice) => notice !== null);
    for (const notice of found.slice(-MOST_AT_ONCE)) void announce(notice);
    const rest = found.length - MOST_AT_ONCE;
    const kind = found[0]?.kind;
    if (rest > 0 && kind !== undefined && useSettings.getState().notices[kind].toast) toast(`and ${rest} more`);
  });
}

export function startNotices(desk: Desk): void {
  follow(desk.fills, (fill) => fill.ts, aboutFill);
  follow(desk.history, (order) => order.updatedAt, aboutOrder);
  follow(desk.alerts, (alert) => alert.at, aboutAlert);
}
