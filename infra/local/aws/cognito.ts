import * as z from 'zod';
import type { SignInSpec } from '../stack-sign-in.ts';
import { AwsError, noSuchOperation } from './aws-error.ts';

const Described = z.object({ UserPoolId: z.string(), ClientId: z.string() });

/** Cognito's DescribeUserPoolClient: an integration finds its secret there, which is its name in the local run. */
export const cognito =
  ({ poolId, clients }: SignInSpec) =>
  (operation: string, input: unknown): unknown => {
    if (operation !== 'DescribeUserPoolClient') throw noSuchOperation('Cognito', operation);
    const { UserPoolId, ClientId } = Described.parse(input);
    if (UserPoolId !== poolId)
      throw new AwsError('ResourceNotFoundException', `User pool ${UserPoolId} does not exist.`);
    const client = clients.find(({ id }) => id === ClientId);
    if (client === undefined)
      throw new AwsError('ResourceNotFoundException', `User pool client ${ClientId} does not exist.`);
    const system = {
      ClientSecret: client.id,
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthScopes: client.scopes,
    };
    return {
      UserPoolClient: {
        UserPoolId,
        ClientId,
        ClientName: client.id,
        ...(client.kind === 'system' ? system : {}),
      },
    };
  };
