import { pino } from 'pino';
import type { ApiLog } from './failures.ts';

/** JSON lines on stderr, warnings and failures only. Names that secrets go by are masked should one ever get here. */
export function createLog(): ApiLog {
  return pino(
    {
      level: 'warn',
      base: null,
      redact: {
        paths: [
          'token',
          'authorization',
          'apiKey',
          'secret',
          'password',
          '*.token',
          '*.authorization',
          '*.apiKey',
          '*.secret',
          '*.password',
        ],
        censor: '[secret]',
      },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
