import { DirectorySnapshot } from '../../../shared/directory/snapshot.ts';
import { defaultOrganization } from '../../../shared/directory/organization.ts';
import type { MemberState } from '../../../shared/events/team.ts';
import { AlertId, derivedId, GoalId, MemberId, TeamId } from '../../../shared/ids/id.ts';
import type { CounterName } from '../../../shared/kpis/counters.ts';
import type { Totals } from '../../../shared/kpis/totals.ts';
import { Currency } from '../../../shared/money/money.ts';
import { Day, Instant } from '../../../shared/time/instant.ts';
import type { Alert } from '../../../services/goals/domain/alert.ts';
import type { MailContext } from '../../../services/goals/mail/content.ts';
import { createGoal, type Goal } from '../../../services/goals/domain/goal.ts';

export const USD = Currency.parse('USD');
export const day = (text: string) => Day.parse(text);
export const instant = (text: string) => Instant.parse(text);
export const memberId = (name: string) => derivedId(MemberId, name);
export const teamId = (name: string) => derivedId(TeamId, name);

/** Half of November 2026 has gone by. */
export const midNovember = instant('2026-11-16T00:00:00Z');
export const atUtc = { now: midNovember, timeZone: 'UTC' };

export const goalOf = (overrides: Partial<Goal> = {}): Goal => ({
  ...createGoal(
    {
      id: derivedId(GoalId, 'goal'),
      name: 'Pasta revenue',
      scope: `rep:${memberId('Marco')}`,
      kpi: 'wonRevenue',
      period: '2026-11',
      from: day('2026-11-01'),
      to: day('2026-12-01'),
      unit: 'money',
      target: 10_000_000,
      currency: USD,
      direction: 'higher',
      milestones: [25, 50, 75, 100],
      ownerId: memberId('Marco'),
      watcherIds: [],
    },
    instant('2026-11-01T08:00:00Z'),
  ),
  ...overrides,
});

export const totalsOf = (counters: Partial<Record<CounterName, number>>): Totals => ({
  counters,
  sketches: {},
});

const member = (name: string, changes: Partial<MemberState> = {}): MemberState => ({
  id: memberId(name),
  name,
  email: `${name.toLowerCase()}@pastapro.example`,
  role: 'rep',
  status: 'active',
  memberships: [{ teamId: teamId('Northeast'), from: day('2026-01-01') }],
  territoryIds: [],
  rampMonths: 0,
  ...changes,
});

export const directoryOf = (changes: Readonly<Record<string, Partial<MemberState>>> = {}) =>
  new DirectorySnapshot({
    organization: { ...defaultOrganization, name: 'PastaPro' },
    members: ['Marco', 'Giulia', 'Wanda', 'Carla'].map((name) => member(name, changes[name])),
    teams: [
      { id: teamId('Sales'), name: 'Sales', managerId: memberId('Carla') },
      {
        id: teamId('Northeast'),
        name: 'Northeast',
        managerId: memberId('Giulia'),
        parentTeamId: teamId('Sales'),
      },
    ],
  });

export const alertFixture = (overrides: Partial<Alert> = {}): Alert => ({
  id: derivedId(AlertId, 'alert'),
  goalId: derivedId(GoalId, 'goal'),
  goalName: 'Q4 pasta revenue',
  scope: `rep:${memberId('Marco')}`,
  ownerId: memberId('Marco'),
  kpi: 'wonRevenue',
  period: '2026-Q4',
  from: day('2026-10-01'),
  to: day('2027-01-01'),
  unit: 'money',
  target: 10_000_000,
  currency: USD,
  allMilestones: [25, 50, 75, 100],
  revision: 1,
  episode: 1,
  rule: 'milestone',
  direction: 'reached',
  milestones: [75],
  value: 7_540_000,
  percent: 75.4,
  pace: {
    status: 'ahead',
    elapsed: 0.58,
    projection: 13_000_000,
    neededPerBusinessDay: 88_000,
    businessDaysLeft: 28,
  },
  movers: [
    {
      kind: 'deal',
      id: 'deal_1',
      name: 'Trattoria Roma, yearly supply',
      change: 'won',
      wonRevenue: 1_250_000,
    },
    { kind: 'order', id: 'order_1', name: 'Order #1042', change: 'paid', wonRevenue: 4_995 },
    { kind: 'deal', id: 'deal_2', name: 'Hotel Miramare', change: 'refunded', wonRevenue: -20_000 },
  ],
  at: instant('2026-11-23T10:00:00Z'),
  correlationId: '1-67e2f0aa-5b1d2c3e4f5a6b7c8d9e0f10',
  state: 'pending',
  recipients: [],
  ...overrides,
});

export const mailContext: MailContext = {
  organization: 'PastaPro',
  scopeName: 'Marco Bruno',
  currency: 'USD',
  role: 'manager',
  publicUrl: 'https://sales.pastapro.example/',
};
