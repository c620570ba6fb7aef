import type { PaperSessionOutcome } from '../engine/paper-session.ts';

/** For people. */
export function paperTable(report: Record<string, unknown>, outcome: PaperSessionOutcome): string {
  const { core, data } = outcome;
  const rows: [string, string][] = [
    ['Session', outcome.id],
    ['Market time', `${new Date(outcome.from).toISOString()} to ${new Date(outcome.to).toISOString()}`],
    [
      'Rows read / kept',
      `${data.read} / ${data.kept}${data.read === data.kept ? '' : `, dropped ${JSON.stringify(data.dropped)}`}`,
    ],
  ];
  for (const { id, currency } of outcome.accounts) {
    rows.push([
      id,
      `equity ${core.portfolio.equity(id)?.toFixed(2) ?? '?'} ${currency}, cash ${core.portfolio.cash(id)?.toFixed(2) ?? '?'}, realised ${core.portfolio.realised(id).toFixed(2)}, unrealised ${core.portfolio.unrealised(id).toFixed(2)}, fees ${core.portfolio.fees(id).toFixed(2)}`,
    ]);
  }
  const { counters } = core.orders;
  rows.push(
    [
      'Orders',
      `${counters.submitted} sent, ${counters.filled} filled, ${counters.cancelled} cancelled, ${counters.rejected} rejected, ${counters.denied} denied`,
    ],
    ['Fills', String(outcome.fills.length)],
    ['Execution', JSON.stringify(report['execution'])],
    ['Risk', JSON.stringify(report['risk'])],
    ['Fingerprint', outcome.fingerprint],
  );
  return `${rows.map(([name, value]) => `${name.padEnd(18)} ${value}`).join('\n')}\n`;
}
