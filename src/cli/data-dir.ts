import { join } from 'node:path';

/** Where the journal lives when nobody says otherwise: the place each system keeps application data. */
export function defaultDataDir(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string): string {
  const given = environment['TRADEWRIGHT_HOME'];
  if (given !== undefined && given !== '') return given;
  if (platform === 'win32') return join(environment['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Tradewright');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Tradewright');
  return join(environment['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'tradewright');
}
