import type { Random } from '../domain/random.ts';
import type { VenueModel } from './model.ts';

type LatencyTerms = Pick<VenueModel, 'latencyMs' | 'jitterMs' | 'jitterShape' | 'jitterSigma' | 'commandLatencyMs'>;
type CommandKind = keyof VenueModel['commandLatencyMs'];

/** Shapes without an upper end are cut at so many times `jitterMs`: no command travels for ever. */
const LONGEST_JITTER = 20;

/** One-way delay of one command in ms. */
export function drawLatency(terms: LatencyTerms, kind: CommandKind, random: Random): number {
  return terms.latencyMs + terms.commandLatencyMs[kind] + (terms.jitterMs > 0 ? drawJitter(terms, random) : 0);
}

function drawJitter({ jitterMs, jitterShape, jitterSigma }: LatencyTerms, random: Random): number {
  if (jitterShape === 'uniform') return random.next() * jitterMs;
  const drawn =
    jitterShape === 'exponential' ? random.exponential(jitterMs) : jitterMs * Math.exp(jitterSigma * random.normal());
  return Math.min(drawn, LONGEST_JITTER * jitterMs);
}

/** No command takes longer than this, ms. */
export function longestLatency(terms: LatencyTerms): number {
  const { submit, modify, cancel } = terms.commandLatencyMs;
  const jitter = terms.jitterShape === 'uniform' ? terms.jitterMs : LONGEST_JITTER * terms.jitterMs;
  return terms.latencyMs + jitter + Math.max(submit, modify, cancel);
}
