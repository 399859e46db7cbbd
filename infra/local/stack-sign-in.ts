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
}

export interface SignInSpec {
  readonly poolId: string;
  readonly clients: readonly ClientSpec[];
  /** All scopes of the pool's resource servers, such as `sales/deals.read`. */
  readonly scopes: readonly string[];
  /** The pre-token-generation function (V3_0). */
  readonly tokenFunction?: string;
}

const readPool = reader(
  'AWS::Cognito::UserPool',
  {
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
    'AdminCreateUserConfig',
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
    'UsernameAttributes',
    'UsernameConfiguration',
    'VerificationMessageTemplate',
    'WebAuthnRelyingPartyID',
    'WebAuthnUserVerification',
  ],
);

const readClient = reader(
  'AWS::Cognito::UserPoolClient',
  { AllowedOAuthFlows: z.array(z.string()).default([]), AllowedOAuthScopes: z.array(z.string()).default([]) },
  [
    'AccessTokenValidity',
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
    'TokenValidityUnits',
    'UserPoolId',
    'WriteAttributes',
  ],
);

const readResourceServer = reader(
  'AWS::Cognito::UserPoolResourceServer',
  { Identifier: z.string(), Scopes: z.array(z.object({ ScopeName: z.string() })).default([]) },
  ['Name', 'UserPoolId'],
);

export const readCognito = (resources: readonly Resource[], template: Template): SignInSpec => {
  const [pool, ...morePools] = readPool(resources);
  if (morePools.length > 0) throw new NotRunLocally('the local run signs in to one user pool');
  const trigger = pool?.properties.LambdaConfig;
  const tokenFunction = trigger?.PreTokenGenerationConfig?.LambdaArn ?? trigger?.PreTokenGeneration;
  return {
    poolId: pool === undefined ? 'local' : template.nameOf(pool.id),
    clients: readClient(resources).map(({ id, properties }) => ({
      id: template.nameOf(id),
      scopes: properties.AllowedOAuthScopes,
      kind: properties.AllowedOAuthFlows.includes('client_credentials') ? 'system' : 'people',
    })),
    scopes: readResourceServer(resources).flatMap(({ properties }) =>
      properties.Scopes.map(({ ScopeName }) => `${properties.Identifier}/${ScopeName}`),
    ),
    ...(tokenFunction === undefined ? {} : { tokenFunction: nameIn(tokenFunction) }),
  };
};
