import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { dealOfAccount } from '../../../../services/deals/accounts/merge/move-deals.ts';
import type { Account } from '../../../../services/deals/domain/account.ts';
import {
  type AccountMerge,
  beginMerge,
  beginUndo,
  separated,
  withoutFilled,
} from '../../../../services/deals/domain/account-merge.ts';
import type { Deal } from '../../../../services/deals/domain/deal.ts';
import { Conflict, Unprocessable } from '../../../../shared/errors/errors.ts';
import { AccountId, DealId, derivedId, JobId, MergeId } from '../../../../shared/ids/id.ts';
import { Instant } from '../../../../shared/time/instant.ts';
import { openDeal, usd } from '../deals.fixture.ts';

const NOW = Instant.parse('2026-11-23T15:30:00Z');
const ids = Array.from({ length: 5 }, (_, n) => derivedId(AccountId, String(n)));
const jobId = derivedId(JobId, 'job');
const nth = <T>(all: readonly T[], n: number): T | undefined => all[n % Math.max(1, all.length)];

const index = fc.nat({ max: 100 });
const steps = fc.array(
  fc.oneof(
    fc.record({ step: fc.constant('merge' as const), into: index, from: index }),
    fc.record({ step: fc.constant('undo' as const), merge: index }),
    fc.record({
      step: fc.constant('sell' as const),
      to: index,
      amount: fc.integer({ min: 1, max: 9_999_999 }),
    }),
    fc.record({ step: fc.constant('reassign' as const), deal: index, to: index }),
  ),
  { maxLength: 40 },
);

interface World {
  readonly accounts: Map<AccountId, Account>;
  readonly deals: Map<DealId, Deal>;
  readonly merges: Map<MergeId, AccountMerge>;
  readonly moves: Map<MergeId, readonly DealId[]>;
}

const of = ({ deals }: World, accountId: AccountId) =>
  [...deals.values()].filter((deal) => deal.accountId === accountId);
const sum = (deals: readonly Deal[]) => deals.reduce((total, { amount }) => total + amount.amount, 0);
const move = (world: World, deals: readonly DealId[], from: AccountId, to: AccountId) => {
  for (const id of deals) {
    const deal = world.deals.get(id);
    if (deal?.accountId === from) world.deals.set(id, dealOfAccount(deal, to, NOW));
  }
};

const merge = (world: World, into: AccountId, from: AccountId) => {
  const [survivor, duplicate] = [world.accounts.get(into), world.accounts.get(from)];
  if (!survivor || !duplicate) return;
  const id = derivedId(MergeId, String(world.merges.size));
  const begun = beginMerge({ survivor, duplicate }, { id, jobId, now: NOW });
  world.accounts.set(into, begun.survivor).set(from, begun.duplicate);
  world.merges.set(id, { ...begun.merge, status: 'merged', mergedAt: NOW });
  world.moves.set(
    id,
    of(world, from).map((deal) => deal.id),
  );
  const whole = sum(of(world, into)) + sum(of(world, from));
  move(world, world.moves.get(id) ?? [], from, into);
  expect([sum(of(world, into)), sum(of(world, from))]).toEqual([whole, 0]);
};

const undo = (world: World, { id }: AccountMerge) => {
  const before = world.merges.get(id);
  const survivor = before && world.accounts.get(before.accountId);
  const duplicate = before && world.accounts.get(before.duplicateId);
  if (!before || !survivor || !duplicate) return;
  const undoing = beginUndo(before, { survivor, jobId, hasFailed: false, now: NOW });
  const both = sum(of(world, survivor.id)) + sum(of(world, duplicate.id));
  move(world, world.moves.get(id) ?? [], survivor.id, duplicate.id);
  expect(sum(of(world, survivor.id)) + sum(of(world, duplicate.id))).toBe(both);
  world.accounts.set(survivor.id, withoutFilled(survivor, undoing, NOW));
  world.accounts.set(duplicate.id, separated(duplicate, { survivor, isOwnerThere: true, now: NOW }));
  world.merges.set(id, { ...undoing, status: 'undone' });
};

/** What must not be is refused, and changes nothing. */
const ifAllowed = (step: () => void) => {
  try {
    step();
  } catch (error) {
    if (!(error instanceof Conflict || error instanceof Unprocessable)) throw error;
  }
};

const survivorOf = ({ accounts }: World, id: AccountId): AccountId => {
  let account = accounts.get(id);
  for (let hop = 0; account?.mergedInto !== undefined; hop += 1) {
    expect(hop, 'merges go round in a circle').toBeLessThan(ids.length);
    account = accounts.get(account.mergedInto);
  }
  return account?.id ?? id;
};

describe('merging accounts and undoing it', () => {
  test.prop({ steps })('moves every deal whole: no cent appears or vanishes', ({ steps: all }) => {
    const world: World = {
      accounts: new Map(
        ids.map((id, n) => [
          id,
          {
            id,
            name: `Account ${String(n)}`,
            externalIds: [`crm-${String(n)}`],
            ...(n % 2 === 0 && { taxId: `IT${String(n)}` }),
            createdAt: NOW,
            updatedAt: NOW,
          },
        ]),
      ),
      deals: new Map(),
      merges: new Map(),
      moves: new Map(),
    };
    const fresh = new Map(world.accounts);
    let sold = 0;
    for (const step of all) {
      if (step.step === 'merge') {
        const [into, from] = [nth(ids, step.into), nth(ids, step.from)];
        if (into && from)
          ifAllowed(() => {
            merge(world, into, from);
          });
      } else if (step.step === 'undo') {
        const undone = nth([...world.merges.values()], step.merge);
        if (undone)
          ifAllowed(() => {
            undo(world, undone);
          });
      } else {
        const target = nth(ids, step.to);
        if (target === undefined) continue;
        const accountId = survivorOf(world, target);
        if (step.step === 'sell') {
          const id = derivedId(DealId, String(world.deals.size));
          world.deals.set(id, { ...openDeal(), id, accountId, amount: usd(step.amount) });
          sold += step.amount;
        } else {
          const deal = nth([...world.deals.values()], step.deal);
          if (deal) world.deals.set(deal.id, dealOfAccount(deal, accountId, NOW));
        }
      }
      expect(sum([...world.deals.values()])).toBe(sold);
      // Nothing is left with an account that is none any more.
      for (const account of world.accounts.values())
        if (account.mergedInto !== undefined) expect(of(world, account.id)).toEqual([]);
    }
    // Undone from the last one back, all accounts are as they were.
    for (const each of [...world.merges.values()].toReversed())
      ifAllowed(() => {
        undo(world, each);
      });
    expect(sum([...world.deals.values()])).toBe(sold);
    for (const [id, account] of fresh) expect(world.accounts.get(id)).toEqual(account);
  });
});
