import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { scopes } from '../shared/auth/scopes.ts';

const allScopes = Object.keys(scopes);

const Address = z.email('must be an e-mail address, as in sales@example.com');
const Origin = z.url({
  protocol: /^https?$/,
  error: 'must be an address starting with https:// (or http://)',
});

/** A system that calls the API with client credentials of its own. */
const Integration = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{1,30}$/, 'must be lower case letters, digits and dashes'),
  scopes: z.array(z.enum(allScopes)).min(1),
});

/** Requests per second, steady and at once. */
const Throttle = z.strictObject({ rate: z.number().positive(), burst: z.int().positive() });

/** Everything that differs between stages. Several stages may live in one account and region. */
const StageConfig = z.strictObject({
  stage: z.enum(['dev', 'staging', 'prod']),
  /** Tables, users, files and logs outlive the stack, and can't be deleted by accident. */
  protect: z.boolean(),
  /** The sender of every mail. */
  mailFrom: Address,
  /** What SES verifies: the address alone, by a link sent to it, or its whole domain, by DKIM records. */
  mailIdentity: z.enum(['address', 'domain']),
  /** Who is told of alarms. */
  alarmEmail: Address,
  /** Where links in mails lead; the API itself unless given. */
  publicUrl: Origin.optional(),
  /** Browser origins that may call the API; CORS stays off without any. */
  corsOrigins: z.array(Origin),
  /** Where people land after signing in. */
  callbackUrls: z.array(Origin).min(1),
  integrations: z.array(Integration),
  logLevel: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']),
  /** One of CloudWatch’s own periods, in days. */
  logRetention: z.enum(RetentionDays),
  /** How long events can be replayed. */
  archiveDays: z.int().min(1),
  throttle: z.strictObject({ api: Throttle, webhooks: Throttle }),
  /** Raised by one for a service whose table was restored from a backup. */
  epochs: z.strictObject({
    team: z.int().min(0),
    deals: z.int().min(0),
    metrics: z.int().min(0),
    goals: z.int().min(0),
  }),
});
export type StageConfig = z.infer<typeof StageConfig>;

/** Makes the first members, and serves the tools of whoever operates the stage. */
const operations = { name: 'operations', scopes: allScopes };

const base: Pick<
  StageConfig,
  'mailFrom' | 'alarmEmail' | 'corsOrigins' | 'integrations' | 'logLevel' | 'throttle' | 'epochs'
> = {
  mailFrom: 'sales@example.com',
  alarmEmail: 'alarms@example.com',
  corsOrigins: [],
  integrations: [operations],
  logLevel: 'INFO',
  throttle: { api: { rate: 500, burst: 1000 }, webhooks: { rate: 200, burst: 1000 } },
  epochs: { team: 0, deals: 0, metrics: 0, goals: 0 },
};

const stages: Readonly<Record<StageConfig['stage'], StageConfig>> = {
  dev: {
    ...base,
    stage: 'dev',
    protect: false,
    mailIdentity: 'address',
    callbackUrls: ['http://localhost:3000/signed-in'],
    logRetention: RetentionDays.TWO_WEEKS,
    archiveDays: 14,
  },
  staging: {
    ...base,
    stage: 'staging',
    protect: false,
    mailIdentity: 'domain',
    callbackUrls: ['https://staging.sales.example.com/signed-in'],
    logRetention: RetentionDays.ONE_MONTH,
    archiveDays: 30,
  },
  prod: {
    ...base,
    stage: 'prod',
    protect: true,
    mailIdentity: 'domain',
    callbackUrls: ['https://sales.example.com/signed-in'],
    logRetention: RetentionDays.ONE_YEAR,
    archiveDays: 365,
  },
};

/** What `-c name=value` may replace; each is a single text. */
const overridable = ['mailFrom', 'mailIdentity', 'alarmEmail', 'publicUrl', 'logLevel'] as const;

/** The stage's settings can't be used; the message says which, why, and what to write instead. */
export class StageError extends Error {
  override readonly name = 'StageError';
}

const StageName = z.enum(['dev', 'staging', 'prod']);

/**
 * The configuration of the stage named by the context's `stage` (dev unless given), with what the context replaces.
 * Throws StageError for an unknown stage, or naming every value that can't be right.
 */
export const stageConfig = (context: (name: string) => unknown): StageConfig => {
  const name = StageName.safeParse(context('stage') ?? 'dev');
  if (!name.success) {
    const known = StageName.options.join(', ');
    throw new StageError(`Unknown stage “${String(context('stage'))}”: use -c stage=<one of ${known}>.`);
  }
  const overrides = overridable.flatMap((key) => {
    const value = context(key);
    return value === undefined ? [] : [[key, value] as const];
  });
  const config = StageConfig.safeParse({ ...stages[name.data], ...Object.fromEntries(overrides) });
  if (config.success) return config.data;
  const problems = config.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new StageError(
    [
      `Stage ${name.data} can’t be configured like this:`,
      ...problems,
      `Correct infra/stage.ts or the option, as in -c mailFrom=sales@example.com.`,
    ].join('\n'),
  );
};

/** Addresses that nobody can receive mail at: the configuration as it came, not yet made one's own. */
export const isPlaceholder = (address: string): boolean => /@([^@]+\.)?example\.(com|org|net)$/.test(address);

/** The name of a thing of this stage: `quotaline-dev-deals`. */
export const named = ({ stage }: StageConfig, ...parts: readonly string[]): string =>
  ['quotaline', stage, ...parts].join('-');
