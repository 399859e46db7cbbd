import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  DescribeUserPoolClientCommand,
  InitiateAuthCommand,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import * as z from 'zod';
import { awsClient } from './aws.ts';
import type { StackOutputs } from './cdk.ts';
import type { EmulatorAddress } from './emulator.ts';

/** As long and mixed as the pool asks for. */
const PASSWORD = 'Pasta-e-fagioli-4';

const Token = z.object({ access_token: z.string() });
const ClientSecret = z.object({ UserPoolClient: z.object({ ClientSecret: z.string() }) });

/** Signs in at a deployed stack, with what its outputs say. */
export class SignedIn {
  readonly #url: string;
  readonly #poolId: string;
  readonly #peopleId: string;
  readonly operationsId: string;
  readonly #cognito: CognitoIdentityProviderClient;

  constructor(emulator: EmulatorAddress, { outputs }: { readonly outputs: StackOutputs }) {
    const output = (name: string): string => {
      const value = outputs[name];
      if (value === undefined) throw new Error(`The stack has no output ${name}`);
      return value;
    };
    // The token endpoint's own name resolves on AWS alone.
    this.#url = emulator.url + new URL(output('TokenUrl')).pathname;
    this.#poolId = output('UserPoolId');
    this.#peopleId = output('PeopleClientId');
    this.operationsId = output('ClientIdoperations');
    this.#cognito = new CognitoIdentityProviderClient(awsClient(emulator));
  }

  /** A token by client credentials of the `operations` integration: it has every scope. */
  async operations(): Promise<string> {
    const described = await this.#cognito.send(
      new DescribeUserPoolClientCommand({ UserPoolId: this.#poolId, ClientId: this.operationsId }),
    );
    const { ClientSecret: secret } = ClientSecret.parse(described).UserPoolClient;
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${this.operationsId}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    const answer = await response.text();
    if (response.status !== 200) throw new Error(`no token: ${response.status} ${answer}`);
    return Token.parse(JSON.parse(answer)).access_token;
  }

  /**
   * A token by e-mail and password. Of a member the system has made a user, who sets a password here as by the invitation;
   * of anybody else an administrator's user is made on the way.
   */
  async person(email: string): Promise<string> {
    const user = { UserPoolId: this.#poolId, Username: email };
    try {
      await this.#cognito.send(new AdminGetUserCommand(user));
    } catch (error) {
      if (!(error instanceof UserNotFoundException)) throw error;
      await this.#cognito.send(
        new AdminCreateUserCommand({
          ...user,
          MessageAction: 'SUPPRESS',
          UserAttributes: [
            { Name: 'email', Value: email },
            { Name: 'email_verified', Value: 'true' },
          ],
        }),
      );
    }
    await this.#cognito.send(
      new AdminSetUserPasswordCommand({ ...user, Password: PASSWORD, Permanent: true }),
    );
    const { AuthenticationResult } = await this.#cognito.send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: this.#peopleId,
        AuthParameters: { USERNAME: email, PASSWORD },
      }),
    );
    if (AuthenticationResult?.AccessToken === undefined) throw new Error(`${email} got no token`);
    return AuthenticationResult.AccessToken;
  }
}
