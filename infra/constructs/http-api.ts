import { Aws, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { CfnApi, CfnAuthorizer, CfnIntegration, CfnRoute, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { named, type StageConfig } from '../stage.ts';
import type { Alarms } from './alarms.ts';
import { OwnDomain } from './own-domain.ts';
import type { ServiceFunction } from './service-function.ts';
import type { SignIn } from './sign-in.ts';

/** What the gateway must know of a route; several of a function may lead through one. */
export interface GatewayRoute {
  /** `POST /v1/deals/{id}/{step}`, or `$default`. */
  readonly gatewayKey: string;
  /** The scope a token must have; null leaves the route open. */
  readonly scope: string | null;
}

/** Logged of each request; no address, token or query, which may be personal. */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  routeKey: '$context.routeKey',
  status: '$context.status',
  responseLength: '$context.responseLength',
  latencyMs: '$context.responseLatency',
  integrationLatencyMs: '$context.integrationLatency',
  integrationError: '$context.integrationErrorMessage',
  authorizerError: '$context.authorizer.error',
  client: '$context.authorizer.claims.client_id',
};

/**
 * The HTTP API: each declared route with its scope, checked by the gateway itself. One integration and one permission
 * per function, however many routes it serves, for a stack has room for 500 resources.
 */
export class HttpApi extends Construct {
  readonly id: string;
  /** `https://…`, without a slash at the end: the stage's own domain, or the name that AWS makes up. */
  readonly url: string;
  readonly #api: CfnApi;
  readonly #authorizer: CfnAuthorizer;
  readonly #stage: CfnStage;
  readonly #throttled: Record<string, { ThrottlingRateLimit: number; ThrottlingBurstLimit: number }> = {};

  constructor(
    scope: Construct,
    id: string,
    { stage, signIn, alarms }: { stage: StageConfig; signIn: SignIn; alarms: Alarms },
  ) {
    super(scope, id);
    this.#api = new CfnApi(this, 'Api', {
      name: named(stage),
      protocolType: 'HTTP',
      // One way in: what is known of the API by its own name can't be passed by.
      ...(stage.domain === undefined ? {} : { disableExecuteApiEndpoint: true }),
      ...(stage.corsOrigins.length === 0
        ? {}
        : {
            corsConfiguration: {
              allowOrigins: stage.corsOrigins,
              allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
              allowHeaders: ['authorization', 'content-type', 'idempotency-key', 'if-match'],
              exposeHeaders: ['etag', 'location'],
              maxAge: Duration.hours(1).toSeconds(),
            },
          }),
    });
    this.id = this.#api.ref;
    this.#authorizer = new CfnAuthorizer(this, 'Authorizer', {
      apiId: this.id,
      name: 'sign-in',
      authorizerType: 'JWT',
      identitySource: ['$request.header.Authorization'],
      jwtConfiguration: { issuer: signIn.issuer, audience: [...signIn.clientIds] },
    });
    const accessLog = new LogGroup(this, 'AccessLog', {
      // Under this name API Gateway needs no entry in the account's policy for logs, which is short of room.
      logGroupName: `/aws/vendedlogs/${named(stage, 'api')}`,
      retention: stage.logRetention,
      removalPolicy: stage.protect ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.#stage = new CfnStage(this, 'Stage', {
      apiId: this.id,
      stageName: '$default',
      autoDeploy: true,
      accessLogSettings: { destinationArn: accessLog.logGroupArn, format: JSON.stringify(ACCESS_LOG) },
      defaultRouteSettings: {
        throttlingRateLimit: stage.throttle.api.rate,
        throttlingBurstLimit: stage.throttle.api.burst,
      },
    });
    this.url =
      stage.domain === undefined
        ? this.#api.attrApiEndpoint
        : new OwnDomain(this, 'Domain', { domain: stage.domain, apiId: this.id, apiStage: this.#stage }).url;
    alarms.raise(this, 'Failures', {
      name: 'api-failures',
      says: 'The API answers 5xx. Filter its access log by status, then follow a requestId into the function’s log.',
      runbook: 'api-failures',
      metric: new Metric({
        namespace: 'AWS/ApiGateway',
        metricName: '5xx',
        dimensionsMap: { ApiId: this.id },
        statistic: 'Sum',
        period: Duration.minutes(1),
      }),
      above: 0,
      periods: 3,
    });
  }

  /** Lets one function serve these routes. `throttle` sets requests per second for each of them by itself. */
  serve(
    fn: ServiceFunction,
    routes: readonly GatewayRoute[],
    throttle?: { readonly rate: number; readonly burst: number },
  ): void {
    if (routes.length === 0) return;
    const integration = new CfnIntegration(fn, 'Integration', {
      apiId: this.id,
      integrationType: 'AWS_PROXY',
      integrationUri: fn.lambda.functionArn,
      payloadFormatVersion: '2.0',
    });
    fn.lambda.addPermission('Api', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: `arn:${Aws.PARTITION}:execute-api:${Aws.REGION}:${Aws.ACCOUNT_ID}:${this.id}/*`,
    });
    for (const [gatewayKey, alike] of Map.groupBy(routes, (route) => route.gatewayKey)) {
      const [scope = null, ...others] = new Set(alike.map((route) => route.scope));
      if (others.length > 0) throw new Error(`Routes of several scopes share ${gatewayKey}`);
      this.#route({ gatewayKey, scope }, integration, throttle);
    }
  }

  #route(
    { gatewayKey: routeKey, scope }: GatewayRoute,
    integration: CfnIntegration,
    throttle?: { rate: number; burst: number },
  ) {
    const route = new CfnRoute(this, routeKey.replaceAll('/', '.'), {
      apiId: this.id,
      routeKey,
      target: `integrations/${integration.ref}`,
      ...(scope === null
        ? { authorizationType: 'NONE' }
        : { authorizationType: 'JWT', authorizerId: this.#authorizer.ref, authorizationScopes: [scope] }),
    });
    if (scope === null) {
      Validations.of(route).acknowledge({
        id: 'AwsSolutions-APIG4',
        reason: `${routeKey} is declared open: it checks a signature of its own, or tells nothing that is secret.`,
      });
    }
    if (throttle === undefined) return;
    this.#throttled[routeKey] = { ThrottlingRateLimit: throttle.rate, ThrottlingBurstLimit: throttle.burst };
    this.#stage.routeSettings = this.#throttled;
    // A stage can't have settings for a route that isn't there yet.
    this.#stage.addResourceDependency(route);
  }
}
