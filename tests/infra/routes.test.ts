import { describe, expect, it } from 'vitest';
import { services } from '../../infra/services.ts';
import { scopes } from '../../shared/auth/scopes.ts';
import { at, flat, listOf, logicalId, ofType, synthesized } from '../support/synthesized.ts';

/** Open to anyone, and why: each checks a signature of its own or tells nothing that is secret. */
const OPEN = ['$default', 'GET /docs', 'GET /health', 'GET /openapi.json', 'POST /v1/webhooks/{storeId}'];

const template = synthesized();
const deployed = ofType(template, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => ({
  routeKey: flat(Properties.RouteKey),
  authorization: flat(Properties.AuthorizationType),
  scopes: listOf(Properties.AuthorizationScopes).map(flat),
  authorizer: logicalId(Properties.AuthorizerId),
  fn: logicalId(
    at(
      template.Resources[logicalId(flat(Properties.Target).replace('integrations/', '')) ?? ''],
      'Properties',
      'IntegrationUri',
    ),
  ),
}));
const declaredRoutes = services.flatMap(({ name, routes }) =>
  routes.map((route) => ({ service: name, route })),
);

const functionName = (id: string | undefined): string =>
  flat(template.Resources[id ?? '']?.Properties.FunctionName);

describe('the gateway', () => {
  it('has every declared route with its scope, and no others', () => {
    const expected = new Map(
      declaredRoutes.map(({ route }) => [route.gatewayKey, route.scope ?? 'open'] as const),
    );
    const open = ['$default', 'GET /docs', 'GET /health', 'GET /openapi.json'].map(
      (key) => [key, 'open'] as const,
    );
    expect(deployed.map(({ routeKey, scopes: [scope] }) => [routeKey, scope ?? 'open']).sort()).toEqual(
      [...expected, ...open].sort(),
    );
  });

  it('declares each route once', () => {
    const keys = declaredRoutes.map(({ route }) => route.routeKey);
    expect(keys).toEqual([...new Set(keys)]);
  });

  it('lets no two services, and no two scopes, share a route', () => {
    const shared = Map.groupBy(declaredRoutes, ({ route }) => route.gatewayKey);
    const owners = [...shared].map(([key, routes]) => [
      key,
      new Set(routes.map(({ service, route }) => `${service} ${String(route.scope)}`)).size,
    ]);
    expect(owners.filter(([, count]) => count !== 1)).toEqual([]);
  });

  it('leaves open only what must be', () => {
    expect(
      deployed
        .filter(({ authorization }) => authorization !== 'JWT')
        .map(({ routeKey }) => routeKey)
        .sort(),
    ).toEqual(OPEN);
  });

  it('asks the one authorizer for exactly one scope on all others', () => {
    for (const route of deployed.filter(({ authorization }) => authorization === 'JWT')) {
      expect(route.scopes, route.routeKey).toHaveLength(1);
      expect(Object.keys(scopes)).toContain(route.scopes[0]);
      expect(template.Resources[route.authorizer ?? '']?.Type).toBe('AWS::ApiGatewayV2::Authorizer');
    }
  });

  it('takes tokens of the stage’s own clients alone', () => {
    const [[, authorizer] = []] = ofType(template, 'AWS::ApiGatewayV2::Authorizer');
    const audience = listOf(at(authorizer, 'Properties', 'JwtConfiguration', 'Audience')).map(logicalId);
    expect(audience.sort()).toEqual(
      ofType(template, 'AWS::Cognito::UserPoolClient')
        .map(([id]) => id)
        .sort(),
    );
    const issuer = logicalId(at(authorizer, 'Properties', 'JwtConfiguration', 'Issuer')) ?? '';
    expect(template.Resources[issuer]?.Type).toBe('AWS::Cognito::UserPool');
  });

  it('sends each route to its service’s API function, and webhooks to their own', () => {
    for (const { service, route } of declaredRoutes) {
      const target = deployed.find(({ routeKey }) => routeKey === route.gatewayKey)?.fn;
      const expected = route.path.startsWith('/v1/webhooks/') ? 'webhook' : 'api';
      expect(functionName(target), route.routeKey).toBe(`quotaline-dev-${service}-${expected}`);
    }
  });

  it('needs one integration and one permission per function', () => {
    const functions = new Set(deployed.map(({ fn }) => fn)).size;
    expect(ofType(template, 'AWS::ApiGatewayV2::Integration')).toHaveLength(functions);
    const permissions = ofType(template, 'AWS::Lambda::Permission').filter(
      ([, { Properties }]) => Properties.Principal === 'apigateway.amazonaws.com',
    );
    expect(permissions).toHaveLength(functions);
  });

  it('throttles webhooks by themselves, and opens to no browser unless told', () => {
    const [[, stage] = []] = ofType(template, 'AWS::ApiGatewayV2::Stage');
    expect(
      at(stage, 'Properties', 'RouteSettings', 'POST /v1/webhooks/{storeId}', 'ThrottlingRateLimit'),
    ).toBeGreaterThan(0);
    expect(at(stage, 'Properties', 'DefaultRouteSettings', 'ThrottlingRateLimit')).toBeGreaterThan(0);
    const [[, api] = []] = ofType(template, 'AWS::ApiGatewayV2::Api');
    expect(at(api, 'Properties', 'CorsConfiguration')).toBeUndefined();
  });
});
