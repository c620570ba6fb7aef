/**
 * The chart library loses a drag whose button is released outside of it: the line stays pressed, and the next pan moves
 * it and reports a price nobody chose. While a drag lasts, this guard sees every way it can end. Release outside, Escape
 * and a lost window cancel; in each case the library gets the release it needs at the last point inside.
 */
export interface DragGuard {
  readonly cancelled: () => boolean;
  readonly end: () => void;
}

export function guardDrag(host: HTMLElement): DragGuard {
  const view = host.ownerDocument.defaultView ?? window;
  const root = host.ownerDocument.documentElement;
  const area = host.getBoundingClientRect();
  let cancelled = false;
  let x = area.left + area.width / 2;
  let y = area.top + area.height / 2;

  const inside = (event: MouseEvent) =>
    event.clientX >= area.left &&
    event.clientX <= area.right &&
    event.clientY >= area.top &&
    event.clientY <= area.bottom;
  const cancel = () => {
    cancelled = true;
    root.dispatchEvent(new MouseEvent('mouseup', { bubbles: true, clientX: x, clientY: y }));
  };
  const onMove = (event: MouseEvent) => {
    if (!inside(event)) return;
    x = event.clientX;
    y = event.clientY;
  };
  const onUp = (event: MouseEvent) => {
    if (!event.isTrusted || inside(event)) return;
    event.stopImmediatePropagation();
    cancel();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    cancel();
  };
  view.addEventListener('mousemove', onMove, true);
  view.addEventListener('mouseup', onUp, true);
  view.addEventListener('keydown', onKey, true);
  view.addEventListener('blur', cancel);
  return {
    cancelled: () => cancelled,
    end: () => {
      view.removeEventListener('mousemove', onMove, true);
      view.removeEventListener('mouseup', onUp, true);
      view.removeEventListener('keydown', onKey, true);
      view.removeEventListener('blur', cancel);
    },
  };
}
