import { getEventIteratorSchemaDetails, isContractProcedure, type AnyContractRouter } from '@orpc/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { contract } from '../../src/contract/contract.ts';
import { contractErrors } from '../../src/contract/errors.ts';
import { placeOrder } from '../../src/contract/order.ts';
import { decimal, instrumentId, positiveDecimal } from '../../src/contract/scalars.ts';
import { contractHash } from '../../src/api/contract-hash.ts';
import { instrumentId as makeInstrumentId } from '../../src/domain/instrument.ts';
import { formatUnits } from '../../src/domain/units.ts';

interface Listed {
  readonly name: string;
  readonly def: {
    readonly route: { method?: string; path?: string; summary?: string };
    readonly meta: Record<string, unknown>;
    readonly inputSchema?: unknown;
    readonly outputSchema?: unknown;
    readonly errorMap: object;
  };
}

function list(router: AnyContractRouter, prefix = ''): Listed[] {
  if (isContractProcedure(router)) return [{ name: prefix.slice(1), def: router['~orpc'] as Listed['def'] }];
  return Object.entries(router).flatMap(([name, part]: [string, AnyContractRouter]) => list(part, `${prefix}.${name}`));
}
const procedures = list(contract);

/** Every schema inside one, with the path to it. */
function walk(
  schema: z.core.$ZodType,
  path: string,
  seen = new Set<unknown>(),
): { path: string; schema: z.core.$ZodType }[] {
  if (seen.has(schema)) return [];
  seen.add(schema);
  const { def } = schema._zod as unknown as { def: Record<string, unknown> };
  const parts: [string, unknown][] = [];
  if (typeof def['shape'] === 'object' && def['shape'] !== null) parts.push(...Object.entries(def['shape']));
  for (const key of ['element', 'innerType', 'valueType', 'in', 'out'])
    if (def[key] !== undefined) parts.push([key, def[key]]);
  if (Array.isArray(def['options']))
    parts.push(...def['options'].map((option: unknown): [string, unknown] => ['|', option]));
  return [
    { path, schema },
    ...parts.flatMap(([name, part]) => (part instanceof z.core.$ZodType ? walk(part, `${path}.${name}`, seen) : [])),
  ];
}
const zodOf = (schema: unknown): z.core.$ZodType => {
  if (!(schema instanceof z.core.$ZodType)) throw new TypeError('not a zod schema');
  return schema;
};
const outputOf = (procedure: Listed): z.core.$ZodType => {
  const { outputSchema } = procedure.def;
  const events = getEventIteratorSchemaDetails(outputSchema as Parameters<typeof getEventIteratorSchemaDetails>[0]);
  return zodOf(events === undefined ? outputSchema : events.yields);
};

const MONEY =
  /\.(price|quantity|cash|equity|fee|fees|notional|realised|unrealised|last|bid|ask|bidSize|askSize|size|mark|averagePrice|trigger|stopLoss|takeProfit|trailing|maxLoss|buyingPower|capital|open|high|low|close|remaining|filled)$/;

describe('every procedure', () => {
  test('there are as many as there should be', () => {
    expect(procedures.length).toBeGreaterThanOrEqual(44);
  });

  test.each(procedures.map((procedure) => [procedure.name, procedure] as const))(
    '%s is complete',
    (_name, procedure) => {
      const { route, meta, inputSchema, errorMap } = procedure.def;
      expect(route.method).toMatch(/^(GET|POST)$/);
      expect(route.path).toMatch(/^\/[a-z/-]+$/);
      expect(route.summary).toMatch(/^[A-Z].{10,}/);
      expect(['read', 'write', 'danger']).toContain(meta['effect']);
      expect(Object.keys(errorMap)).toEqual(Object.keys(contractErrors));
      // What changes something is never a GET, which browsers repeat and prefetch.
      if (meta['effect'] !== 'read') expect(route.method).toBe('POST');
      for (const { path, schema } of walk(zodOf(inputSchema), 'input')) {
        const { def } = schema._zod as unknown as { def: { type: string; catchall?: z.core.$ZodType } };
        if (def.type === 'object') expect(def.catchall?._zod.def.type, `${path} must be strict`).toBe('never');
      }
      for (const [root, schema] of [
        ['input', zodOf(inputSchema)],
        ['output', outputOf(procedure)],
      ] as const) {
        for (const part of walk(schema, root)) {
          const { type } = part.schema._zod.def;
          expect(['date', 'bigint', 'any', 'unknown', 'file', 'custom'], `${part.path} is ${type}`).not.toContain(type);
          if (MONEY.test(part.path)) {
            expect(['string', 'nullable', 'optional', 'default', 'array'], `${part.path} is ${type}`).toContain(type);
          }
        }
      }
    },
  );

  test('no two share method and path', () => {
    const routes = procedures.map(({ def }) => `${def.route.method} ${def.route.path}`);
    expect(new Set(routes).size).toBe(routes.length);
  });

  test('what sends an order carries an idempotency key, what loosens risk a reason', () => {
    const shapes = new Map(procedures.map(({ name, def }) => [name, (zodOf(def.inputSchema) as z.ZodObject).shape]));
    for (const name of ['orders.place', 'positions.close']) expect(shapes.get(name)).toHaveProperty('idempotencyKey');
    for (const name of ['risk.setLimits', 'risk.resume']) {
      expect(z.safeParse(zodOf(shapes.get(name)?.['reason']), '  ').success).toBe(false);
      expect(z.safeParse(zodOf(shapes.get(name)?.['reason']), undefined).success).toBe(false);
    }
    // A halt must not fail for want of words.
    expect(z.safeParse(zodOf(shapes.get('risk.halt')?.['reason']), undefined).success).toBe(true);
  });

  test('orders.place takes what orders.preview takes', () => {
    const preview = procedures.find(({ name }) => name === 'orders.preview');
    const ticket = Object.keys((zodOf(preview?.def.inputSchema) as z.ZodObject).shape);
    expect(Object.keys(placeOrder.shape).filter((key) => !ticket.includes(key))).toEqual([
      'idempotencyKey',
      'reviewToken',
      'acknowledged',
    ]);
  });
});

describe('scalars', () => {
  test.each(['0', '-1.50', '61826.01', '0.00000001', '123456789012345678901234567890.5'])(
    '"%s" is a decimal',
    (text) => {
      expect(decimal.safeParse(text).success).toBe(true);
    },
  );
  test.each([
    '',
    ' 1',
    '1 ',
    '1.',
    '.5',
    '+1',
    '1e5',
    '1,5',
    '1_0',
    'NaN',
    'Infinity',
    '0x10',
    '--1',
    '١',
    '1\n',
    '1'.repeat(90),
  ])('"%s" is no decimal', (text) => {
    expect(decimal.safeParse(text).success).toBe(false);
  });
  test.each(['0', '0.0', '-1', '-0.5', '000.000'])('"%s" is not above zero', (text) => {
    expect(positiveDecimal.safeParse(text).success).toBe(false);
  });

  test('whatever the engine prints is a decimal', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 18 }), (units, digits) => {
        const text = formatUnits(units, digits);
        expect(decimal.safeParse(text).success).toBe(true);
        expect(positiveDecimal.safeParse(text).success).toBe(units > 0);
      }),
    );
  });

  test.each([
    ['BTCUSDT', 'binance'],
    ['M&M', 'nse'],
    ['BAJAJ-AUTO', 'nse'],
    ['NIFTY25NOVFUT', 'nse'],
    ['BTC/USDT:USDT', 'kucoin'],
    ['1000SHIB', 'binance'],
  ])('%s on %s is an instrument', (symbol, venue) => {
    expect(instrumentId.safeParse(makeInstrumentId(symbol, venue)).success).toBe(true);
  });
  test.each(['', 'BTC', 'btcusdt.binance', 'BTC.', '.NSE', 'A B.NSE', 'A\0.NSE', '../X.NSE', `${'A'.repeat(64)}.NSE`])(
    '"%s" is no instrument',
    (text) => {
      expect(instrumentId.safeParse(text).success).toBe(false);
    },
  );
});

test('the hash is the same in every run and depends on the contract', () => {
  expect(contractHash()).toMatch(/^[0-9a-f]{64}$/);
  expect(contractHash()).toBe(contractHash());
});
