import * as z from 'zod';
import type { DirectorySnapshot } from '../../../shared/directory/snapshot.ts';
import { queryInteger } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { MemberId, TeamId, TerritoryId } from '../../../shared/ids/id.ts';
import type { Kpi } from '../../../shared/kpis/kpi.ts';
import type { Totals } from '../../../shared/kpis/totals.ts';
import { type Day } from '../../../shared/time/instant.ts';
import { parsePeriod, type Period, PeriodText } from '../../../shared/time/period.ts';
import { dayOf } from '../../../shared/time/zone.ts';
import { answersOf, kpisFor, needsOpen, withoutNow } from '../domain/answer.ts';
import { assertPossible, Cut, rowKind, sortedRows } from '../domain/breakdown.ts';
import { type Scope, ScopeQuery, scopeText } from '../domain/scope.ts';
import type { Buckets } from '../store/buckets.ts';
import type { Names } from '../store/names.ts';
import type { MetricsDeps } from './deps.ts';
import { Answers, kpisQuery, reportFacts } from './kpi-answers.ts';
import { assertScopeVisible } from './viewing.ts';

const TEAM_NOTE =
  'The rows are those who are in the team, or in one below it, today, each with all of their own numbers: those of another team before, too.';

interface Question {
  readonly scope: Scope;
  readonly by: Cut;
  readonly period: Period;
  readonly asked: readonly Kpi[];
}

const membersOf = (teamId: TeamId, directory: DirectorySnapshot, today: Day): ReadonlySet<string> => {
  const teams = new Set(directory.subtree(teamId));
  const isIn = (team: TeamId | undefined): boolean => team !== undefined && teams.has(team);
  return new Set(
    directory
      .members()
      .filter((member) => isIn(directory.teamOf(member, today)))
      .map(({ id }) => id),
  );
};

const totalsByRow = async (
  { scope, by, period, asked }: Question,
  buckets: Buckets,
  { directory, today }: { readonly directory: DirectorySnapshot; readonly today: Day },
): Promise<ReadonlyMap<string, Totals>> => {
  if (by === 'month') return buckets.byMonth(scope.kind, scope.id, period);
  const found = await buckets.byKey(by, period, needsOpen(asked));
  if (scope.kind !== 'team') return found;
  const members = membersOf(scope.id, directory, today);
  return new Map([...found].filter(([key]) => members.has(key)));
};

/** What people call the rows, where the key is not what they call them. */
const namesOf = async (
  by: Cut,
  keys: readonly string[],
  { directory, names }: { readonly directory: DirectorySnapshot; readonly names: Names },
): Promise<ReadonlyMap<string, string>> => {
  const known = (find: (key: string) => { readonly name: string } | undefined) =>
    new Map(
      keys.flatMap((key) => {
        const name = find(key)?.name;
        return name === undefined ? [] : [[key, name] as const];
      }),
    );
  switch (by) {
    case 'rep':
      return known((key) => directory.member(MemberId.parse(key)));
    case 'team':
      return known((key) => directory.team(TeamId.parse(key)));
    case 'territory':
      return known((key) => directory.territory(TerritoryId.parse(key)));
    case 'product':
    case 'account':
      return names.of(keys);
    default:
      return new Map();
  }
};

const BreakdownRow = z.object({ key: z.string(), name: z.string().optional(), kpis: Answers });

export const getBreakdown = route({
  method: 'GET',
  path: '/v1/metrics/breakdown',
  scope: 'sales/metrics.read',
  summary: 'Break KPIs of a scope down by rep, team, product, month and more',
  description:
    'The organization can be broken down any way, a team by its members of today, and any scope by month. Rows come by the first KPI, largest first; months in their order. Scopes without any number have no row.',
  query: z.object({
    scope: ScopeQuery,
    period: PeriodText,
    by: Cut.describe('What the rows are.'),
    kpis: kpisQuery,
    limit: queryInteger(1, 1000)
      .default(500)
      .describe('How many rows at most; `total` says how many there are.'),
  }),
  response: z.object({
    ...reportFacts,
    by: Cut,
    rows: z.array(BreakdownRow),
    total: z.int(),
    note: z.string().optional(),
  }),
  async handle({ query, actor }, { buckets, names, directory: copy, clock }: MetricsDeps) {
    const { scope, by } = query;
    assertPossible(scope, by);
    const asked = kpisFor(rowKind(scope, by), query.kpis);
    const asOf = clock.now();
    const directory = await copy.snapshot();
    const { organization } = directory;
    const period = parsePeriod(query.period, organization);
    const today = dayOf(asOf, organization.timeZone);
    await assertScopeVisible(scope, { actor, directory, names, today });

    const totals = await totalsByRow({ scope, by, period, asked }, buckets, { directory, today });
    const nameOf = await namesOf(by, [...totals.keys()], { directory, names });
    const rows = [...totals].map(([key, each]) => {
      const answers = answersOf(asked, each, organization.reportingCurrency);
      const name = nameOf.get(key);
      return {
        key,
        ...(name !== undefined && { name }),
        kpis: by === 'month' ? withoutNow(asked, answers) : answers,
      };
    });
    const sorted = sortedRows(rows, by, asked[0]?.id ?? '');
    return {
      scope: scopeText(scope),
      period: period.text,
      asOf,
      by,
      rows: sorted.slice(0, query.limit).map((row) => ({ ...row, kpis: { ...row.kpis } })),
      total: rows.length,
      ...(scope.kind === 'team' && by === 'rep' && { note: TEAM_NOTE }),
    };
  },
});
