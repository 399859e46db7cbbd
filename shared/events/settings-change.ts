import * as z from 'zod';
import { GoalId, RequestId } from '../ids/id.ts';
import { Currency } from '../money/money.ts';
import { Day } from '../time/instant.ts';
import { event } from './contract.ts';
import { FrozenRate } from './deals.ts';
import { OrganizationState } from './team.ts';

/**
 * What is asked of the services, one after the other: `preview` says what would be done and changes nothing; `prepare` keeps the
 * new settings, so that everything is written by them from then on; `recompute` brings level what was counted before;
 * `finish` says that everyone has.
 */
export const SettingsChangePhase = z.enum(['preview', 'prepare', 'recompute', 'finish']);
export type SettingsChangePhase = z.infer<typeof SettingsChangePhase>;

export const SettingsChangeData = z.object({
  id: RequestId,
  phase: SettingsChangePhase,
  before: OrganizationState,
  after: OrganizationState,
  /** Of the organization as `after` has it, once that is in force: from `prepare` on. */
  settings: z.object({ epoch: z.int(), version: z.int() }).optional(),
  /** From the former reporting currency to the new one, as deals know it: targets are restated at it. */
  rate: FrozenRate.optional(),
});
export type SettingsChangeData = z.infer<typeof SettingsChangeData>;

export const SettingsChangeRequested = event({
  service: 'team',
  name: 'SettingsChangeRequested',
  major: 1,
  description:
    'A phase of a change of settings that recomputes is due: every service that counts by them answers.',
  data: SettingsChangeData,
});

/** A currency that nothing on or before the day tells the worth of. */
export const MissingRate = z.object({ currency: Currency, day: Day });
export type MissingRate = z.infer<typeof MissingRate>;

const Span = z.object({ from: Day, to: Day });
/** A goal whose period lies elsewhere by the new calendar; `to` is the first day after it. */
export const MovedGoal = z.object({ id: GoalId, period: z.string(), before: Span, after: Span });
export type MovedGoal = z.infer<typeof MovedGoal>;

/** How far a service is with a phase, or what came of it. */
export const SettingsChangeReport = z.object({
  id: RequestId,
  phase: SettingsChangePhase,
  status: z.enum(['running', 'done', 'failed']),
  /** Under names of the service's own. */
  counts: z.record(z.string(), z.int()),
  /** Why it can't be done, for people. */
  problems: z.array(z.string()),
  /** At most 100. */
  missingRates: z.array(MissingRate).optional(),
  /** At most 100. */
  movedGoals: z.array(MovedGoal).optional(),
  /** The latest from the former reporting currency to the new one. */
  rate: FrozenRate.optional(),
});
export type SettingsChangeReport = z.infer<typeof SettingsChangeReport>;

const reported = (service: 'deals' | 'goals' | 'metrics', name: string) =>
  event({
    service,
    name,
    major: 1,
    description: `How far ${service} are with a phase of a change of settings.`,
    data: SettingsChangeReport,
  });

export const DealsSettingsChangeReported = reported('deals', 'DealsSettingsChangeReported');
export const GoalsSettingsChangeReported = reported('goals', 'GoalsSettingsChangeReported');
export const MetricsSettingsChangeReported = reported('metrics', 'MetricsSettingsChangeReported');
