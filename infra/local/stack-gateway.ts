import * as z from 'zod';
import { nameIn } from './local-names.ts';
import { reader } from './read-properties.ts';
import { NotRunLocally } from './not-run-locally.ts';
import type { Resource } from './template.ts';

export interface RouteSpec {
  /** `POST /v1/deals/{id}/win`, or `$default`. */
  readonly key: string;
  readonly functionName: string;
  readonly timeoutMs: number;
  /** Present on routes that take a token only; any one of the scopes suffices. */
  readonly authorizer?: { readonly scopes: readonly string[] };
}

export interface GatewaySpec {
  readonly routes: readonly RouteSpec[];
  readonly apiId: string;
  readonly issuer?: string;
  readonly audience: readonly string[];
}

const readApi = reader('AWS::ApiGatewayV2::Api', { ProtocolType: z.literal('HTTP') }, [
  'Name',
  'Description',
  'DisableExecuteApiEndpoint',
  'Tags',
]);

const readRoute = reader(
  'AWS::ApiGatewayV2::Route',
  {
    RouteKey: z.string(),
    Target: z.string(),
    AuthorizationType: z.enum(['NONE', 'JWT']).default('NONE'),
    AuthorizationScopes: z.array(z.string()).default([]),
  },
  ['ApiId', 'AuthorizerId', 'OperationName'],
);

const readIntegration = reader(
  'AWS::ApiGatewayV2::Integration',
  {
    IntegrationType: z.literal('AWS_PROXY'),
    IntegrationUri: z.string(),
    PayloadFormatVersion: z.literal('2.0'),
    TimeoutInMillis: z.coerce.number().default(30_000),
  },
  ['ApiId', 'Description', 'IntegrationMethod'],
);

const readAuthorizer = reader(
  'AWS::ApiGatewayV2::Authorizer',
  {
    AuthorizerType: z.literal('JWT'),
    IdentitySource: z.tuple([z.literal('$request.header.Authorization')]),
    JwtConfiguration: z.object({ Issuer: z.string(), Audience: z.array(z.string()) }),
  },
  ['ApiId', 'Name'],
);

/** `arn:…:function:name`, alone or inside API Gateway's own form of it. */
const functionIn = (uri: string): string => nameIn(uri.replace(/\/invocations$/, ''));

export const readGateway = (resources: readonly Resource[]): GatewaySpec => {
  const [api, ...moreApis] = readApi(resources);
  const [authorizer, ...moreAuthorizers] = readAuthorizer(resources);
  if (moreApis.length + moreAuthorizers.length > 0)
    throw new NotRunLocally('the local run serves one HTTP API with one authorizer');
  const integrations = new Map(readIntegration(resources).map(({ id, properties }) => [id, properties]));
  const routes = readRoute(resources).map(({ id, properties }): RouteSpec => {
    const integration = integrations.get(nameIn(properties.Target));
    if (integration === undefined)
      throw new NotRunLocally(`AWS::ApiGatewayV2::Route ${id}: no integration ${properties.Target}`);
    return {
      key: properties.RouteKey,
      functionName: functionIn(integration.IntegrationUri),
      timeoutMs: integration.TimeoutInMillis,
      ...(properties.AuthorizationType === 'JWT'
        ? { authorizer: { scopes: properties.AuthorizationScopes } }
        : {}),
    };
  });
  const jwt = authorizer?.properties.JwtConfiguration;
  return {
    routes,
    apiId: api?.id ?? 'local',
    ...(jwt === undefined ? {} : { issuer: jwt.Issuer }),
    audience: jwt?.Audience ?? [],
  };
};
