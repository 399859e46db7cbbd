import { generateKeyPair, SignJWT } from 'jose';
import type { SystemResponse } from './system.ts';

/** The value if the text is JSON, else the text itself. */
export const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};

/** Calls an API with a token; a string is sent as it is, anything else as JSON. */
export const callWith = async (
  token: string,
  method: string,
  url: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<SystemResponse> => {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: parsed(await response.text()) };
};

/** A token for this client that nobody but we signed, of an issuer that does not exist. */
export const forgedTokenFor = async (clientId: string): Promise<string> => {
  const { privateKey } = await generateKeyPair('RS256');
  return new SignJWT({ client_id: clientId, scope: 'sales/admin sales/deals.read', token_use: 'access' })
    .setProtectedHeader({ alg: 'RS256', kid: 'local' })
    .setIssuer('https://issuer.example')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey);
};
