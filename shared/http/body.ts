import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { BadRequest, TooLarge, UnsupportedMediaType } from '../errors/errors.ts';
import type { AnyRoute } from './route.ts';

const MEGABYTE = 1024 * 1024;

const NO_BYTES = new Uint8Array();

/** The bytes that came in, decoded from the gateway's wrapping, and nothing else done to them. */
export const rawBodyOf = (event: Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded'>): Uint8Array =>
  event.body === undefined ? NO_BYTES : Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8');

/** Throws TooLarge when the body has more bytes than the route takes in. */
export const assertSize = (route: AnyRoute, rawBody: Uint8Array): void => {
  const limit = route.maxBodyBytes ?? MEGABYTE;
  if (rawBody.byteLength <= limit) return;
  throw new TooLarge(`The body has ${String(rawBody.byteLength)} bytes; ${String(limit)} are the most.`);
};

const isJson = (contentType: string | undefined): boolean =>
  /^\s*application\/json\s*(;.*)?$/i.test(contentType ?? '');

/**
 * The parsed body of a route that reads JSON; undefined for the others. Throws UnsupportedMediaType unless it is
 * `application/json`, BadRequest when there is none, or it isn't JSON in UTF-8.
 */
export const jsonBodyOf = (
  route: AnyRoute,
  contentType: string | undefined,
  rawBody: Uint8Array,
): unknown => {
  if (route.body === undefined) return undefined;
  if (rawBody.byteLength === 0) {
    if (route.body.safeParse(undefined).success) return undefined;
    throw new BadRequest('The body is missing; it must be a JSON document.');
  }
  if (!isJson(contentType)) {
    throw new UnsupportedMediaType(
      contentType === undefined
        ? 'The header Content-Type is missing; it must be application/json.'
        : 'The body must be application/json.',
    );
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(rawBody);
  } catch {
    throw new BadRequest('The body is not text in UTF-8.');
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadRequest(`The body is not JSON: ${whereJsonBreaks(error)}.`);
  }
};

/** The engine's message without the excerpt of the body that it quotes. */
const whereJsonBreaks = (error: unknown): string => {
  const position =
    error instanceof Error
      ? /at position \d+( \(line \d+ column \d+\))?/.exec(error.message)?.[0]
      : undefined;
  return position === undefined ? 'it ends too early or starts with something else' : `it breaks ${position}`;
};
