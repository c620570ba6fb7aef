import { analytics } from './analytics.ts';
import { algorithms } from './algorithms.ts';
import { app } from './app.ts';
import { fills, orders } from './orders.ts';
import { market } from './market.ts';
import { accounts, performance, portfolio, positions } from './portfolio.ts';
import { alerts, risk } from './risk.ts';
import { riskControls } from './risk-controls.ts';
import { journal, session, strategies } from './session.ts';

/** Everything a window or a script can ask of the engine, and nothing else. */
export const contract = {
  app,
  market,
  accounts,
  portfolio,
  positions,
  orders,
  algorithms,
  fills,
  risk,
  riskControls,
  alerts,
  session,
  strategies,
  performance,
  analytics,
  journal,
};
export type Contract = typeof contract;
