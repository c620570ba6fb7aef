import { OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { contract } from '../../contract/contract.ts';

/** The OpenAPI 3.1 document of the contract. Takes some 100 ms of the loop, so callers keep it. */
export async function describeApi(version: string): Promise<string> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const document = await generator.generate(contract, {
    info: {
      title: 'Tradewright',
      version,
      description:
        'The engine of this machine. Money, prices and quantities are decimal strings, times are milliseconds since ' +
        '1970 (UTC). Every expected refusal carries a code and a sentence that says what to do. A lost answer to a ' +
        'command means that its outcome is unknown: look it up, or repeat it with the same idempotency key.',
    },
    servers: [{ url: '/api' }],
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  });
  return JSON.stringify(document);
}
