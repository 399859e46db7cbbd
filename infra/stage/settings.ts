import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { scopes } from '../../shared/auth/scopes.ts';

export const allScopes = Object.keys(scopes);

const STAGE_NAMES = ['dev', 'staging', 'prod'] as const;
export const StageName = z.enum(STAGE_NAMES);
export type StageName = z.infer<typeof StageName>;

/** A text of this form; what is wrong is told with an example of what would be right. */
const text = (pattern: RegExp, example: string, what: string) => {
  const error = `must be ${what}, as in ${example}`;
  return z.string({ error }).regex(pattern, { error });
};

const Address = z.email('must be an e-mail address, as in sales@acme.com');
const Url = z.url({
  protocol: /^https?$/,
  error: 'must be an address starting with https:// (or http://)',
});
const Host = text(
  /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/,
  'api.sales.acme.com',
  'a host name in lower case',
);

/** A system that calls the API with client credentials of its own. */
const Integration = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{1,30}$/, 'must be lower case letters, digits and dashes'),
  scopes: z.array(z.enum(allScopes)).min(1),
});
export type Integration = z.infer<typeof Integration>;

/** Requests per second, steady and at once. */
const Throttle = z.strictObject({ rate: z.number().positive(), burst: z.int().positive() });

/** A name of one's own for the API. */
const Domain = z.strictObject({
  name: Host,
  /** Of ACM, for that name, in the account and region of the stack. */
  certificateArn: text(
    /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/,
    'arn:aws:acm:<region>:<account>:certificate/<id>',
    'the ARN of a certificate of ACM for that name',
  ),
  /** The zone of Route 53 that gets the name's record; without it one makes the record by hand. */
  hostedZone: z
    .strictObject({
      id: text(/^Z[A-Z0-9]{3,31}$/, 'Z0123456789ABC', 'the id of a hosted zone of Route 53'),
      name: Host,
    })
    .optional(),
});

/** Times that its service's table was restored from a backup. */
const Epoch = z.int('must be a whole number, as in 1').min(0, 'must be 0 or more');

/** Everything that differs between stages. Several stages may live in one account and region. */
export const StageConfig = z.strictObject({
  stage: StageName,
  /** Tables, users, files and logs outlive the stack, and can't be deleted by accident. */
  protect: z.boolean(),
  /** The only account it may be deployed to; any unless given. */
  account: text(/^\d{12}$/, '111122223333', 'the twelve digits of an account').optional(),
  /** The only region it may be deployed to; any unless given. */
  region: text(/^[a-z]{2,4}(-[a-z]+)+-\d$/, 'eu-central-1', 'a region').optional(),
  /** The sender of every mail. */
  mailFrom: Address,
  /**
   * What SES verifies: the address alone, by a link sent to it, or its whole domain, by DKIM records. An account has
   * each identity once per region: of stages that share the sender's domain, all but one say `existing`.
   */
  mailIdentity: z.enum(['address', 'domain', 'existing'], 'must be address, domain or existing'),
  /** Who is told of alarms. */
  alarmEmail: Address,
  /** The name that the API answers under; one that AWS makes up unless given. */
  domain: Domain.optional(),
  /** Where links in mails lead; the API itself unless given. */
  publicUrl: Url.optional(),
  /** The folder of the runbooks that alarms link to, without a slash at the end. */
  runbookUrl: Url.transform((url) => url.replace(/\/+$/, '')),
  /** Browser origins that may call the API; CORS stays off without any. */
  corsOrigins: z.array(Url),
  /** Where people land after signing in. */
  callbackUrls: z.array(Url).min(1, 'must name at least one address'),
  integrations: z.array(Integration),
  /** Wins a synthetic deal every so many minutes and waits for its metric; absent when off. */
  canary: z
    .strictObject({
      everyMinutes: z
        .int('must be a number of minutes, or off')
        .min(1, 'must be a number of minutes, or off')
        .max(60, 'must be 60 minutes at most, or off: it would see a failure too late'),
    })
    .optional(),
  logLevel: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR'], 'must be DEBUG, INFO, WARN or ERROR'),
  /** One of CloudWatch’s own periods, in days. */
  logRetention: z.enum(RetentionDays),
  /** How long events can be replayed. */
  archiveDays: z.int().min(1),
  throttle: z.strictObject({ api: Throttle, webhooks: Throttle }),
  /**
   * Buses that Shopify sends a store's events to, where they come over EventBridge instead of as webhooks: named as the
   * partner event source that each was made for.
   */
  partnerBuses: z.array(
    text(
      /^aws\.partner\/shopify\.com\/[\w./-]{1,200}$/,
      'aws.partner/shopify.com/12345/quotaline',
      'the name of a partner event bus of Shopify’s',
    ),
  ),
  /** Raised by one for a service whose table was restored from a backup. */
  epochs: z.strictObject({ team: Epoch, deals: Epoch, metrics: Epoch, goals: Epoch }),
});
export type StageConfig = z.infer<typeof StageConfig>;
