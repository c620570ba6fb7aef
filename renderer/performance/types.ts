import type { ContractOutputs } from '../../src/contract/types.ts';

type Analytics = ContractOutputs['analytics'];

export type Performance = ContractOutputs['performance']['get'];
export type ClosedTrade = Analytics['trades']['trades'][number];
export type ProfitFigures = Analytics['calendar']['total'];
export type BreakdownRow = Analytics['breakdown']['rows'][number];
export type CalendarDay = Analytics['calendar']['days'][number];
export type EquityCurve = Analytics['equity'];
export type ExecutionReport = Analytics['execution'];
export type ExecutionFigures = ExecutionReport['totals'][number]['figures'];
