import { parseArgs } from 'node:util';
import { istIso, parseDay } from '../../clock/ist.ts';
import { ALWAYS_OPEN, type MarketCalendar } from '../../clock/market-calendar.ts';
import { nseCalendar } from '../../clock/nse-calendar.ts';
import type { EpochMs } from '../../domain/units.ts';
import { type Command, UsageError } from '../command.ts';
import { usageOf } from '../usage.ts';

const help = `tradewright calendar --venue nse|crypto --at ISO [--segment cash|fo] [--no-derivatives] [--json]
tradewright calendar --venue nse|crypto --from YYYY-MM-DD --to YYYY-MM-DD [--segment cash|fo] [--json]

  --venue           nse (Asia/Kolkata) or crypto (round the clock, UTC)
  --at              an instant; without an offset it is read in the venue's own zone
  --from, --to      trading sessions between two days, both included
  --segment         cash (default) or fo (equity derivatives)
  --no-derivatives  a cash security without derivative contracts (no closing auction from 2026-08-03)
  --json            one JSON document on stdout`;

const OPTIONS = {
  venue: { type: 'string' },
  at: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  segment: { type: 'string', default: 'cash' },
  'no-derivatives': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** Offset-free instants belong to the venue's zone; a bare date is its first instant. */
function readInstant(text: string, zone: string): EpochMs {
  const shape = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(
    text.trim(),
  );
  const date = shape?.[1];
  if (shape === null || date === undefined || Number.isNaN(parseDay(date))) {
    throw new UsageError(`--at "${text}" is not an ISO 8601 instant such as 2026-11-20T09:15:00+05:30.`);
  }
  const offset = (shape[3] ?? zone).replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const at = Date.parse(`${date}T${shape[2] ?? '00:00'}${offset}`);
  if (Number.isNaN(at))
    throw new UsageError(`--at "${text}" is not an ISO 8601 instant such as 2026-11-20T09:15:00+05:30.`);
  return at;
}

export const command: Command = {
  name: 'calendar',
  summary: 'session state at an instant; sessions between dates',
  help,
  // oxlint-disable-next-line typescript/require-await -- the Command type is asynchronous for commands that need it
  async run(args, io) {
    const { values } = usageOf(() => parseArgs({ args: [...args], options: OPTIONS, strict: true }));
    if (values.help) {
      io.out(`${help}\n`);
      return 0;
    }
    const segment = values.segment;
    if (segment !== 'cash' && segment !== 'fo') throw new UsageError(`--segment is cash or fo, not "${segment}".`);
    if (values.venue !== 'nse' && values.venue !== 'crypto')
      throw new UsageError('--venue nse or --venue crypto is needed.');
    const nse = values.venue === 'nse';
    const calendar: MarketCalendar = nse ? nseCalendar(segment, !values['no-derivatives']) : ALWAYS_OPEN;
    const iso = nse ? istIso : (at: EpochMs): string => new Date(at).toISOString().replace('.000Z', 'Z');

    if (values.at !== undefined) {
      if (values.from !== undefined || values.to !== undefined)
        throw new UsageError('Use either --at or --from with --to.');
      const at = readInstant(values.at, nse ? '+05:30' : 'Z');
      const status = calendar.statusAt(at);
      const answer = {
        venue: values.venue,
        at: iso(at),
        segment,
        state: status.state,
        reason: status.reason,
        session: status.session === null ? null : { open: iso(status.session.open), close: iso(status.session.close) },
        nextOpen: status.nextOpen === null ? null : iso(status.nextOpen),
      };
      io.out(
        values.json
          ? `${JSON.stringify(answer)}\n`
          : `${answer.venue} ${segment} at ${answer.at}: ${answer.state} (${answer.reason}); next open ${answer.nextOpen ?? 'not known'}\n`,
      );
      return 0;
    }
    if (values.from === undefined || values.to === undefined) throw new UsageError('Use --at ISO, or --from and --to.');
    for (const [name, text] of [
      ['--from', values.from],
      ['--to', values.to],
    ] as const) {
      if (Number.isNaN(parseDay(text))) throw new UsageError(`${name} "${text}" is not a date such as 2026-11-20.`);
    }
    if (parseDay(values.to) < parseDay(values.from)) throw new UsageError('--to lies before --from.');
    if (parseDay(values.to) - parseDay(values.from) > 40_000)
      throw new UsageError('--from to --to spans more than 100 years.');
    const sessions = calendar.sessions(values.from, values.to).map((window) => ({
      date: window.date,
      open: iso(window.open),
      close: iso(window.close),
      special: window.special,
      reason: window.reason,
    }));
    if (values.json) io.out(`${JSON.stringify({ sessions })}\n`);
    else
      for (const session of sessions) io.out(`${session.date}  ${session.open}  ${session.close}  ${session.reason}\n`);
    return 0;
  },
};
