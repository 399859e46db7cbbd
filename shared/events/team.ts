import * as z from 'zod';
import { ImportId, MemberId, TeamId, TerritoryId } from '../ids/id.ts';
import { Currency } from '../money/money.ts';
import { Day } from '../time/instant.ts';
import { event } from './contract.ts';
import { jobAdvanced } from './job-advanced.ts';

/** Lower bounds of actual ÷ expected for each pace status; below `atRisk` is behind. */
export const PaceThresholds = z.object({
  ahead: z.number(),
  onTrack: z.number(),
  atRisk: z.number(),
});
export type PaceThresholds = z.infer<typeof PaceThresholds>;

export const OrganizationState = z.object({
  name: z.string(),
  reportingCurrency: Currency,
  /** IANA zone, as in `Europe/Rome`. */
  timeZone: z.string(),
  /** 1–12. A fiscal year bears the number of the calendar year in which it ends. */
  fiscalYearStartMonth: z.int(),
  /** ISO weekdays, 1 Monday – 7 Sunday. */
  businessDays: z.array(z.int()),
  paceThresholds: PaceThresholds,
  /** Days without business beside those of the week, ascending. None where absent. */
  holidays: z.array(Day).optional(),
  /** Days after which what a rejected candidate told of themselves is deleted; 180 where absent. */
  candidateRetentionDays: z.int().optional(),
});
export type OrganizationState = z.infer<typeof OrganizationState>;

export const Role = z.enum(['admin', 'manager', 'rep']);
export type Role = z.infer<typeof Role>;

/** From `from` on (inclusive), until the next membership starts, the member belongs to the team. */
export const Membership = z.object({ teamId: TeamId, from: Day });
export type Membership = z.infer<typeof Membership>;

/** Away from `from` until `until`, both included. Why is nobody's business but the team's. */
export const Absence = z.object({ from: Day, until: Day });
export type Absence = z.infer<typeof Absence>;

export const MemberState = z.object({
  id: MemberId,
  name: z.string(),
  /** Absent for someone who neither signs in nor gets mail. */
  email: z.string().optional(),
  role: Role,
  status: z.enum(['active', 'departed']),
  /** By `from`, ascending. Empty for someone in no team. */
  memberships: z.array(Membership),
  territoryIds: z.array(TerritoryId),
  startedOn: Day.optional(),
  departedOn: Day.optional(),
  /** Months from `startedOn` until the full share of a target is expected. */
  rampMonths: z.int(),
  /** Share of full time, 0–1; 1 where absent. */
  capacity: z.number().optional(),
  /** By `from`, ascending; none where absent. */
  absences: z.array(Absence).optional(),
});
export type MemberState = z.infer<typeof MemberState>;

export const TeamState = z.object({
  id: TeamId,
  name: z.string(),
  managerId: MemberId.optional(),
  parentTeamId: TeamId.optional(),
});
export type TeamState = z.infer<typeof TeamState>;

/**
 * Which accounts belong to a territory. Of each criterion that is given, one value must fit; criteria that are not given
 * fit every account. Over all territories the rule with the lowest `priority` decides.
 */
export const TerritoryRule = z.object({
  priority: z.int(),
  countries: z.array(z.string()).optional(),
  regions: z.array(z.string()).optional(),
  postalCodePrefixes: z.array(z.string()).optional(),
  industries: z.array(z.string()).optional(),
  segments: z.array(z.string()).optional(),
  /** Annual revenue in major units of the reporting currency: at least `from`, and less than `below`. */
  revenue: z.object({ from: z.number().optional(), below: z.number().optional() }).optional(),
});
export type TerritoryRule = z.infer<typeof TerritoryRule>;

export const TerritoryState = z.object({
  id: TerritoryId,
  name: z.string(),
  parentTerritoryId: TerritoryId.optional(),
  managerId: MemberId.optional(),
  ownerIds: z.array(MemberId),
  /** None where absent. */
  rules: z.array(TerritoryRule).optional(),
});
export type TerritoryState = z.infer<typeof TerritoryState>;

const teamEvent = <Data extends z.ZodType>(name: string, description: string, data: Data) =>
  event({ service: 'team', name, major: 1, description, data });

export const OrganizationUpdated = teamEvent(
  'OrganizationUpdated',
  'The organization’s settings.',
  OrganizationState,
);
export const MemberAdded = teamEvent('MemberAdded', 'A member joined.', MemberState);
export const MemberUpdated = teamEvent('MemberUpdated', 'A member’s details changed.', MemberState);
export const MemberTransferred = teamEvent(
  'MemberTransferred',
  'A member belongs to another team from a day on.',
  MemberState,
);
export const MemberDeparted = teamEvent(
  'MemberDeparted',
  'A member left; open work goes to `reassignTo`.',
  MemberState.extend({ reassignTo: MemberId.optional() }),
);
export const TeamChanged = teamEvent(
  'TeamChanged',
  'A team was made, renamed, moved or given a manager.',
  TeamState,
);
export const TerritoryChanged = teamEvent(
  'TerritoryChanged',
  'A territory was made or changed.',
  TerritoryState,
);

/** A page of an import is due. Kept inside the service that runs the import. */
export const TeamImportAdvanced = teamEvent(
  'TeamImportAdvanced',
  'An import’s next page is due.',
  z.object({ id: ImportId, kind: z.string(), status: z.string(), nextLine: z.int() }),
);

/** For what is due on a day: transfers that take effect, dates that have passed. */
export const DayBegan = teamEvent(
  'DayBegan',
  'A day began where the organization is. Once a day; days on which the system stood still are passed by.',
  z.object({ day: Day }),
);

/** A slice of a job is due. Kept inside the service that runs the job. */
export const TeamJobAdvanced = jobAdvanced('team', 'TeamJobAdvanced');
