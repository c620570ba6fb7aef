import type { DatedRate, Exchange, Product, Segment } from './charge-terms.ts';

// Statutory and exchange charges of Indian equities and equity derivatives. Every row is a published fact with its day
// of force; before 2024-10-01 exchanges charged members by volume slabs, so older cash rates are what discount brokers
// published.

const FINANCE_ACT_2004 = 'Finance (No. 2) Act 2004 with amendments; rate in force throughout 2020-2026';
const FINANCE_ACT_2023 = 'Finance Act 2023';
const FINANCE_ACT_2024 = 'Finance (No. 2) Act 2024';
const FINANCE_ACT_2026 = 'Finance Act 2026 (exchange circular of 2026-03-31)';
const BROKER_PUBLISHED = 'published by discount brokers (exchange slabs by volume)';
const NSE_2024 = 'NSE/FA/64323 of 2024-09-27';
const NSE_2026 = 'NSE/FA/73061 of 2026-02-27';
const BSE_2024 = 'BSE notice of 2024-09-27, true-to-label rates';

/** Which side owes securities transaction tax; for `exercise` the buyer, on intrinsic value. */
export const STT_SIDE: Readonly<Record<Product, 'both' | 'buy' | 'sell'>> = {
  delivery: 'both',
  intraday: 'sell',
  futures: 'sell',
  options: 'sell',
  exercise: 'buy',
};

export const STT_RATES: Readonly<Record<Product, readonly DatedRate[]>> = {
  delivery: [{ from: '2020-01-01', to: null, rate: '0.001', source: FINANCE_ACT_2004 }],
  intraday: [{ from: '2020-01-01', to: null, rate: '0.00025', source: FINANCE_ACT_2004 }],
  futures: [
    { from: '2023-04-01', to: '2024-09-30', rate: '0.000125', source: FINANCE_ACT_2023 },
    { from: '2024-10-01', to: '2026-03-31', rate: '0.0002', source: FINANCE_ACT_2024 },
    { from: '2026-04-01', to: null, rate: '0.0005', source: FINANCE_ACT_2026 },
  ],
  options: [
    { from: '2023-04-01', to: '2024-09-30', rate: '0.000625', source: FINANCE_ACT_2023 },
    { from: '2024-10-01', to: '2026-03-31', rate: '0.001', source: FINANCE_ACT_2024 },
    { from: '2026-04-01', to: null, rate: '0.0015', source: FINANCE_ACT_2026 },
  ],
  exercise: [
    { from: '2019-09-01', to: '2026-03-31', rate: '0.00125', source: 'Finance (No. 2) Act 2019' },
    { from: '2026-04-01', to: null, rate: '0.0015', source: FINANCE_ACT_2026 },
  ],
};

/** Exchange transaction charge, each side, on traded value (options: premium). */
export const TRANSACTION_RATES: Readonly<Record<Exchange, Readonly<Record<Segment, readonly DatedRate[]>>>> = {
  NSE: {
    cash: [
      { from: '2021-01-01', to: '2023-03-31', rate: '0.0000345', source: BROKER_PUBLISHED },
      { from: '2023-04-01', to: '2024-09-30', rate: '0.0000322', source: BROKER_PUBLISHED },
      { from: '2024-10-01', to: '2026-02-28', rate: '0.0000297', source: NSE_2024 },
      { from: '2026-03-01', to: null, rate: '0.0000307', source: `${NSE_2026}; investor protection included` },
    ],
    futures: [
      { from: '2024-10-01', to: '2026-02-28', rate: '0.0000173', source: NSE_2024 },
      { from: '2026-03-01', to: null, rate: '0.0000183', source: `${NSE_2026}; investor protection included` },
    ],
    options: [
      { from: '2024-10-01', to: '2026-02-28', rate: '0.0003503', source: NSE_2024 },
      { from: '2026-03-01', to: null, rate: '0.0003553', source: `${NSE_2026}; investor protection included` },
    ],
  },
  // Cash: groups A, B and other ordinary ones (X, Z and the like pay more). Options: Sensex and Bankex.
  BSE: {
    cash: [{ from: '2024-10-01', to: null, rate: '0.0000375', source: BSE_2024 }],
    futures: [{ from: '2024-10-01', to: null, rate: '0', source: BSE_2024 }],
    options: [{ from: '2024-10-01', to: null, rate: '0.000325', source: BSE_2024 }],
  },
};

/** Investor protection fund, where a broker bills it beside the transaction charge. From 2026-03-01 it is in the rate. */
export const IPFT_RATES: Readonly<Record<Exchange, Readonly<Record<Segment, readonly DatedRate[]>>>> = {
  NSE: {
    cash: [{ from: '2024-10-01', to: '2026-02-28', rate: '0.000001', source: NSE_2024 }],
    futures: [{ from: '2024-10-01', to: '2026-02-28', rate: '0.000001', source: NSE_2024 }],
    options: [{ from: '2024-10-01', to: '2026-02-28', rate: '0.000005', source: NSE_2024 }],
  },
  BSE: { cash: [], futures: [], options: [] },
};

export const SEBI_RATES: readonly DatedRate[] = [
  { from: '2021-04-01', to: null, rate: '0.000001', source: 'SEBI turnover fee, 10 rupees per crore' },
];

const STAMP_ACT = 'Indian Stamp Act as amended by the Finance Act 2019, in force from 2020-07-01';

/** On buys only. */
export const STAMP_RATES: Readonly<Record<Exclude<Product, 'exercise'>, readonly DatedRate[]>> = {
  delivery: [{ from: '2020-07-01', to: null, rate: '0.00015', source: STAMP_ACT }],
  intraday: [{ from: '2020-07-01', to: null, rate: '0.00003', source: STAMP_ACT }],
  futures: [{ from: '2020-07-01', to: null, rate: '0.00002', source: STAMP_ACT }],
  options: [{ from: '2020-07-01', to: null, rate: '0.00003', source: STAMP_ACT }],
};

/** On brokerage, transaction charges, separately billed investor protection and the SEBI fee; not on STT or stamp duty. */
export const GST_RATES: readonly DatedRate[] = [
  { from: '2017-07-01', to: null, rate: '0.18', source: 'Integrated GST on financial services' },
];
