import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { jsonAnswer, jsonBody, type LocalAnswer, type LocalRequest } from '../local-http.ts';

/** A refusal by its AWS name. */
export class AwsError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = code;
    this.code = code;
  }
}

const TYPE = 'application/x-amz-json-1.1';

/** Serves AWS's JSON protocol: the operation stands in `X-Amz-Target`; an AwsError, or input of another shape, is a 400. */
export const awsJson =
  (call: (operation: string, input: unknown) => unknown) =>
  (request: LocalRequest): LocalAnswer => {
    const headers = { 'content-type': TYPE, 'x-amzn-requestid': randomUUID() };
    const operation = (request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
    try {
      return jsonAnswer(200, call(operation, jsonBody(request)), headers);
    } catch (error) {
      if (error instanceof AwsError)
        return jsonAnswer(400, { __type: error.code, message: error.message }, headers);
      if (error instanceof z.ZodError)
        return jsonAnswer(400, { __type: 'ValidationException', message: z.prettifyError(error) }, headers);
      throw error;
    }
  };
