import * as z from 'zod';
import { ImportId, MemberId, TeamId, TerritoryId } from '../ids/id.ts';
import { Currency } from '../money/money.ts';
import { Day } from '../time/instant.ts';
import { event } from './contract.ts';

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
});
export type OrganizationState = z.infer<typeof OrganizationState>;

export const Role = z.enum(['admin', 'manager', 'rep']);
export type Role = z.infer<typeof Role>;

/** From `from` on (inclusive), until the next membership starts, the member belongs to the team. */
export const Membership = z.object({ teamId: TeamId, from: Day });
export type Membership = z.infer<typeof Membership>;

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
  rampMonths: z.int(),
});
export type MemberState = z.infer<typeof MemberState>;

export const TeamState = z.object({
  id: TeamId,
  name: z.string(),
  managerId: MemberId.optional(),
  parentTeamId: TeamId.optional(),
});
export type TeamState = z.infer<typeof TeamState>;

export const TerritoryState = z.object({
  id: TerritoryId,
  name: z.string(),
  parentTerritoryId: TerritoryId.optional(),
  managerId: MemberId.optional(),
  ownerIds: z.array(MemberId),
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
