// Runs a session and dies by SIGKILL at one commit: `node crash-child.ts DATA_DIR COMMIT before|after`.
import { runRecordedSession } from '../../src/engine/recorded-session.ts';
import { crashConfig } from './crash-config.ts';

const [dataDir = '', commit = '', phase = ''] = process.argv.slice(2);
await runRecordedSession({
  dataDir,
  start: { config: crashConfig },
  speed: Number.POSITIVE_INFINITY,
  signal: new AbortController().signal,
  onCommit: (n, when) => {
    if (n === Number(commit) && when === phase) process.kill(process.pid, 'SIGKILL');
  },
});
