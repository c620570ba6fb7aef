import { useState } from 'react';
import { goToTicket } from '../../app/focus.ts';
import { Button } from '../../controls/button.tsx';
import { useDesk } from '../../desk/desk.ts';
import { displayName } from '../../desk/instruments.ts';
import { chooseInstrument, useAccount, useWindow } from '../../desk/window-state.ts';
import { useRowCount } from '../../market/use-rows.ts';
import { edit } from '../../ticket/ticket-state.ts';
import { finishStep } from '../first-run-state.ts';
import { firstOrder } from '../first-order.ts';
import { StepFrame } from '../step-frame.tsx';

/** An instrument that trades now: in the currency of the account, or in any. */
function useOpenInstrument(currency: string | undefined) {
  const desk = useDesk();
  const instruments = useWindow((state) => state.instruments);
  const isOpen = (id: string) => {
    const quote = desk.quotes.get(id);
    return quote !== undefined && quote.state === 'live' && quote.ask !== null;
  };
  const all = [...instruments.values()].filter(({ id }) => isOpen(id));
  return all.find(({ quote }) => quote === currency) ?? all[0];
}

export function TradeStep() {
  const desk = useDesk();
  const account = useAccount();
  const instrument = useOpenInstrument(account?.currency);
  useRowCount(desk.positions);
  // Once a second, with the status: a stop that was set later is seen, too.
  useWindow((state) => state.status?.now);
  const [filled, setFilled] = useState(false);
  const guarded = desk.positions.rows().find((position) => position.stopLoss !== null || position.trailing !== null);
  const fill = () => {
    if (instrument === undefined) return;
    const price = desk.quotes.get(instrument.id)?.ask ?? null;
    const capital = useWindow.getState().accounts.find(({ currency }) => currency === instrument.quote)?.startingCash;
    const order =
      price === null || capital === undefined
        ? null
        : firstOrder({ capital, price, step: instrument.step, tick: instrument.tick });
    if (order === null) return;
    chooseInstrument(instrument.id);
    goToTicket();
    // After the ticket has let go of the prices of the symbol before.
    setTimeout(() => {
      edit({ side: 'buy', type: 'market', reduceOnly: false, ...order });
      setFilled(true);
    }, 50);
  };
  return (
    <StepFrame
      title="A first paper trade, with a stop"
      text={
        <>
          <p>
            Every position needs a price at which you are wrong. Let the ticket be filled in, press{' '}
            <span className="font-semibold text-ink">Review</span>, read what the engine says about cost and limits, and
            press again to send.
          </p>
          {guarded === undefined ? null : (
            <p className="font-semibold text-ink">✓ Filled, and its stop stands. See it under Positions.</p>
          )}
        </>
      }
      nextLabel="Go on"
      waitsFor={guarded === undefined ? 'Waiting for a position with a stop' : null}
      onNext={() => finishStep('trade')}
    >
      <Button disabled={instrument === undefined} onClick={fill}>
        {instrument === undefined
          ? 'No market is open now'
          : filled
            ? 'Fill in the ticket again'
            : `Fill in the ticket: buy ${displayName(instrument)}`}
      </Button>
    </StepFrame>
  );
}
