import { eventIterator, oc, type HTTPPath } from '@orpc/contract';
import type * as z from 'zod';
import { contractErrors } from './errors.ts';

/** read changes nothing; write changes the engine; danger moves or withdraws money at once and is never retried by itself. */
type Effect = 'read' | 'write' | 'danger';

const base = oc.$meta<{ effect: Effect; stream: boolean }>({ effect: 'read', stream: false }).errors(contractErrors);

interface Shape<I extends z.ZodType, O extends z.ZodType> {
  readonly path: HTTPPath;
  readonly summary: string;
  readonly input: I;
  readonly output: O;
}

export const query = <I extends z.ZodType, O extends z.ZodType>(shape: Shape<I, O>) =>
  base
    .meta({ effect: 'read', stream: false })
    .route({ method: 'GET', path: shape.path, summary: shape.summary })
    .input(shape.input)
    .output(shape.output);

export const command = <I extends z.ZodType, O extends z.ZodType>(
  shape: Shape<I, O> & { readonly effect: 'write' | 'danger' },
) =>
  base
    .meta({ effect: shape.effect, stream: false })
    .route({ method: 'POST', path: shape.path, summary: shape.summary })
    .input(shape.input)
    .output(shape.output);

/** `output` is one event. Over HTTP the stream is text/event-stream. */
export const stream = <I extends z.ZodType, O extends z.ZodType>(shape: Shape<I, O>) =>
  base
    .meta({ effect: 'read', stream: true })
    .route({ method: 'GET', path: shape.path, summary: shape.summary })
    .input(shape.input)
    .output(eventIterator(shape.output));

/** A command that reports its steps as it goes. */
export const steppedCommand = <I extends z.ZodType, O extends z.ZodType>(
  shape: Shape<I, O> & { readonly effect: 'write' | 'danger' },
) =>
  base
    .meta({ effect: shape.effect, stream: true })
    .route({ method: 'POST', path: shape.path, summary: shape.summary })
    .input(shape.input)
    .output(eventIterator(shape.output));
