import {
  type CognitoIdentityProviderClient,
  DescribeUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import * as z from 'zod';

const Token = z.object({ access_token: z.string().min(1) });
const Refusal = z.object({ error: z.string() });

interface ClientTokenOptions {
  readonly cognito: CognitoIdentityProviderClient;
  readonly userPoolId: string;
  readonly clientId: string;
  readonly tokenUrl: string;
  /** How long the token may be waited for, in milliseconds. */
  readonly limitMs: number;
}

/**
 * A token of an integration, by its client credentials. The secret is asked for each time, so that it is kept nowhere and
 * may change. Errors name neither secret nor token.
 */
export const clientToken = async ({
  cognito,
  userPoolId,
  clientId,
  tokenUrl,
  limitMs,
}: ClientTokenOptions): Promise<string> => {
  const described = await cognito.send(
    new DescribeUserPoolClientCommand({ UserPoolId: userPoolId, ClientId: clientId }),
  );
  const secret = described.UserPoolClient?.ClientSecret;
  if (secret === undefined) throw new Error(`The client ${clientId} has no secret to sign in with.`);
  const response = await fetch(tokenUrl, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
    signal: AbortSignal.timeout(limitMs),
  });
  const answer: unknown = await response.json();
  const token = Token.safeParse(answer);
  if (response.ok && token.success) return token.data.access_token;
  const refusal = Refusal.safeParse(answer);
  throw new Error(
    `${tokenUrl} gave no token: ${String(response.status)} ${refusal.success ? refusal.data.error : ''}`.trim(),
  );
};
