import type { DirectoryReader } from '../../../services/deals/domain/attribution.ts';
import { type Deal, newDeal } from '../../../services/deals/domain/deal.ts';
import { defaultPipeline } from '../../../services/deals/domain/pipeline.ts';
import { DirectorySnapshot } from '../../../shared/directory/snapshot.ts';
import type { MemberState, TeamState } from '../../../shared/events/team.ts';
import {
  AccountId,
  DealId,
  derivedId,
  MemberId,
  ProductId,
  TeamId,
  TerritoryId,
} from '../../../shared/ids/id.ts';
import { Currency, type Money } from '../../../shared/money/money.ts';
import { Day, Instant } from '../../../shared/time/instant.ts';

export const NOW = Instant.parse('2026-11-23T15:30:00Z');
export const at = (text: string) => Instant.parse(text);
export const day = (text: string) => Day.parse(text);
export const USD = Currency.parse('USD');
export const EUR = Currency.parse('EUR');
export const usd = (amount: number): Money => ({ amount, currency: USD });
export const eur = (amount: number): Money => ({ amount, currency: EUR });

export const ids = {
  ada: derivedId(MemberId, 'ada'),
  bob: derivedId(MemberId, 'bob'),
  east: derivedId(TeamId, 'east'),
  northeast: derivedId(TeamId, 'northeast'),
  west: derivedId(TeamId, 'west'),
  atlantic: derivedId(TerritoryId, 'atlantic'),
  pacific: derivedId(TerritoryId, 'pacific'),
  coasts: derivedId(TerritoryId, 'coasts'),
  roma: derivedId(AccountId, 'roma'),
  lasagne: derivedId(ProductId, 'lasagne'),
  penne: derivedId(ProductId, 'penne'),
};

export const openDeal = (changes: Partial<Deal> = {}): Deal => ({
  ...newDeal(
    {
      id: derivedId(DealId, 'one'),
      name: 'Pasta for Trattoria Roma',
      ownerId: ids.ada,
      stage: 'negotiation',
      amount: usd(129_900),
    },
    at('2026-09-01T08:00:00Z'),
    defaultPipeline,
  ),
  ...changes,
});

export const line = (amount: number, productId = ids.lasagne) => ({
  productId,
  quantity: 1,
  unitPrice: usd(amount),
  amount: usd(amount),
});

const member = (
  id: MemberId,
  memberships: MemberState['memberships'],
  territoryIds: TerritoryId[],
): MemberState => ({
  id,
  name: id,
  role: 'rep',
  status: 'active',
  memberships,
  territoryIds,
  rampMonths: 0,
});

const teams: readonly TeamState[] = [
  { id: ids.east, name: 'East' },
  { id: ids.northeast, name: 'Northeast', parentTeamId: ids.east },
  { id: ids.west, name: 'West' },
];

/** Ada moves from the Northeast to the West on 1 October; Bob has always been in the West. */
export const directory: DirectoryReader = new DirectorySnapshot({
  members: [
    member(
      ids.ada,
      [
        { teamId: ids.northeast, from: day('2026-01-01') },
        { teamId: ids.west, from: day('2026-10-01') },
      ],
      [ids.atlantic],
    ),
    member(ids.bob, [{ teamId: ids.west, from: day('2026-01-01') }], []),
  ],
  teams,
  territories: [
    { id: ids.coasts, name: 'Coasts', ownerIds: [] },
    { id: ids.atlantic, name: 'Atlantic', parentTerritoryId: ids.coasts, ownerIds: [] },
    { id: ids.pacific, name: 'Pacific', ownerIds: [] },
  ],
});
