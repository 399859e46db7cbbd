import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminUpdateUserAttributesCommand,
  AdminUserGlobalSignOutCommand,
  AliasExistsException,
  type CognitoIdentityProviderClient,
  UsernameExistsException,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Role } from '../../../shared/events/team.ts';
import type { UserPool } from './user-pool.ts';

/** The address is the organization's word: nobody has to prove it. */
const verified = (email: string) => [
  { Name: 'email', Value: email },
  { Name: 'email_verified', Value: 'true' },
];

const unlessMissing = async (call: () => Promise<unknown>): Promise<void> => {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof UserNotFoundException)) throw error;
  }
};

/** A Cognito user pool whose users sign in with their address. Throttling is thrown: the message comes again. */
export class CognitoUsers implements UserPool {
  readonly #client: CognitoIdentityProviderClient;
  readonly #poolId: string;

  constructor(client: CognitoIdentityProviderClient, poolId: string) {
    this.#client = client;
    this.#poolId = poolId;
  }

  async invite(email: string): Promise<string | undefined> {
    try {
      const { User } = await this.#client.send(
        new AdminCreateUserCommand({
          ...this.#named(email),
          UserAttributes: verified(email),
          DesiredDeliveryMediums: ['EMAIL'],
        }),
      );
      return nameOf(User?.Username);
    } catch (error) {
      if (error instanceof UsernameExistsException) return undefined;
      throw error;
    }
  }

  async find(email: string): Promise<string | undefined> {
    try {
      const { Username } = await this.#client.send(new AdminGetUserCommand(this.#named(email)));
      return nameOf(Username);
    } catch (error) {
      if (error instanceof UserNotFoundException) return undefined;
      throw error;
    }
  }

  async readdress(username: string, email: string): Promise<'done' | 'missing' | 'taken'> {
    try {
      await this.#client.send(
        new AdminUpdateUserAttributesCommand({ ...this.#named(username), UserAttributes: verified(email) }),
      );
      return 'done';
    } catch (error) {
      if (error instanceof UserNotFoundException) return 'missing';
      if (error instanceof AliasExistsException) return 'taken';
      throw error;
    }
  }

  async setRole(username: string, role: Role, insteadOf: readonly Role[]): Promise<void> {
    await this.#client.send(new AdminAddUserToGroupCommand({ ...this.#named(username), GroupName: role }));
    for (const GroupName of insteadOf)
      await this.#client.send(new AdminRemoveUserFromGroupCommand({ ...this.#named(username), GroupName }));
  }

  async enable(username: string): Promise<void> {
    await this.#client.send(new AdminEnableUserCommand(this.#named(username)));
  }

  async shutOut(username: string): Promise<void> {
    // In this order: whoever is signed out first could be back in before the door is shut.
    await unlessMissing(() => this.#client.send(new AdminDisableUserCommand(this.#named(username))));
    await unlessMissing(() => this.#client.send(new AdminUserGlobalSignOutCommand(this.#named(username))));
  }

  async remove(username: string): Promise<void> {
    await unlessMissing(() => this.#client.send(new AdminDeleteUserCommand(this.#named(username))));
  }

  #named(Username: string) {
    return { UserPoolId: this.#poolId, Username };
  }
}

const nameOf = (username: string | undefined): string => {
  if (username === undefined) throw new Error('Cognito answered a user without a name.');
  return username;
};
