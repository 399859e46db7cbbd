import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import * as z from 'zod';
import { AppError, MethodNotAllowed, NotYet } from '../errors/errors.ts';

/** A problem document (RFC 9457). */
export const Problem = z
  .object({
    type: z.string().describe('Which kind of problem; the same for every occurrence.'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What is wrong this time, and what would be right.'),
    instance: z.string().describe('The path that was asked for.'),
    requestId: z.string().describe('To be named when asking for help.'),
    errors: z
      .array(
        z.object({
          in: z.enum(['path', 'query', 'header']).optional().describe('Left out for the body.'),
          path: z.string().describe('JSON pointer (RFC 6901), as in `/amount/currency`.'),
          message: z.string(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem', description: 'A problem document (RFC 9457).' });
export type Problem = z.infer<typeof Problem>;

export interface Occurrence {
  readonly instance: string;
  readonly requestId: string;
}

/** How AWS's clients name the refusals that pass by themselves. */
const TRANSIENT = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'TransactionConflictException',
  'TransactionInProgressException',
  'InternalServerError',
]);

/** Whether the same request may succeed in a moment. */
const isTransient = (error: unknown): boolean => error instanceof Error && TRANSIENT.has(error.name);

const problem = (
  facts: Pick<Problem, 'title' | 'status' | 'detail' | 'errors'>,
  { instance, requestId }: Occurrence,
  headers: Readonly<Record<string, string>> = {},
): APIGatewayProxyStructuredResultV2 => ({
  statusCode: facts.status,
  headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
  body: JSON.stringify({
    type: `urn:quotaline:problem:${facts.title.toLowerCase().replaceAll(' ', '-')}`,
    title: facts.title,
    status: facts.status,
    detail: facts.detail,
    instance,
    requestId,
    ...(facts.errors === undefined ? {} : { errors: facts.errors }),
  } satisfies Problem),
});

/** The answer to any error: what a typed one says, and of any other nothing but that it happened. */
export const problemOf = (error: unknown, occurrence: Occurrence): APIGatewayProxyStructuredResultV2 => {
  if (error instanceof AppError) {
    const { title, status, detail } = error;
    const errors = error.errors === undefined ? undefined : [...error.errors];
    return problem({ title, status, detail, ...(errors === undefined ? {} : { errors }) }, occurrence, {
      ...(error instanceof MethodNotAllowed ? { allow: error.allow.join(', ') } : {}),
      ...(error instanceof NotYet ? { 'retry-after': '1' } : {}),
    });
  }
  if (isTransient(error)) {
    const detail = 'The request could not be carried out just now; the same request may succeed in a moment.';
    return problem({ title: 'Service unavailable', status: 503, detail }, occurrence, { 'retry-after': '1' });
  }
  const detail = 'Something went wrong on our side. It was logged under this request id.';
  return problem({ title: 'Internal server error', status: 500, detail }, occurrence);
};
