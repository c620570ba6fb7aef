import { useEffect, useRef } from 'react';
import type { RowStore } from '../market/row-store.ts';

interface LiveReading {
  readonly text: string;
  /** -1, 0, 1 colours the figure down, neutral, up. */
  readonly sign?: -1 | 0 | 1;
  readonly doubtful?: boolean;
  readonly title?: string;
}

interface LiveTextProps<Row> {
  readonly store: RowStore<Row>;
  readonly id: string | null;
  readonly read: (row: Row) => LiveReading;
  readonly className?: string;
  /** Shortest time between two writes. */
  readonly everyMs?: number;
}

/** One streaming figure, written into its element directly: a tick does not render React. */
export function LiveText<Row>({ store, id, read, className, everyMs = 250 }: LiveTextProps<Row>) {
  const element = useRef<HTMLSpanElement>(null);
  const reader = useRef(read);
  useEffect(() => {
    reader.current = read;
  });
  useEffect(() => {
    let wroteAt = Number.NEGATIVE_INFINITY;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const write = () => {
      timer = null;
      wroteAt = performance.now();
      const target = element.current;
      const row = id === null ? undefined : store.get(id);
      if (target === null) return;
      const reading = row === undefined ? { text: '–' } : reader.current(row);
      if (target.textContent !== reading.text) target.textContent = reading.text;
      target.dataset['sign'] = String(reading.sign ?? 0);
      target.dataset['doubtful'] = String(reading.doubtful ?? false);
      target.title = reading.title ?? '';
    };
    write();
    const plan = () => {
      timer ??= setTimeout(write, Math.max(0, wroteAt + everyMs - performance.now()));
    };
    const off = store.subscribe(plan);
    return () => {
      off();
      if (timer !== null) clearTimeout(timer);
    };
  }, [store, id, everyMs]);
  return (
    <span
      ref={element}
      className={`data-[doubtful=true]:text-stale data-[doubtful=false]:data-[sign='1']:text-up data-[doubtful=false]:data-[sign='-1']:text-down ${className ?? ''}`}
    />
  );
}
