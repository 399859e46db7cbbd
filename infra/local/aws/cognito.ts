import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { SignInSpec } from '../stack-sign-in.ts';
import type { LocalUserPool, PoolUser } from '../user-pool.ts';
import { AwsError, noSuchOperation } from './aws-error.ts';
import type { Mailbox } from './mail.ts';

/** What Cognito mails come from where a pool has no sender of its own. */
const SENDER = 'no-reply@verificationemail.com';

const OfPool = z.object({ UserPoolId: z.string() });
const OfClient = z.object({ ClientId: z.string() });
const OfUser = z.object({ Username: z.string().min(1) });
const OfGroup = z.object({ GroupName: z.string() });
/** The attributes that the stack writes, and no others: a pool with more of them would need them kept. */
const Attribute = z.discriminatedUnion('Name', [
  z.object({ Name: z.literal('email'), Value: z.email() }),
  z.object({ Name: z.literal('email_verified'), Value: z.enum(['true', 'false']) }),
]);
const Attributes = z.array(Attribute).transform((list) => ({
  email: list.find(({ Name }) => Name === 'email')?.Value,
  verified: list.flatMap((each) => (each.Name === 'email_verified' ? [each.Value] : []))[0],
}));
const NewUser = z.object({
  UserAttributes: Attributes,
  DesiredDeliveryMediums: z.array(z.literal('EMAIL')).default([]),
  MessageAction: z.literal('SUPPRESS').optional(),
});
const ChangedUser = z.object({ UserAttributes: Attributes });

const invalid = (message: string) => new AwsError('InvalidParameterException', message);

const attributesOf = ({ sub, email, verified }: PoolUser) => [
  { Name: 'sub', Value: sub },
  { Name: 'email', Value: email },
  { Name: 'email_verified', Value: verified },
];

const described = (user: PoolUser) => ({
  Username: user.sub,
  Enabled: user.isEnabled,
  UserStatus: 'FORCE_CHANGE_PASSWORD',
  UserCreateDate: user.created / 1000,
  UserLastModifiedDate: user.modified / 1000,
});

interface CognitoParts {
  readonly pool: LocalUserPool;
  readonly mailbox: Pick<Mailbox, 'deliver'>;
}

/** What of Cognito's user pools the stack calls: secrets of integrations, and users who sign in with their address. */
export class Cognito {
  readonly #spec: SignInSpec;
  readonly #pool: LocalUserPool;
  readonly #mailbox: CognitoParts['mailbox'];

  constructor(spec: SignInSpec, { pool, mailbox }: CognitoParts) {
    this.#spec = spec;
    this.#pool = pool;
    this.#mailbox = mailbox;
  }

  /** Runs one operation of the API. Throws AwsError. */
  readonly call = (operation: string, input: unknown): unknown => {
    const { UserPoolId } = OfPool.parse(input);
    if (UserPoolId !== this.#spec.poolId)
      throw new AwsError('ResourceNotFoundException', `User pool ${UserPoolId} does not exist.`);
    switch (operation) {
      case 'DescribeUserPoolClient':
        return this.#client(OfClient.parse(input).ClientId);
      case 'AdminCreateUser':
        return this.#create(OfUser.parse(input).Username, NewUser.parse(input));
      case 'AdminGetUser': {
        const user = this.#user(input);
        return { ...described(user), UserAttributes: attributesOf(user) };
      }
      case 'AdminUpdateUserAttributes':
        return this.#update(this.#user(input), ChangedUser.parse(input).UserAttributes);
      case 'AdminAddUserToGroup': {
        const { user, group } = this.#inGroup(input);
        return this.#change(user, { groups: [...new Set([...user.groups, group])] });
      }
      case 'AdminRemoveUserFromGroup': {
        const { user, group } = this.#inGroup(input);
        return this.#change(user, { groups: user.groups.filter((each) => each !== group) });
      }
      case 'AdminEnableUser':
        return this.#change(this.#user(input), { isEnabled: true });
      case 'AdminDisableUser':
        return this.#change(this.#user(input), { isEnabled: false });
      case 'AdminUserGlobalSignOut':
        // There are no refresh tokens here; access tokens live on until they end, as on AWS.
        this.#user(input);
        return {};
      case 'AdminDeleteUser':
        this.#pool.remove(this.#user(input));
        return {};
      default:
        throw noSuchOperation('Cognito', operation);
    }
  };

  /** An integration finds its secret there, which is its name in the local run. */
  #client(ClientId: string): unknown {
    const client = this.#spec.clients.find(({ id }) => id === ClientId);
    if (client === undefined)
      throw new AwsError('ResourceNotFoundException', `User pool client ${ClientId} does not exist.`);
    const system = {
      ClientSecret: client.id,
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthScopes: client.scopes,
    };
    return {
      UserPoolClient: {
        UserPoolId: this.#spec.poolId,
        ClientId,
        ClientName: client.id,
        ...(client.kind === 'system' ? system : {}),
      },
    };
  }

  #create(username: string, { UserAttributes, MessageAction }: z.infer<typeof NewUser>): unknown {
    if (!z.email().safeParse(username).success) throw invalid('Username should be an email.');
    const { email = username, verified = 'false' } = UserAttributes;
    if (email.toLowerCase() !== username.toLowerCase()) throw invalid('Username and email differ.');
    if (this.#pool.find(email) !== undefined)
      throw new AwsError('UsernameExistsException', 'User account already exists');
    const user = this.#pool.create(email, verified);
    if (MessageAction === undefined) this.#invite(email);
    return { User: { ...described(user), Attributes: attributesOf(user) } };
  }

  #invite(email: string): void {
    // Capitals, digits and a sign are what the pool asks of a password.
    const password = `${randomBytes(9).toString('base64url')}aA1!`;
    const { subject, body } = this.#spec.invitation;
    const html = body.replaceAll('{username}', email).replaceAll('{####}', password);
    const text = html.replaceAll(/<br\s*\/?>/g, '\n');
    this.#mailbox.deliver({ from: SENDER, to: [email], subject, text, html, headers: {} });
  }

  #update(user: PoolUser, { email, verified }: z.infer<typeof Attributes>): unknown {
    if (email !== undefined) {
      const other = this.#pool.find(email);
      if (other !== undefined && other.sub !== user.sub)
        throw new AwsError('AliasExistsException', 'An account with the given email already exists.');
    }
    return this.#change(user, { email: email ?? user.email, verified: verified ?? user.verified });
  }

  #change(user: PoolUser, changes: Parameters<LocalUserPool['change']>[1]): unknown {
    this.#pool.change(user, changes);
    return {};
  }

  #inGroup(input: unknown): { readonly user: PoolUser; readonly group: string } {
    const group = OfGroup.parse(input).GroupName;
    if (!this.#spec.groups.includes(group))
      throw new AwsError('ResourceNotFoundException', 'Group not found.');
    return { user: this.#user(input), group };
  }

  /** Throws AwsError. */
  #user(input: unknown): PoolUser {
    const user = this.#pool.find(OfUser.parse(input).Username);
    if (user === undefined) throw new AwsError('UserNotFoundException', 'User does not exist.');
    return user;
  }
}
