import * as z from 'zod';
import type { ServiceName } from '../../../shared/events/contract.ts';
import {
  SettingsChangeData,
  type SettingsChangePhase,
  SettingsChangeReport,
} from '../../../shared/events/settings-change.ts';
import type { OrganizationState } from '../../../shared/events/team.ts';
import { Conflict, Unprocessable } from '../../../shared/errors/errors.ts';
import type { RequestId } from '../../../shared/ids/id.ts';
import { Instant } from '../../../shared/time/instant.ts';

/** The settings by which numbers were counted: changing one means counting again. */
export const countingSettings = ['reportingCurrency', 'timeZone', 'fiscalYearStartMonth'] as const;
export type CountingSetting = (typeof countingSettings)[number];
type CountingSettings = Pick<OrganizationState, CountingSetting>;
/** Those that are asked for. */
type Requested = { readonly [Name in CountingSetting]?: OrganizationState[Name] | undefined };

/** What a service said last; `version` orders what it says of one phase. */
export const Part = SettingsChangeReport.omit({ id: true }).extend({ version: z.int() });
export type Part = z.infer<typeof Part>;

const Parts = z.object({
  deals: Part.optional(),
  goals: Part.optional(),
  metrics: Part.optional(),
});
export type PartName = keyof z.infer<typeof Parts>;

export const SettingsChange = SettingsChangeData.extend({
  dryRun: z.boolean(),
  status: z.enum(['running', 'succeeded', 'failed']),
  /** What each service says it would do. */
  preview: Parts,
  /** How far each is with doing it. */
  parts: Parts,
  /** Why it failed. */
  problems: z.array(z.string()),
  createdAt: Instant,
  finishedAt: Instant.optional(),
});
export type SettingsChange = z.infer<typeof SettingsChange>;

/** Who has to have answered before the next phase begins. */
const answering: Readonly<Record<SettingsChangePhase, readonly PartName[]>> = {
  preview: ['deals', 'goals'],
  prepare: ['deals', 'goals', 'metrics'],
  recompute: ['deals', 'goals'],
  finish: [],
};

const partNames: readonly PartName[] = ['deals', 'goals', 'metrics'];
export const isPart = (service: ServiceName): service is PartName =>
  partNames.some((name) => name === service);

/** `settings` by the counting settings that are asked for, and those of `present` where nothing is. */
export const withCounting = <T extends object>(
  present: CountingSettings,
  asked: Requested & T,
): T & CountingSettings => ({
  ...asked,
  reportingCurrency: asked.reportingCurrency ?? present.reportingCurrency,
  timeZone: asked.timeZone ?? present.timeZone,
  fiscalYearStartMonth: asked.fiscalYearStartMonth ?? present.fiscalYearStartMonth,
});

/** Names of the counting settings that differ. */
export const countingDifference = (before: CountingSettings, after: CountingSettings): string[] =>
  countingSettings.filter((name) => before[name] !== after[name]);

/** @throws Conflict where settings would change by which something may have been counted */
export const assertSameCounting = (before: CountingSettings, after: CountingSettings): void => {
  const changed = countingDifference(before, after);
  if (changed.length === 0) return;
  throw new Conflict(
    `What was counted before has to be counted again for another ${changed.join(', ')}. Ask for it with POST /v1/organization/changes, which says beforehand what it will do.`,
  );
};

/** @throws Unprocessable where nothing would change */
export const newSettingsChange = (
  request: { readonly id: RequestId; readonly dryRun: boolean; readonly requested: Requested },
  before: OrganizationState,
  at: Instant,
): SettingsChange => {
  const after = { ...before, ...withCounting(before, request.requested) };
  if (countingDifference(before, after).length === 0)
    throw new Unprocessable(
      'Nothing would change: the settings are as they are asked for.',
      Object.keys(request.requested).map((name) => ({
        path: `/${name}`,
        message: 'must differ from the present setting, or be left out',
      })),
    );
  return {
    id: request.id,
    phase: 'preview',
    before,
    after,
    dryRun: request.dryRun,
    status: 'running',
    preview: {},
    parts: {},
    problems: [],
    createdAt: at,
  };
};

/** The other settings may have been put meanwhile; these are put into force with them. */
export const inForce = (present: OrganizationState, { after }: SettingsChange): OrganizationState => ({
  ...present,
  reportingCurrency: after.reportingCurrency,
  timeZone: after.timeZone,
  fiscalYearStartMonth: after.fiscalYearStartMonth,
});

const partsKey = (phase: SettingsChangePhase): 'preview' | 'parts' =>
  phase === 'preview' ? 'preview' : 'parts';

/** Whether another change may begin: this one has not touched anything, or is through. */
export const isOver = ({ status, phase }: SettingsChange): boolean =>
  status === 'succeeded' || (status === 'failed' && phase === 'preview');

/**
 * The change with what a service has said; the very same one for what is no news, or of another phase. One that had failed
 * while it was recomputed is under way again once the service is.
 */
export const withReport = <T extends SettingsChange>(change: T, service: PartName, part: Part): T => {
  const key = partsKey(change.phase);
  const known = change[key][service];
  // One that failed in its preview has given the settings free: another may be under way by now.
  if (isOver(change) || part.phase !== change.phase) return change;
  if (known?.phase === part.phase && known.version >= part.version) return change;
  const parts = { ...change[key], [service]: part };
  return { ...change, [key]: parts, status: 'running', problems: [], finishedAt: undefined };
};

const ended = <T extends SettingsChange>(
  change: T,
  status: 'succeeded' | 'failed',
  problems: readonly string[],
  at: Instant,
): T => ({ ...change, status, problems: [...problems], finishedAt: at });

const problemsOf = ({ preview, before, after }: SettingsChange): string[] => {
  const needsRate = (preview.goals?.counts.moneyGoals ?? 0) > 0 && preview.deals?.rate === undefined;
  return [
    ...(preview.deals?.problems ?? []),
    ...(preview.goals?.problems ?? []),
    ...(needsRate
      ? [
          `There is no exchange rate from ${before.reportingCurrency} to ${after.reportingCurrency}, in which goals would be restated. Set one with PUT /v1/fx-rates/{day}.`,
        ]
      : []),
  ];
};

/**
 * What follows once everyone has answered: the next phase, or the end. The very same change while someone is awaited. Nothing
 * is changed anywhere before the preview has shown that it can be.
 */
export const carriedOn = <T extends SettingsChange>(change: T, at: Instant): T => {
  const parts = change[partsKey(change.phase)];
  const said = answering[change.phase].map((name) => parts[name]);
  const failed = said.filter((part) => part?.phase === change.phase && part.status === 'failed');
  if (failed.length > 0)
    return ended(
      change,
      'failed',
      failed.flatMap((part) => part?.problems ?? []),
      at,
    );
  if (!said.every((part) => part?.phase === change.phase && part.status === 'done')) return change;
  switch (change.phase) {
    case 'preview': {
      const problems = problemsOf(change);
      if (change.dryRun) return ended(change, 'succeeded', problems, at);
      if (problems.length > 0) return ended(change, 'failed', problems, at);
      return { ...change, phase: 'prepare', rate: change.preview.deals?.rate };
    }
    case 'prepare':
      return { ...change, phase: 'recompute' };
    case 'recompute':
      return ended({ ...change, phase: 'finish' }, 'succeeded', [], at);
    case 'finish':
      return change;
  }
};
