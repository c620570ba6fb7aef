import { useEffect, useRef, useState } from 'react';
import type { BookView, InstrumentView } from '../../src/contract/types.ts';
import { Empty, Failed, Loading } from '../controls/states.tsx';
import { useDesk } from '../desk/desk.ts';
import { displayName } from '../desk/instruments.ts';
import { useConnected, useInstrument } from '../desk/window-state.ts';
import { plus, negate } from '../format/decimal-text.ts';
import { figures } from '../format/money.ts';
import { age } from '../format/time.ts';
import { perFrame } from '../market/row-store.ts';
import { buildLadder, type LadderRow } from './ladder.ts';

const ROW_PX = 20;
const EVERY_MS = 100;

function writeRow(row: HTMLTableRowElement | undefined, level: LadderRow | undefined): void {
  if (row === undefined) return;
  const [price, size, total] = row.cells;
  if (price === undefined || size === undefined || total === undefined) return;
  price.textContent = level?.price ?? '';
  size.textContent = level?.size ?? '';
  total.textContent = level?.total ?? '';
  row.style.setProperty('--share', `${((level?.share ?? 0) * 100).toFixed(1)}%`);
}

function Rows({ side, count }: { readonly side: 'ask' | 'bid'; readonly count: number }) {
  return (
    <tbody data-side={side}>
      {Array.from({ length: count }, (_, index) => (
        <tr key={index} className={`ladder-${side} h-5`}>
          <td className={`pl-2 font-medium ${side === 'ask' ? 'text-down' : 'text-up'}`} />
          <td className="text-right" />
          <td className="pr-2 text-right text-ink-2" />
        </tr>
      ))}
    </tbody>
  );
}

/** Read-only ladder. Its rows are written in place once per frame; nothing in it can be pressed. */
function LadderTable({ instrument }: { readonly instrument: InstrumentView }) {
  const desk = useDesk();
  const connected = useConnected();
  const host = useRef<HTMLDivElement>(null);
  const table = useRef<HTMLTableElement>(null);
  const spread = useRef<HTMLTableCellElement>(null);
  const newest = useRef<{ book: BookView; receivedAt: number } | null>(null);
  const [depth, setDepth] = useState(10);
  const [state, setState] = useState<'loading' | 'empty' | 'book'>('loading');
  const [problem, setProblem] = useState<string | null>(null);
  const [staleFor, setStaleFor] = useState<number | null>(null);

  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => {
      // Header, spread row and the two sides.
      setDepth(Math.max(3, Math.min(50, Math.floor((element.clientHeight - 2 * 24 - 4) / ROW_PX / 2))));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    let planned = false;
    const write = () => {
      planned = false;
      const body = table.current;
      const book = newest.current?.book;
      if (body === null || book === undefined) return;
      const ladder = buildLadder(book, instrument, depth);
      const [asks, , bids] = body.tBodies;
      const missing = depth - ladder.asks.length;
      for (let index = 0; index < depth; index += 1) {
        writeRow(asks?.rows[index], ladder.asks[index - missing]);
        writeRow(bids?.rows[index], ladder.bids[index]);
      }
      const best = book.asks[0];
      const bid = book.bids[0];
      const gap = best === undefined || bid === undefined ? null : plus(best.price, negate(bid.price));
      if (spread.current !== null) {
        spread.current.textContent =
          gap === null
            ? 'One side only'
            : `Spread ${figures(gap, { currency: instrument.quote, digits: instrument.priceDigits })}`;
      }
    };
    const off = desk.connection.follow(
      (client, options) => client.market.book({ instrument: instrument.id, depth, intervalMs: EVERY_MS }, options),
      (book) => {
        newest.current = { book, receivedAt: performance.now() };
        setState(book.bids.length + book.asks.length === 0 ? 'empty' : 'book');
        if (planned) return;
        planned = true;
        perFrame(write);
      },
      setProblem,
    );
    const ages = setInterval(() => {
      const last = newest.current;
      const doubtful = last !== null && (last.book.state === 'stale' || last.book.state === 'disconnected');
      setStaleFor(
        doubtful ? Math.floor((last.book.ageMs + performance.now() - last.receivedAt) / 1_000) * 1_000 : null,
      );
    }, 500);
    return () => {
      off();
      clearInterval(ages);
    };
  }, [desk, instrument, depth]);

  const doubt = !connected ? 'NOT CONNECTED' : staleFor === null ? null : `DEPTH STALE ${age(staleFor)}`;
  return (
    <div ref={host} className="relative h-full overflow-hidden">
      {problem !== null && state !== 'book' ? (
        <Failed what="Depth cannot be read" stillSafe={problem} />
      ) : state === 'loading' ? (
        <Loading what="the order book" />
      ) : state === 'empty' ? (
        <Empty title="No order book" hint={`${displayName(instrument)} has no depth from its feed now.`} />
      ) : null}
      <table
        ref={table}
        hidden={state !== 'book'}
        aria-label={`Order book of ${displayName(instrument)}`}
        className="ladder w-full table-fixed border-collapse"
      >
        <thead className="h-6 text-2xs text-ink-2">
          <tr>
            <th className="pl-2 text-left font-semibold">Price</th>
            <th className="text-right font-semibold">Size</th>
            <th className="pr-2 text-right font-semibold">Total</th>
          </tr>
        </thead>
        <Rows side="ask" count={depth} />
        <tbody>
          <tr className="h-6 border-y border-line bg-raised">
            <td ref={spread} colSpan={3} className="text-center text-ink-2" />
          </tr>
        </tbody>
        <Rows side="bid" count={depth} />
      </table>
      {doubt === null || state !== 'book' ? null : (
        <div className="stale-hatch absolute inset-0 flex items-center justify-center bg-panel/60">
          <span className="rounded-sm border border-stale bg-panel px-2 py-1 font-semibold text-ink">{doubt}</span>
        </div>
      )}
    </div>
  );
}

export function DepthPanel() {
  const instrument = useInstrument();
  return instrument === null ? (
    <Empty title="No instrument chosen" hint="Choose one in the watchlist." />
  ) : (
    <LadderTable key={instrument.id} instrument={instrument} />
  );
}
