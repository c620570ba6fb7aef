import type { LadderView } from './ladder-view.ts';

export interface LadderActions {
  /** One complete press on the bid or ask column. */
  readonly onPrice: (side: 'buy' | 'sell', row: number) => void;
  readonly onCancel: (side: 'buy' | 'sell', row: number) => void;
  readonly onMove: (side: 'buy' | 'sell', from: number, to: number) => void;
  readonly onWheel: (rows: number) => void;
}

/** Two presses in one place within this time are one press. */
const SAME_PRESS_MS = 400;

function sideOf(name: string | undefined): 'buy' | 'sell' | null {
  return name === 'buy' || name === 'sell' ? name : null;
}

interface Press {
  readonly kind: 'price' | 'own';
  readonly side: 'buy' | 'sell';
  readonly row: number;
}

/**
 * The mouse on the ladder. A press counts when it goes down and up on the same price: when the rows moved in between,
 * the price under the pointer is another one and nothing is sent. A drag of an own order that ends outside of the
 * ladder, or with Escape, changes nothing.
 */
export class LadderPointer {
  readonly #host: HTMLElement;
  readonly #view: LadderView;
  readonly #actions: LadderActions;
  readonly #stop = new AbortController();
  #press: Press | null = null;
  #target: HTMLElement | null = null;
  #counted: { readonly side: string; readonly row: number; readonly at: number } | null = null;
  inside = false;

  constructor(host: HTMLElement, view: LadderView, actions: LadderActions) {
    this.#host = host;
    this.#view = view;
    this.#actions = actions;
    const { signal } = this.#stop;
    const page = host.ownerDocument;
    host.addEventListener('pointerdown', (event) => this.#down(event), { signal });
    host.addEventListener('click', (event) => this.#click(event), { signal });
    host.addEventListener('pointerenter', () => (this.inside = true), { signal });
    host.addEventListener('pointerleave', () => (this.inside = false), { signal });
    host.addEventListener('wheel', (event) => this.#wheel(event), { signal, passive: false });
    page.addEventListener('pointermove', (event) => this.#move(event), { signal });
    page.addEventListener('pointerup', (event) => this.#up(event), { signal });
    page.addEventListener('pointercancel', () => this.#end(), { signal });
    page.addEventListener('keydown', (event) => this.#key(event), { signal, capture: true });
    page.defaultView?.addEventListener('blur', () => this.#end(), { signal });
  }

  get dragging(): boolean {
    return this.#press?.kind === 'own';
  }

  destroy(): void {
    this.#end();
    this.#stop.abort();
  }

  #down(event: PointerEvent): void {
    this.#press = null;
    if (event.button !== 0 || !(event.target instanceof HTMLElement)) return;
    const row = this.#view.rowOf(event.target);
    if (row === null) return;
    const own = sideOf(event.target.dataset['own']);
    if (own !== null) {
      this.#press = { kind: 'own', side: own, row };
      this.#host.dataset['dragging'] = own;
      event.preventDefault();
      return;
    }
    const cell = event.target.closest<HTMLElement>('[data-cell]')?.dataset['cell'];
    if (cell === 'bid' || cell === 'ask') this.#press = { kind: 'price', side: cell === 'bid' ? 'buy' : 'sell', row };
  }

  #click(event: MouseEvent): void {
    if (!(event.target instanceof HTMLElement)) return;
    const row = this.#view.rowOf(event.target);
    if (row === null) return;
    const cancel = sideOf(event.target.dataset['cancel']);
    if (cancel !== null) return this.#actions.onCancel(cancel, row);
    const press = this.#press;
    this.#press = null;
    if (press?.kind !== 'price' || press.row !== row) return;
    const cell = event.target.closest<HTMLElement>('[data-cell]')?.dataset['cell'];
    if (cell !== (press.side === 'buy' ? 'bid' : 'ask')) return;
    const again =
      this.#counted !== null &&
      this.#counted.side === press.side &&
      this.#counted.row === row &&
      event.timeStamp - this.#counted.at < SAME_PRESS_MS;
    this.#counted = { side: press.side, row, at: event.timeStamp };
    if (event.detail > 1 || again) return;
    this.#actions.onPrice(press.side, row);
  }

  #move(event: PointerEvent): void {
    if (this.#press?.kind !== 'own') return;
    const under = this.#under(event);
    if (under === this.#target) return;
    this.#target?.classList.remove('drop');
    this.#target = under;
    under?.classList.add('drop');
  }

  #up(event: PointerEvent): void {
    const press = this.#press;
    if (press?.kind !== 'own') return;
    const to = this.#view.rowOf(this.#under(event));
    this.#end();
    if (to !== null && to !== press.row) this.#actions.onMove(press.side, press.row, to);
  }

  #under(event: PointerEvent): HTMLElement | null {
    const element = this.#host.ownerDocument.elementFromPoint(event.clientX, event.clientY);
    return element !== null && this.#host.contains(element) ? element.closest('tr[data-index]') : null;
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || this.#press?.kind !== 'own') return;
    event.stopPropagation();
    this.#end();
  }

  #end(): void {
    this.#press = null;
    this.#target?.classList.remove('drop');
    this.#target = null;
    delete this.#host.dataset['dragging'];
  }

  #wheel(event: WheelEvent): void {
    if (event.ctrlKey) return;
    event.preventDefault();
    this.#actions.onWheel(event.deltaY > 0 ? -3 : 3);
  }
}
