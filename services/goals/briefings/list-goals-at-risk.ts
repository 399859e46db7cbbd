import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import type { Directory } from '../../../shared/directory/directory.ts';
import type { DirectorySnapshot } from '../../../shared/directory/snapshot.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { answerOnce } from '../../../shared/events/answer-once.ts';
import {
  type AgendaRequested,
  type GoalAtRisk,
  GoalsAtRiskListed,
} from '../../../shared/events/briefings.ts';
import type { Message } from '../../../shared/events/consumer.ts';
import type { Outcome } from '../../../shared/events/outcome.ts';
import type { TeamId } from '../../../shared/ids/id.ts';
import type { Day, Instant } from '../../../shared/time/instant.ts';
import { dayOf } from '../../../shared/time/zone.ts';
import { readGoal } from '../domain/attainment.ts';
import type { Goal } from '../domain/goal.ts';
import { paceOf } from '../domain/pace.ts';
import { totalsQueryOf } from '../progress/evaluate-scope.ts';
import { Buckets } from '../store/buckets.ts';
import { goalEntity } from '../store/entities.ts';
import { goalsAtRiskEntity } from '../store/goals-at-risk.ts';
import { Watches } from '../store/watches.ts';

/** More than a meeting ever talks about. */
const MOST_GOALS = 50;
const CONCURRENT_READS = 10;

/** The team, the teams below, and everyone who belongs to one of them on the day. */
const scopesOf = (directory: DirectorySnapshot, teamId: TeamId, today: Day): string[] => {
  const teams = new Set(directory.subtree(teamId));
  const members = directory.members().filter((member) => {
    const team = directory.teamOf(member, today);
    return member.status === 'active' && team !== undefined && teams.has(team);
  });
  return [...[...teams].map((id) => `team:${id}`), ...members.map(({ id }) => `rep:${id}`)];
};

/** Tells which goals of a team, of the teams below and of their reps are at risk or behind: the furthest first. */
export const listingGoalsAtRisk =
  ({ table, directory }: { readonly table: Table; readonly directory: Directory }) =>
  async ({ event, cause }: Pick<Message<typeof AgendaRequested>, 'event' | 'cause'>): Promise<Outcome> => {
    const { id, meetingId, teamId } = event.data;
    const buckets = new Buckets(table);
    const watches = new Watches(table);
    const goals = new Repository(table, goalEntity, cause);

    const atRisk = async (goal: Goal, now: Instant, snapshot: DirectorySnapshot): Promise<GoalAtRisk[]> => {
      const { organization } = snapshot;
      const totals = await buckets.totals(totalsQueryOf(goal));
      const reading = readGoal(goal, totals, { now, timeZone: organization.timeZone });
      const { status } = paceOf(goal, reading, now, organization);
      const { value, percent } = reading;
      if ((status !== 'atRisk' && status !== 'behind') || value === null || percent === null) return [];
      const { name, kpi, scope, target, currency } = goal;
      const measure = { percent, paceStatus: status, target, value, ...(currency && { currency }) };
      return [{ id: goal.id, name, kpi, scope, ...measure }];
    };

    const list = async () => {
      const now = table.clock.now();
      const snapshot = await directory.snapshot();
      const today = dayOf(now, snapshot.organization.timeZone);
      const watched = await mapConcurrently(
        scopesOf(snapshot, teamId, today),
        CONCURRENT_READS,
        async (scope) => (await watches.of(scope)).watches,
      );
      const running = watched.flat().filter(({ from, to }) => from <= today && today < to);
      const found = await goals.getMany(running.map(({ goalId }) => goalId));
      const active = [...found.values()].filter(({ status }) => status === 'active');
      const listed = await mapConcurrently(active, CONCURRENT_READS, async (goal) =>
        atRisk(goal, now, snapshot),
      );
      const furthest = listed
        .flat()
        .toSorted((a, b) => a.percent - b.percent)
        .slice(0, MOST_GOALS);
      return { id, requestId: id, meetingId, asOf: now, goals: furthest };
    };
    return answerOnce(new Repository(table, goalsAtRiskEntity, cause), id, list, GoalsAtRiskListed);
  };
