import * as z from 'zod';
import { nameIn } from './local-names.ts';
import { reader } from './read-properties.ts';
import { NotRunLocally } from './not-run-locally.ts';
import type { Resource, Template } from './template.ts';

export interface ClientSpec {
  readonly id: string;
  /** What it may ask for with its own credentials; empty for the clients that people sign in with. */
  readonly scopes: readonly string[];
  readonly kind: 'system' | 'people';
  /** How long its access tokens are good for. */
  readonly tokenSeconds: number;
}

/** What a new user is mailed; `{username}` and `{####}` stand for the address and the temporary password. */
export interface InvitationSpec {
  readonly subject: string;
  /** HTML. */
  readonly body: string;
}

export interface SignInSpec {
  readonly poolId: string;
  readonly clients: readonly ClientSpec[];
  /** All scopes of the pool's resource servers, such as `sales/deals.read`. */
  readonly scopes: readonly string[];
  readonly groups: readonly string[];
  readonly invitation: InvitationSpec;
  /** The pre-token-generation function (V3_0). */
  readonly tokenFunction?: string;
}

/** Cognito's own words. */
const DEFAULT_INVITATION: InvitationSpec = {
  subject: 'Your temporary password',
  body: 'Your username is {username} and temporary password is {####}.',
};

const readPool = reader(
  'AWS::Cognito::UserPool',
  {
    UsernameAttributes: z.tuple([z.literal('email')]).optional(),
    AdminCreateUserConfig: z
      .object({
        InviteMessageTemplate: z
          .object({ EmailSubject: z.string().optional(), EmailMessage: z.string().optional() })
          .optional(),
      })
      .optional(),
    LambdaConfig: z
      .strictObject({
        PreTokenGenerationConfig: z
          .object({ LambdaArn: z.string(), LambdaVersion: z.literal('V3_0') })
          .optional(),
        PreTokenGeneration: z.string().optional(),
      })
      .optional(),
  },
  [
    'AccountRecoverySetting',
    'AliasAttributes',
    'AutoVerifiedAttributes',
    'DeletionProtection',
    'EmailConfiguration',
    'EmailVerificationMessage',
    'EmailVerificationSubject',
    'EnabledMfas',
    'MfaConfiguration',
    'Policies',
    'Schema',
    'SmsVerificationMessage',
    'UserAttributeUpdateSettings',
    'UserPoolAddOns',
    'UserPoolName',
    'UserPoolTags',
    'UserPoolTier',
    'UsernameConfiguration',
    'VerificationMessageTemplate',
    'WebAuthnRelyingPartyID',
    'WebAuthnUserVerification',
  ],
);

const UNITS = ['seconds', 'minutes', 'hours', 'days'] as const;
const SECONDS: Readonly<Record<(typeof UNITS)[number], number>> = {
  seconds: 1,
  minutes: 60,
  hours: 3_600,
  days: 86_400,
};

const readClient = reader(
  'AWS::Cognito::UserPoolClient',
  {
    AllowedOAuthFlows: z.array(z.string()).default([]),
    AllowedOAuthScopes: z.array(z.string()).default([]),
    AccessTokenValidity: z.number().default(1),
    TokenValidityUnits: z
      .object({ AccessToken: z.enum(UNITS).default('hours') })
      .default({ AccessToken: 'hours' }),
  },
  [
    'AllowedOAuthFlowsUserPoolClient',
    'AuthSessionValidity',
    'CallbackURLs',
    'ClientName',
    'DefaultRedirectURI',
    'EnableTokenRevocation',
    'ExplicitAuthFlows',
    'GenerateSecret',
    'IdTokenValidity',
    'LogoutURLs',
    'PreventUserExistenceErrors',
    'ReadAttributes',
    'RefreshTokenRotation',
    'RefreshTokenValidity',
    'SupportedIdentityProviders',
    'UserPoolId',
    'WriteAttributes',
  ],
);

const readResourceServer = reader(
  'AWS::Cognito::UserPoolResourceServer',
  { Identifier: z.string(), Scopes: z.array(z.object({ ScopeName: z.string() })).default([]) },
  ['Name', 'UserPoolId'],
);

const readGroup = reader('AWS::Cognito::UserPoolGroup', { GroupName: z.string() }, [
  'Description',
  'Precedence',
  'UserPoolId',
]);

export const readCognito = (resources: readonly Resource[], template: Template): SignInSpec => {
  const [pool, ...morePools] = readPool(resources);
  if (morePools.length > 0) throw new NotRunLocally('the local run signs in to one user pool');
  const trigger = pool?.properties.LambdaConfig;
  const tokenFunction = trigger?.PreTokenGenerationConfig?.LambdaArn ?? trigger?.PreTokenGeneration;
  const invitation = pool?.properties.AdminCreateUserConfig?.InviteMessageTemplate;
  return {
    poolId: pool === undefined ? 'local' : template.nameOf(pool.id),
    clients: readClient(resources).map(({ id, properties }) => ({
      id: template.nameOf(id),
      scopes: properties.AllowedOAuthScopes,
      kind: properties.AllowedOAuthFlows.includes('client_credentials') ? 'system' : 'people',
      tokenSeconds: properties.AccessTokenValidity * SECONDS[properties.TokenValidityUnits.AccessToken],
    })),
    groups: readGroup(resources).map(({ properties }) => properties.GroupName),
    invitation: {
      subject: invitation?.EmailSubject ?? DEFAULT_INVITATION.subject,
      body: invitation?.EmailMessage ?? DEFAULT_INVITATION.body,
    },
    scopes: readResourceServer(resources).flatMap(({ properties }) =>
      properties.Scopes.map(({ ScopeName }) => `${properties.Identifier}/${ScopeName}`),
    ),
    ...(tokenFunction === undefined ? {} : { tokenFunction: nameIn(tokenFunction) }),
  };
};
