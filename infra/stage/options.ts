import * as z from 'zod';
import { nearest } from '../nearest.ts';
import type { Problem } from './problem.ts';

interface Option {
  /** The setting that it replaces. */
  readonly path: readonly [string, ...string[]];
  /** What is written after the `=`, as the setting has it; a text unless given. */
  readonly read?: (value: string) => unknown;
}

/** A text that is no number stays one, for the setting to complain of. */
const count = (value: string): unknown => (/^\d{1,9}$/.test(value) ? Number(value) : value);

/** What `-c name=value` may replace. */
export const options: Readonly<Record<string, Option>> = {
  account: { path: ['account'] },
  region: { path: ['region'] },
  mailFrom: { path: ['mailFrom'] },
  mailIdentity: { path: ['mailIdentity'] },
  alarmEmail: { path: ['alarmEmail'] },
  domainName: { path: ['domain', 'name'] },
  certificateArn: { path: ['domain', 'certificateArn'] },
  hostedZoneId: { path: ['domain', 'hostedZone', 'id'] },
  hostedZoneName: { path: ['domain', 'hostedZone', 'name'] },
  publicUrl: { path: ['publicUrl'] },
  callbackUrl: { path: ['callbackUrls'], read: (value) => [value] },
  runbookUrl: { path: ['runbookUrl'] },
  canary: {
    path: ['canary'],
    read: (value) => (value === 'off' ? undefined : { everyMinutes: count(value) }),
  },
  partnerBus: { path: ['partnerBuses'], read: (value) => [value] },
  logLevel: { path: ['logLevel'] },
  'epochs.team': { path: ['epochs', 'team'], read: count },
  'epochs.deals': { path: ['epochs', 'deals'], read: count },
  'epochs.metrics': { path: ['epochs', 'metrics'], read: count },
  'epochs.goals': { path: ['epochs', 'goals'], read: count },
};

/** What the CDK’s command keeps in the same place: flags as `@aws-cdk/…`, lookups as `zones:account=…`, and its own settings. */
const isOfTheCdk = (name: string): boolean =>
  /^@|:/.test(name) || ['cli-telemetry', 'acknowledged-issue-numbers'].includes(name);

/** A name that nobody reads is most likely a mistyped one, and what it was to change would stay as it is. */
export const unknownOptions = (names: readonly string[]): readonly Problem[] => {
  const known = ['stage', ...Object.keys(options)];
  return names
    .filter((name) => !known.includes(name) && !isOfTheCdk(name))
    .map((name) => {
      const meant =
        nearest(name, known) ?? known.find((one) => one.toLowerCase().startsWith(name.toLowerCase()));
      const instead = meant === undefined ? `there are ${known.join(', ')}` : `write -c ${meant}=…`;
      return { setting: `-c ${name}`, says: `is no option: ${instead}` };
    });
};

/** The option that replaces this setting, or all that it is part of. */
export const optionFor = (path: readonly PropertyKey[]): string | undefined =>
  Object.entries(options).find(([, option]) => option.path.every((key, index) => key === path[index]))?.[0];

const Group = z.record(z.string(), z.unknown()).catch({});

const replace = (
  settings: Readonly<Record<string, unknown>>,
  [key, ...rest]: readonly string[],
  value: unknown,
): Readonly<Record<string, unknown>> => {
  if (key === undefined) return settings;
  return { ...settings, [key]: rest.length === 0 ? value : replace(Group.parse(settings[key]), rest, value) };
};

/** What one writes after the `=`; cdk.json may say it as a number or a truth value as well. */
const Given = z.coerce.string();

/** The settings with what the options say, unchecked. */
export const withOptions = (
  settings: Readonly<Record<string, unknown>>,
  context: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> => {
  let replaced = settings;
  for (const [name, { path, read }] of Object.entries(options)) {
    if (context[name] === undefined) continue;
    const given = Given.parse(context[name]);
    replaced = replace(replaced, path, read === undefined ? given : read(given));
  }
  return replaced;
};
