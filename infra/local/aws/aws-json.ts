import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { jsonAnswer, jsonBody, type LocalAnswer, type LocalRequest } from '../local-http.ts';
import { AwsError } from './aws-error.ts';

/**
 * Serves AWS's JSON protocol (1.0 and 1.1 alike): the operation stands in `X-Amz-Target`; an AwsError, or input of another shape, is
 * a 400.
 */
export const awsJson =
  (call: (operation: string, input: unknown) => unknown) =>
  async (request: LocalRequest): Promise<LocalAnswer> => {
    const headers = {
      'content-type': request.headers['content-type'] ?? 'application/x-amz-json-1.1',
      'x-amzn-requestid': randomUUID(),
    };
    const operation = (request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
    try {
      return jsonAnswer(200, await call(operation, jsonBody(request)), headers);
    } catch (error) {
      if (error instanceof AwsError)
        return jsonAnswer(400, { __type: error.code, message: error.message }, headers);
      if (error instanceof z.ZodError)
        return jsonAnswer(400, { __type: 'ValidationException', message: z.prettifyError(error) }, headers);
      throw error;
    }
  };
