import { useEffect, useState } from 'react';
import type { ContractOutputs } from '../../src/contract/types.ts';
import { Button } from '../controls/button.tsx';
import { Loading } from '../controls/states.tsx';
import { useDesk } from '../desk/desk.ts';
import { statusWord, typeWord } from '../desk/order-kind.ts';
import { nameOf, priceText } from '../blotter/cells.ts';
import { age, bothZones, timeOf } from '../format/time.ts';
import { useSettings } from '../settings/settings.ts';
import { DialogFrame } from './frame.tsx';

type Timeline = ContractOutputs['orders']['timeline'];

/** Everything that happened to one order, with the time between the moments. */
export function TimelineDialog({ orderId, onClose }: { readonly orderId: string; readonly onClose: () => void }) {
  const desk = useDesk();
  const zone = useSettings((settings) => settings.zone);
  const [timeline, setTimeline] = useState<Timeline | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    void desk.connection
      .call((client, options) => client.orders.timeline({ id: orderId }, options))
      .then((outcome) => {
        if (!current) return;
        if (outcome.kind === 'ok') setTimeline(outcome.value);
        else setProblem(outcome.sentence);
      });
    return () => {
      current = false;
    };
  }, [desk, orderId]);
  const order = timeline?.order;
  const title =
    order === undefined
      ? 'Order'
      : `${order.side.toUpperCase()} ${order.quantity} ${nameOf(order.instrument)} ${typeWord(order.type).toLowerCase()} · ${statusWord(order.status)}`;
  return (
    <DialogFrame title={title} onClose={onClose} wide>
      {problem === null ? null : (
        <p role="alert" className="text-halt">
          {problem}
        </p>
      )}
      {timeline === null && problem === null ? <Loading what="the history of the order" /> : null}
      {order === undefined ? null : (
        <p className="text-ink-2">
          {order.id}
          {order.venueOrderId === null ? '' : ` · venue ${order.venueOrderId}`} · {order.source}
          {order.strategy === null ? '' : ` · ${order.strategy}`}
        </p>
      )}
      {timeline === null ? null : (
        <table className="w-full text-left">
          <thead className="text-2xs text-ink-2">
            <tr>
              <th className="py-1 font-semibold">Time {zone}</th>
              <th className="font-semibold">Event</th>
              <th className="font-semibold">Status</th>
              <th className="text-right font-semibold">After</th>
              <th className="pl-3 font-semibold">Detail</th>
            </tr>
          </thead>
          <tbody>
            {timeline.moments.map((moment) => (
              <tr
                key={`${moment.at}/${moment.event}/${moment.fill?.tradeId ?? ''}`}
                className="border-t border-line align-top"
              >
                <td className="py-1" title={bothZones(moment.at)}>
                  {timeOf(moment.at, zone)}
                </td>
                <td>{moment.event}</td>
                <td>{statusWord(moment.status)}</td>
                <td className="text-right">{age(moment.elapsedMs)}</td>
                <td className="pl-3 text-ink-2">
                  {moment.fill === null
                    ? ''
                    : `${moment.fill.quantity} at ${priceText(moment.fill.instrument, moment.fill.price)} ${moment.fill.liquidity} `}
                  {moment.sentence}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div className="flex justify-end">
        <Button onClick={onClose}>Close</Button>
      </div>
    </DialogFrame>
  );
}
