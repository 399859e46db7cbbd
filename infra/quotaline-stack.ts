import { Aws, CfnOutput, Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { platformRouteKeys } from '../shared/http/platform-routes.ts';
import type { AnyRoute } from '../shared/http/route.ts';
import { Alarms } from './constructs/alarms.ts';
import { BusinessDashboard } from './constructs/business-dashboard.ts';
import { Canary } from './constructs/canary.ts';
import { EventBus } from './constructs/event-bus.ts';
import { HttpApi } from './constructs/http-api.ts';
import { LogQueries } from './constructs/log-queries.ts';
import { MailSender } from './constructs/mail-sender.ts';
import { OperationsDashboard } from './constructs/operations-dashboard.ts';
import { OwnedTable } from './constructs/owned-table.ts';
import { Service } from './constructs/service.ts';
import { ServiceFunction, type BundleFolder } from './constructs/service-function.ts';
import { scheduled } from './constructs/scheduled.ts';
import { SignIn } from './constructs/sign-in.ts';
import { Storage } from './constructs/storage.ts';
import { Subscription } from './constructs/subscription.ts';
import { WebhookAlarms } from './constructs/webhook-alarms.ts';
import { declared } from './services.ts';
import { named, type StageConfig } from './stage.ts';

/** The whole system of one organization, at one stage. */
export class QuotalineStack extends Stack {
  constructor(scope: Construct, stage: StageConfig, bundles: BundleFolder) {
    super(scope, named(stage), {
      stackName: named(stage),
      description: 'Quotaline: sales management',
      terminationProtection: stage.protect,
      env: {
        ...(stage.account === undefined ? {} : { account: stage.account }),
        ...(stage.region === undefined ? {} : { region: stage.region }),
      },
    });
    const alarms = new Alarms(this, 'Alarms', stage);
    const bus = new EventBus(this, 'EventBus', stage);
    const storage = new Storage(this, 'Storage', stage);
    const mail = new MailSender(this, 'Mail', { stage, alarms });
    const around = { stage, bundles, bus, storage, alarms };

    const api = { memoryMb: 1024, timeoutSeconds: 20 };
    const relay = { memoryMb: 512, timeoutSeconds: 60 };
    const consumer = { memoryMb: 1024, timeoutSeconds: 30 };
    // They fold batches of hundreds of events: a whole CPU, and time to retry conflicts.
    const folding = { memoryMb: 1769, timeoutSeconds: 60 };
    const imports = { memoryMb: 1024, timeoutSeconds: 60, handsItselfPages: true };

    const followUps = imports;

    const team = new Service<'imports' | 'token' | 'follow-ups' | 'daily' | 'audit'>(this, 'Team', {
      ...around,
      declaration: declared.team,
      functions: {
        api,
        relay,
        imports,
        'follow-ups': followUps,
        audit: consumer,
        daily: { memoryMb: 512, timeoutSeconds: 30 },
        token: { memoryMb: 1024, timeoutSeconds: 5 },
      },
      readOnly: ['token'],
    });
    const deals = new Service<DealsFunction>(this, 'Deals', {
      ...around,
      declaration: declared.deals,
      functions: {
        api,
        relay,
        imports,
        'follow-ups': followUps,
        directory: consumer,
        // It may have to ask the APIs of stores, which take their time.
        commerce: { memoryMb: 1024, timeoutSeconds: 60 },
        'partner-events': consumer,
        stores: { memoryMb: 512, timeoutSeconds: 60 },
        webhook: { memoryMb: 1024, timeoutSeconds: 10 },
      },
    });
    const metrics = new Service<'directory' | 'facts' | 'follow-ups'>(this, 'Metrics', {
      ...around,
      declaration: declared.metrics,
      functions: { api, relay, directory: consumer, facts: folding, 'follow-ups': followUps },
    });
    const goals = new Service<'directory' | 'progress' | 'alerts' | 'follow-ups'>(this, 'Goals', {
      ...around,
      declaration: declared.goals,
      functions: {
        api,
        relay,
        directory: consumer,
        progress: folding,
        alerts: consumer,
        'follow-ups': followUps,
      },
    });
    const platform = new ServiceFunction(this, 'Platform', {
      stage,
      name: 'platform',
      bundles,
      memoryMb: 512,
      timeoutSeconds: 5,
    });
    alarms.watch(platform, 'platform', [platform]);
    new WebhookAlarms(this, 'WebhookAlarms', alarms);

    for (const [name, service] of [
      ['team', team],
      ['deals', deals],
    ] as const) {
      storage.allowKeepingImports(service.fn('api'), name);
      storage.allowImporting(service.fn('imports'), name);
      storage.tellUploads(name, service.subscription('imports'));
      storage.allowWritingExports(service.fn('follow-ups'), name);
      storage.allowExportLinks(service.fn('api'), name);
    }
    storage.allowPersonalData(team.fn('follow-ups'), 'team', ['imports', 'parked', 'downloads']);
    storage.allowPersonalData(deals.fn('follow-ups'), 'deals', [
      'imports',
      'parked',
      'deliveries',
      'downloads',
    ]);
    for (const name of ['webhook', 'partner-events'] as const)
      storage.allowDeliveryFiles(deals.fn(name), 's3:PutObject');
    for (const name of ['commerce', 'api'] as const)
      storage.allowDeliveryFiles(deals.fn(name), 's3:GetObject');
    storage.allowPersonalData(goals.fn('follow-ups'), 'goals', ['parked']);
    storage.allowPersonalData(metrics.fn('follow-ups'), 'metrics', ['parked']);
    storage.allowPersonalLinks(team.fn('api'));
    storage.allowAuditArchive(team.fn('audit'));
    scheduled(team.fn('daily'), {
      name: named(stage, 'daily'),
      description: 'Tells when a day begins where the organization is',
      everyMinutes: 60,
    });
    scheduled(deals.fn('stores'), {
      name: named(stage, 'stores'),
      description: 'Looks whether stores are heard of',
      everyMinutes: 60,
    });
    this.#allowStoreSecrets(stage, deals);
    mail.allowSending(goals.fn('alerts'));

    const signIn = new SignIn(this, 'SignIn', { stage, tokens: team.fn('token') });
    signIn.allowKeepingUsers(team.fn('follow-ups'));
    const http = new HttpApi(this, 'Http', { stage, signIn, alarms });
    goals.fn('alerts').setEnvironment({ PUBLIC_URL: stage.publicUrl ?? http.url });

    http.serve(team.fn('api'), declared.team.routes);
    http.serve(
      deals.fn('api'),
      declared.deals.routes.filter((route) => !isWebhook(route)),
    );
    http.serve(deals.fn('webhook'), declared.deals.routes.filter(isWebhook), stage.throttle.webhooks);
    http.serve(metrics.fn('api'), declared.metrics.routes);
    http.serve(goals.fn('api'), declared.goals.routes);
    http.serve(
      platform,
      [...platformRouteKeys, '$default'].map((gatewayKey) => ({ gatewayKey, scope: null })),
    );

    if (stage.canary !== undefined) {
      const { everyMinutes } = stage.canary;
      new Canary(this, 'Canary', { stage, everyMinutes, bundles, apiUrl: http.url, signIn, alarms });
    }
    const dashboards = this.#observe(stage, http);

    const output = (id: string, value: string) => new CfnOutput(this, id, { value });
    output('ApiUrl', http.url);
    output('TokenUrl', signIn.tokenUrl);
    output('UserPoolId', signIn.poolId);
    output('PeopleClientId', signIn.people.userPoolClientId);
    for (const [name, client] of signIn.integrations) output(`ClientId-${name}`, client.userPoolClientId);
    output('BusName', bus.bus.eventBusName);
    output('BucketName', storage.bucket.bucketName);
    for (const [id, name] of Object.entries(dashboards)) {
      const console = `https://console.aws.amazon.com/cloudwatch/home?region=${Aws.REGION}`;
      output(id, `${console}#dashboards/dashboard/${name}`);
    }
  }

  /** Dashboards and saved queries of everything that is in the stack by now: nothing can be left out of them. */
  #observe(stage: StageConfig, http: HttpApi): Readonly<Record<string, string>> {
    const all = this.node.findAll();
    const functions = all.filter((construct) => construct instanceof ServiceFunction);
    const subscriptions = all.filter((construct) => construct instanceof Subscription);
    const tables = all.filter((construct) => construct instanceof OwnedTable);
    const alarms = all.filter((construct) => construct instanceof Alarm);
    new LogQueries(this, 'LogQueries', { stage, functions });
    const business = new BusinessDashboard(this, 'Business', { stage, functions, subscriptions });
    const operations = new OperationsDashboard(this, 'Operations', {
      stage,
      functions,
      subscriptions,
      tables,
      alarms,
      apiId: http.id,
    });
    return { BusinessDashboardUrl: business.name, OperationsDashboardUrl: operations.name };
  }

  /** The API keeps what a store signs with and is asked with; it is read where webhooks come in and where stores are asked. */
  #allowStoreSecrets(stage: StageConfig, deals: Service<'webhook' | 'commerce' | 'follow-ups'>): void {
    const prefix = `quotaline-${stage.stage}/stores/`;
    const arn = `arn:${Aws.PARTITION}:secretsmanager:${Aws.REGION}:${Aws.ACCOUNT_ID}:secret:${prefix}*`;
    deals
      .fn('api')
      .mayWithin('storeSecrets', ['secretsmanager:CreateSecret', 'secretsmanager:PutSecretValue'], arn);
    for (const name of ['webhook', 'commerce', 'follow-ups'] as const)
      deals.fn(name).mayWithin('storeSecrets', ['secretsmanager:GetSecretValue'], arn);
    for (const name of ['api', 'webhook', 'commerce', 'follow-ups'] as const)
      deals.fn(name).setEnvironment({ SECRET_PREFIX: prefix });
  }
}

type DealsFunction =
  'directory' | 'imports' | 'webhook' | 'commerce' | 'partner-events' | 'stores' | 'follow-ups';

/** Webhooks come from platforms that count the milliseconds: they have a function of their own. */
const isWebhook = ({ path }: AnyRoute): boolean => path.startsWith('/v1/webhooks/');
