import { createHash } from 'node:crypto';
import { getEventIteratorSchemaDetails, isContractProcedure, type AnyContractRouter } from '@orpc/contract';
import * as z from 'zod';
import { contract } from '../contract/contract.ts';

function isZod(schema: unknown): schema is z.ZodType {
  return schema instanceof z.ZodType;
}

function shape(schema: unknown, io: 'input' | 'output'): unknown {
  return isZod(schema) ? z.toJSONSchema(schema, { io, unrepresentable: 'any' }) : null;
}

function describe(router: AnyContractRouter): unknown {
  if (isContractProcedure(router)) {
    const { route, meta, inputSchema, outputSchema } = router['~orpc'];
    const events = getEventIteratorSchemaDetails(outputSchema);
    const output = events === undefined ? shape(outputSchema, 'output') : { events: shape(events.yields, 'output') };
    return { route, meta, input: shape(inputSchema, 'input'), output };
  }
  return Object.entries(router)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, part]: [string, AnyContractRouter]) => [name, describe(part)]);
}

let hash: string | null = null;

/** SHA-256 over routes, effects and JSON schemas of every procedure. Computed once, when first asked. */
export function contractHash(): string {
  hash ??= createHash('sha256')
    .update(JSON.stringify(describe(contract)))
    .digest('hex');
  return hash;
}
