import { homedir } from 'node:os';
import { parseArgs } from 'node:util';
import { replaySession } from '../../engine/recorded-session.ts';
import { type Command, UsageError } from '../command.ts';
import { defaultDataDir } from '../data-dir.ts';
import { usageOf } from '../usage.ts';

const help = `tradewright session replay ID --data-dir D [--json]

Runs a recorded session again from its journalled inputs and compares the fingerprints.
Exit status 0 when they are identical, 1 when not.`;

export const command: Command = {
  name: 'session',
  summary: 'run a recorded session again and compare fingerprints',
  help,
  async run(args, io) {
    const { values, positionals } = usageOf(() =>
      parseArgs({
        args: [...args],
        options: {
          'data-dir': { type: 'string' },
          json: { type: 'boolean', default: false },
          help: { type: 'boolean', default: false },
        },
        allowPositionals: true,
        strict: true,
      }),
    );
    if (values.help) {
      io.out(`${help}\n`);
      return 0;
    }
    const [verb, id, ...more] = positionals;
    if (verb !== 'replay' || id === undefined || more.length > 0) throw new UsageError('Use "session replay ID".');
    const dataDir = values['data-dir'] ?? defaultDataDir(process.env, process.platform, homedir());
    const { outcome, ...answer } = await replaySession(dataDir, id, new AbortController().signal);
    const { counters } = outcome.core.orders;
    const document = { ...answer, orders: counters.submitted, fills: outcome.fills.length };
    io.out(
      values.json
        ? `${JSON.stringify(document)}\n`
        : `${answer.identical ? 'identical' : 'DIFFERENT'}: session ${id}, ${document.orders} orders, ${document.fills} fills\n  recorded ${answer.recorded}\n  replayed ${answer.replayed}\n`,
    );
    return answer.identical ? 0 : 1;
  },
};
