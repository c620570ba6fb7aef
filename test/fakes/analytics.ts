import { refuse } from '../../src/domain/refusal.ts';
import type { AnalyticsRoom } from '../../src/engine/workstation/analytics-room.ts';

const none = () => refuse('ANALYTICS_UNAVAILABLE', 'Performance figures are not kept here.');

/** An engine without performance figures. */
export const NO_ANALYTICS: AnalyticsRoom = {
  trades: none,
  breakdown: none,
  calendar: none,
  equity: none,
  execution: none,
  order: none,
  gap: none,
  note: none,
  setNote: none,
  tags: none,
};
