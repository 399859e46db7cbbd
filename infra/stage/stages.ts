import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { allScopes, type StageConfig, type StageName } from './settings.ts';

/** What is written down for a stage; its name is where it stands, so that no copy can carry another’s. */
export type Settings = Omit<StageConfig, 'stage'>;

/** Makes the first members, and serves the tools of whoever operates the stage. */
const operations = { name: 'operations', scopes: allScopes };

const base = {
  mailFrom: 'sales@example.com',
  alarmEmail: 'alarms@example.com',
  runbookUrl: 'https://github.com/quotaline/quotaline/blob/main/infra/runbooks',
  corsOrigins: [],
  integrations: [operations],
  logLevel: 'INFO',
  partnerBuses: [],
  throttle: { api: { rate: 500, burst: 1000 }, webhooks: { rate: 200, burst: 1000 } },
  epochs: { team: 0, deals: 0, metrics: 0, goals: 0 },
} as const satisfies Partial<Settings>;

/** The stages as they come. The addresses belong to nobody: put your own here, or give them with `-c`. */
export const stages: Readonly<Record<StageName, Settings>> = {
  dev: {
    ...base,
    protect: false,
    mailIdentity: 'address',
    callbackUrls: ['http://localhost:3000/signed-in'],
    logRetention: RetentionDays.TWO_WEEKS,
    archiveDays: 14,
  },
  staging: {
    ...base,
    protect: false,
    mailIdentity: 'domain',
    callbackUrls: ['https://staging.sales.example.com/signed-in'],
    canary: { everyMinutes: 5 },
    logRetention: RetentionDays.ONE_MONTH,
    archiveDays: 30,
  },
  prod: {
    ...base,
    protect: true,
    mailIdentity: 'domain',
    callbackUrls: ['https://sales.example.com/signed-in'],
    canary: { everyMinutes: 5 },
    logRetention: RetentionDays.ONE_YEAR,
    archiveDays: 365,
  },
};
