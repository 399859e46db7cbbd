import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** Safe in logs, headers and events alike. */
const CORRELATION_ID = /^[A-Za-z0-9._:/+=@-]{1,128}$/;

/** W3C Trace Context, version 00. */
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The id that a request and everything it causes are found by: the caller's, if well-formed, else the request's own. */
export const correlationIdOf = (
  event: Pick<APIGatewayProxyEventV2, 'headers' | 'requestContext'>,
): string => {
  const given = event.headers['x-correlation-id'];
  return given !== undefined && CORRELATION_ID.test(given) ? given : event.requestContext.requestId;
};

/** The caller's trace, to be passed on; undefined without one, or if it is malformed. */
export const traceparentOf = (event: Pick<APIGatewayProxyEventV2, 'headers'>): string | undefined => {
  const given = event.headers.traceparent;
  return given !== undefined && TRACEPARENT.test(given) ? given : undefined;
};
