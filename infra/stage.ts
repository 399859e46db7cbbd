import type * as z from 'zod';
import { optionFor, unknownOptions, withOptions } from './stage/options.ts';
import { refusal, StageError, type Problem } from './stage/problem.ts';
import { problemsOf, type Place } from './stage/rules.ts';
import { StageConfig, StageName, type Integration } from './stage/settings.ts';
import { stages } from './stage/stages.ts';

export { StageError, type StageConfig };

/** Plays a rep who wins a deal, and reads the metric that must come of it. */
const canary: Integration = {
  name: 'canary',
  scopes: [
    'sales/team.write',
    'sales/team.read',
    'sales/deals.read',
    'sales/deals.write',
    'sales/metrics.read',
  ],
};

const told = ({ path, message }: z.core.$ZodIssue): Problem => {
  const option = optionFor(path);
  return { setting: path.join('.'), says: option === undefined ? message : `${message} (-c ${option}=…)` };
};

const withCanary = (config: StageConfig): StageConfig =>
  config.canary === undefined || config.integrations.some(({ name }) => name === canary.name)
    ? config
    : { ...config, integrations: [...config.integrations, canary] };

/**
 * The configuration of the stage named by the context's `stage` (dev unless given), with what the context replaces.
 * `place` is where the CDK would deploy, as far as it knows. Throws StageError for an unknown stage, or naming every
 * value that can't be right.
 */
export const stageConfig = (context: Readonly<Record<string, unknown>>, place: Place = {}): StageConfig => {
  const name = StageName.safeParse(context.stage ?? 'dev');
  if (!name.success) {
    const known = StageName.options.join(', ');
    throw new StageError(`Unknown stage “${String(context.stage)}”: use -c stage=<one of ${known}>.`);
  }
  const stage = name.data;
  const given = { ...withOptions(stages[stage], context), stage };
  const config = StageConfig.safeParse(given);
  const wrong = config.error?.issues ?? [];
  // What is right by itself is looked at further, so that all problems are told at once.
  const bad = new Set(wrong.map(({ path: [key] }) => key));
  const rest = StageConfig.partial().parse(
    Object.fromEntries(Object.entries(given).filter(([key]) => !bad.has(key))),
  );
  const problems = [...unknownOptions(Object.keys(context)), ...wrong.map(told), ...problemsOf(rest, place)];
  if (!config.success || problems.length > 0) throw refusal(stage, problems);
  return withCanary(config.data);
};

/** The name of a thing of this stage: `quotaline-dev-deals`. */
export const named = ({ stage }: StageConfig, ...parts: readonly string[]): string =>
  ['quotaline', stage, ...parts].join('-');
