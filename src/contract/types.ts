/**
 * The contract as types, for the window: import with `import type` only, so that no schema and no zod reaches the page.
 * A client is `createORPCClient<ContractClient>(link)`.
 */
import type { ContractRouterClient, InferContractRouterInputs, InferContractRouterOutputs } from '@orpc/contract';
import type * as z from 'zod';
import type {
  closedTrade,
  executionFigures,
  lotMethod,
  profitFigures,
  recommendation,
  tradeNote,
} from './analytics.ts';
import type { appStatus, feedStatus, marketPhase, riskLevel, sessionState, tradingState } from './app.ts';
import type { Contract } from './contract.ts';
import type { ContractErrorCode, refusal, riskCheck } from './errors.ts';
import type { bar, book, bookLevel, freshness, instrument, quote, tapeTrade } from './market.ts';
import type { fill, limitUse, order, orderPreview, orderStatus, orderTicket, placeOrder } from './order.ts';
import type { parentOrder, parentPreview, parentTicket, startParent, venueRank } from './algorithms.ts';
import type { fillEvent, orderEvent, orderMoment } from './orders.ts';
import type { account, accountFigures, portfolioState, position } from './portfolio.ts';
import type { emergencyStatus, flattenPlan, flattenStep } from './emergency.ts';
import type { portfolioRisk, riskTrend } from './risk-controls.ts';
import type { alert, riskGauge, riskLimits, riskLimitsState, riskStatus } from './risk.ts';
import type { orderType, side, timeframe, timeInForce } from './scalars.ts';
import type { auditEntry, sessionStatus, strategyDefinition, strategyRun } from './session.ts';

export type ContractClient = ContractRouterClient<Contract>;
/** `ContractInputs['orders']['place']` is what a caller passes, defaults optional. */
export type ContractInputs = InferContractRouterInputs<Contract>;
export type ContractOutputs = InferContractRouterOutputs<Contract>;

export type AppStatus = z.infer<typeof appStatus>;
export type FeedStatus = z.infer<typeof feedStatus>;
export type MarketPhase = z.infer<typeof marketPhase>;
export type SessionState = z.infer<typeof sessionState>;
export type TradingState = z.infer<typeof tradingState>;
export type RiskLevel = z.infer<typeof riskLevel>;
export type InstrumentView = z.infer<typeof instrument>;
export type Freshness = z.infer<typeof freshness>;
export type QuoteView = z.infer<typeof quote>;
export type BarView = z.infer<typeof bar>;
export type BookView = z.infer<typeof book>;
export type BookLevelView = z.infer<typeof bookLevel>;
export type TradeView = z.infer<typeof tapeTrade>;
export type Timeframe = z.infer<typeof timeframe>;
export type OrderSide = z.infer<typeof side>;
export type OrderTypeName = z.infer<typeof orderType>;
export type TimeInForceName = z.infer<typeof timeInForce>;
export type OrderView = z.infer<typeof order>;
export type OrderStatusName = z.infer<typeof orderStatus>;
/** With every default filled in. */
export type OrderTicket = z.infer<typeof orderTicket>;
export type PlaceOrder = z.infer<typeof placeOrder>;
export type OrderPreview = z.infer<typeof orderPreview>;
export type ParentTicketView = z.infer<typeof parentTicket>;
export type StartParent = z.infer<typeof startParent>;
export type ParentPreview = z.infer<typeof parentPreview>;
export type ParentOrderView = z.infer<typeof parentOrder>;
export type VenueRankView = z.infer<typeof venueRank>;
export type LimitUse = z.infer<typeof limitUse>;
export type OrderMoment = z.infer<typeof orderMoment>;
export type OrderStreamEvent = z.infer<typeof orderEvent>;
export type FillView = z.infer<typeof fill>;
export type FillStreamEvent = z.infer<typeof fillEvent>;
export type AccountView = z.infer<typeof account>;
export type AccountFigures = z.infer<typeof accountFigures>;
export type PositionView = z.infer<typeof position>;
export type PortfolioState = z.infer<typeof portfolioState>;
export type Alert = z.infer<typeof alert>;
export type RiskCheckView = z.infer<typeof riskCheck>;
export type RiskGauge = z.infer<typeof riskGauge>;
export type RiskStatus = z.infer<typeof riskStatus>;
export type PortfolioRisk = z.infer<typeof portfolioRisk>;
export type RiskTrend = z.infer<typeof riskTrend>;
export type EmergencyStatus = z.infer<typeof emergencyStatus>;
export type FlattenPlan = z.infer<typeof flattenPlan>;
export type RiskLimits = z.infer<typeof riskLimits>;
export type RiskLimitsState = z.infer<typeof riskLimitsState>;
export type FlattenStep = z.infer<typeof flattenStep>;
export type SessionStatus = z.infer<typeof sessionStatus>;
export type StrategyRun = z.infer<typeof strategyRun>;
export type StrategyDefinitionView = z.infer<typeof strategyDefinition>;
export type AuditEntry = z.infer<typeof auditEntry>;
export type ClosedTradeView = z.infer<typeof closedTrade>;
export type TradeNoteView = z.infer<typeof tradeNote>;
export type ProfitFiguresView = z.infer<typeof profitFigures>;
export type ExecutionFiguresView = z.infer<typeof executionFigures>;
export type RecommendationView = z.infer<typeof recommendation>;
export type LotMethodName = z.infer<typeof lotMethod>;
/** The `data` of every typed error. */
export type RefusalView = z.infer<typeof refusal>;
export type { ContractErrorCode };
