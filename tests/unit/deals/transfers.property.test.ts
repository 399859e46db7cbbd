import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { dealHandedOver } from '../../../services/deals/domain/reassignment.ts';
import type { Deal } from '../../../services/deals/domain/deal.ts';
import { win } from '../../../services/deals/domain/deal-steps.ts';
import { settle } from '../../../services/deals/settlement.ts';
import { departMember, transferMember } from '../../../services/team/domain/member.ts';
import { defaultOrganization } from '../../../shared/directory/organization.ts';
import { DirectorySnapshot } from '../../../shared/directory/snapshot.ts';
import type { MemberState, TeamState, TerritoryState } from '../../../shared/events/team.ts';
import { DealId, derivedId, MemberId, TeamId, TerritoryId } from '../../../shared/ids/id.ts';
import { Instant } from '../../../shared/time/instant.ts';
import { addDays } from '../../../shared/time/zone.ts';
import { day, openDeal, usd } from './deals.fixture.ts';

const START = day('2026-10-01');
const teamId = (name: string) => derivedId(TeamId, name);
/** Two regions with two teams each. */
const teams: readonly TeamState[] = ['East', 'West'].flatMap((region) => [
  { id: teamId(region), name: region },
  ...['A', 'B'].map((name) => ({
    id: teamId(`${region} ${name}`),
    name: `${region} ${name}`,
    parentTeamId: teamId(region),
  })),
]);
const topTeams = teams.filter(({ parentTeamId }) => parentTeamId === undefined);
const territoryIds = ['Alps', 'Coast', 'Lakes'].map((name) => derivedId(TerritoryId, name));

const members: readonly MemberState[] = Array.from({ length: 5 }, (_, n) => ({
  id: derivedId(MemberId, `seller ${String(n)}`),
  name: `Seller ${String(n)}`,
  role: 'rep',
  status: 'active',
  memberships: [{ teamId: teams[n % teams.length]?.id ?? teamId('East'), from: day('2026-01-01') }],
  territoryIds: territoryIds.slice(n % 3, (n % 3) + 1),
  rampMonths: 0,
}));

const index = fc.nat({ max: 1_000 });
const steps = fc.array(
  fc.oneof(
    fc.record({
      step: fc.constant('sell' as const),
      who: index,
      amount: fc.integer({ min: 1, max: 1_000_000 }),
    }),
    fc.record({ step: fc.constant('win' as const), deal: index }),
    fc.record({ step: fc.constant('transfer' as const), who: index, to: index, inDays: fc.nat({ max: 5 }) }),
    fc.record({ step: fc.constant('depart' as const), who: index, heir: index }),
    fc.record({ step: fc.constant('moveTerritory' as const), territory: index, below: index }),
    fc.record({ step: fc.constant('days' as const), pass: fc.integer({ min: 1, max: 7 }) }),
  ),
  { maxLength: 40 },
);
type Step = typeof steps extends fc.Arbitrary<infer Steps extends readonly unknown[]> ? Steps[number] : never;

const nth = <T>(all: readonly T[], n: number): T | undefined => all[n % Math.max(1, all.length)];

/** A sales floor on which each step is followed by what the service does about it. */
class Floor {
  today = START;
  #members = new Map(members.map((member) => [member.id, member]));
  #territories: readonly TerritoryState[] = territoryIds.map((id) => ({ id, name: id, ownerIds: [] }));
  deals: readonly Deal[] = [];
  /** By deal: the owner's team, as it was on the day of the win. */
  readonly earned = new Map<DealId, TeamId | undefined>();

  get #now(): Instant {
    return Instant.parse(`${this.today}T12:00:00Z`);
  }

  get active(): readonly MemberState[] {
    return [...this.#members.values()].filter(({ status }) => status === 'active');
  }

  directory(): DirectorySnapshot {
    return new DirectorySnapshot({
      members: [...this.#members.values()],
      teams,
      territories: this.#territories,
    });
  }

  /** As the jobs do: open deals are settled anew, closed ones are left alone. */
  async settleAll(): Promise<void> {
    const directory = this.directory();
    const sources = {
      organization: () => defaultOrganization,
      directory,
      account: () => undefined,
      rate: () => ({ rate: '1', day: this.today, currency: usd(0).currency }),
    };
    this.deals = await Promise.all(this.deals.map(async (deal) => settle(deal, sources, this.#now)));
  }

  take(step: Step): void {
    switch (step.step) {
      case 'sell': {
        const owner = nth(this.active, step.who);
        if (owner === undefined) return;
        const id = derivedId(DealId, String(this.deals.length));
        this.deals = [...this.deals, openDeal({ id, ownerId: owner.id, amount: usd(step.amount) })];
        return;
      }
      case 'win': {
        const deal = nth(
          this.deals.filter(({ status }) => status === 'open'),
          step.deal,
        );
        const owner = deal && this.#members.get(deal.ownerId);
        if (deal === undefined || owner === undefined) return;
        this.earned.set(deal.id, this.directory().teamOf(owner, this.today));
        this.#replace(deal.id, (each) => win(each, { at: this.#now, now: this.#now }));
        return;
      }
      case 'transfer': {
        const [member, team] = [nth(this.active, step.who), nth(teams, step.to)];
        const effectiveOn = addDays(this.today, step.inDays);
        if (member === undefined || team === undefined) return;
        if (this.directory().teamOf(member, effectiveOn) === team.id) return;
        this.#members.set(member.id, transferMember(member, { teamId: team.id, effectiveOn }, this.today));
        return;
      }
      case 'depart': {
        const [member, heir] = [nth(this.active, step.who), nth(this.active, step.heir)];
        if (member === undefined || heir === undefined || member.id === heir.id) return;
        this.#members.set(member.id, departMember(member, this.today, this.today));
        const hands = { from: member.id, to: heir.id, now: this.#now };
        this.deals = this.deals.map((deal) => dealHandedOver(deal, hands));
        return;
      }
      case 'moveTerritory': {
        const [moved, parent] = [nth(territoryIds, step.territory), nth(territoryIds, step.below)];
        this.#territories = this.#territories.map((each) =>
          each.id === moved && moved !== parent ? { ...each, parentTerritoryId: parent } : each,
        );
        return;
      }
      case 'days':
        this.today = addDays(this.today, step.pass);
    }
  }

  #replace(id: DealId, change: (deal: Deal) => Deal): void {
    this.deals = this.deals.map((deal) => (deal.id === id ? change(deal) : deal));
  }
}

const sumOf = (deals: readonly Deal[]): number => deals.reduce((sum, { amount }) => sum + amount.amount, 0);

const openOf = ({ deals }: Floor): readonly Deal[] => deals.filter(({ status }) => status === 'open');

/** What the deals of a status come to for a team and all below it. */
const ofTeam = (deals: readonly Deal[], team: TeamId): number =>
  sumOf(
    deals.filter(({ attribution }) => attribution.credits.some(({ teamPath }) => teamPath.includes(team))),
  );

describe('transfers, departures and territory moves in mid-quarter', () => {
  test.prop([steps])('leave wins where they were earned, and take the next ones along', async (taken) => {
    const floor = new Floor();
    for (const step of taken) {
      const wonBefore = floor.deals.filter(({ status }) => status === 'won');
      const [openBefore, sumBefore] = [sumOf(openOf(floor)), sumOf(floor.deals)];
      floor.take(step);
      await floor.settleAll();

      const byId = new Map(floor.deals.map((deal) => [deal.id, deal]));
      for (const deal of wonBefore) expect(byId.get(deal.id)).toEqual(deal);
      for (const [id, team] of floor.earned)
        expect(byId.get(id)?.attribution.credits[0]?.teamPath[0]).toBe(team);

      const directory = floor.directory();
      const active = new Set(floor.active.map(({ id }) => id));
      const open = openOf(floor);
      for (const { ownerId, attribution } of open) {
        expect(active).toContain(ownerId);
        const owner = directory.member(ownerId);
        expect(attribution.credits).toMatchObject([{ memberId: ownerId }]);
        expect(attribution.credits[0]?.teamPath[0]).toBe(owner && directory.teamOf(owner, floor.today));
      }

      // Nothing is lost or counted twice between the teams, whoever moved.
      for (const status of ['open', 'won'] as const) {
        const deals = floor.deals.filter((deal) => deal.status === status);
        const overTeams = topTeams.reduce((sum, { id }) => sum + ofTeam(deals, id), 0);
        expect(overTeams).toBe(sumOf(deals));
      }
      if (step.step !== 'sell' && step.step !== 'win')
        expect([sumOf(open), sumOf(floor.deals)]).toEqual([openBefore, sumBefore]);
    }
  });
});
