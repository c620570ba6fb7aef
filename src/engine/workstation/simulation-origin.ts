import { join } from 'node:path';
import type { EpochMs } from '../../domain/units.ts';
import { readIfThere, replaceFile } from './durable-file.ts';

const ORIGIN_FILE = 'simulation.json';

export interface SimulationOrigin {
  readonly seed: number;
  /** When the simulated markets of this data folder began; what charts show from before is made up from here backwards. */
  readonly firstStart: EpochMs;
}

/** Kept so that a chart shows the same past at every start. A damaged file only costs that. */
export function simulationOrigin(dataDir: string, fresh: SimulationOrigin): SimulationOrigin {
  const path = join(dataDir, ORIGIN_FILE);
  try {
    const text = readIfThere(path);
    if (text !== null) {
      const input = JSON.parse(text) as Partial<Record<keyof SimulationOrigin, unknown>>;
      if (typeof input.seed === 'number' && typeof input.firstStart === 'number') {
        return { seed: input.seed, firstStart: input.firstStart };
      }
    }
  } catch {
    // Unreadable: written anew below.
  }
  try {
    replaceFile(path, JSON.stringify(fresh));
  } catch {
    return fresh;
  }
  return fresh;
}
