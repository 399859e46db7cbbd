import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { AwsError } from '../../../infra/local/aws/aws-error.ts';
import { awsJson } from '../../../infra/local/aws/aws-json.ts';
import { Cognito } from '../../../infra/local/aws/cognito.ts';
import { Mailbox, type Mail } from '../../../infra/local/aws/mail.ts';
import { LocalClock } from '../../../infra/local/clock.ts';
import { jsonAnswer, readRequest, sendAnswer } from '../../../infra/local/local-http.ts';
import { RunnerState } from '../../../infra/local/state.ts';
import { LocalUserPool, type PoolUser } from '../../../infra/local/user-pool.ts';
import { signInSpec } from '../../support/sign-in-spec.ts';

export interface CognitoService {
  readonly client: CognitoIdentityProviderClient;
  readonly poolId: string;
  user(email: string): PoolUser | undefined;
  mails(): readonly Mail[];
  /** The operations since the last time. */
  calls(): readonly string[];
  /** Asked before each operation: an error's name refuses it. */
  refusing: (operation: string) => string | undefined;
  stop(): void;
}

/** Cognito of the local run over HTTP, for the SDK's own client. */
export const startCognito = async (): Promise<CognitoService> => {
  const state = new RunnerState(':memory:');
  const clock = new LocalClock(state);
  const mailbox = new Mailbox(state, clock);
  const pool = new LocalUserPool(state, clock);
  const cognito = new Cognito(signInSpec, { pool, mailbox });
  const calls: string[] = [];
  const serve = awsJson((operation, input) => {
    calls.push(operation);
    const refusal = service.refusing(operation);
    if (refusal !== undefined) throw new AwsError(refusal, 'as the test wants it');
    return cognito.call(operation, input);
  });
  const server = createServer((incoming, outgoing) => {
    void readRequest(incoming, 100_000)
      .then((request) => (request === undefined ? jsonAnswer(413, {}) : serve(request)))
      .then((answer) => sendAnswer(outgoing, answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = new CognitoIdentityProviderClient({
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const service: CognitoService = {
    client,
    poolId: signInSpec.poolId,
    user: (email) => pool.find(email),
    mails: () => mailbox.items(),
    calls: () => calls.splice(0),
    refusing: () => undefined,
    stop() {
      client.destroy();
      server.close();
      server.closeAllConnections();
      state.close();
    },
  };
  return service;
};
