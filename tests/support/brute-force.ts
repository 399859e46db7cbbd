import type { DealState } from '../../shared/events/deals.ts';
import { splitByWeights } from '../../shared/money/split.ts';
import { binOf } from '../../shared/statistics/sketch.ts';

/** Bucket without its shard → attribute → sum. */
export type Counters = ReadonlyMap<string, Readonly<Record<string, number>>>;

const dayText = (instant: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Rome' }).format(new Date(instant));
const daysFrom = (a: string, b: string): number =>
  (Date.parse(dayText(b)) - Date.parse(dayText(a))) / 86_400_000;

/** What the counters must be, straight from the definitions: every deal looked at once, in its last state, for each scope. */
export const bruteForce = (deals: readonly DealState[]): Counters => {
  const sums = new Map<string, Record<string, number>>();
  const count = (scope: string, day: string, attribute: string, by: number) => {
    const bucket = sums.get(`${scope}#${day}`) ?? {};
    bucket[attribute] = (bucket[attribute] ?? 0) + by;
    sums.set(`${scope}#${day}`, bucket);
  };

  for (const deal of deals.filter(({ deleted }) => !deleted)) {
    const { credits, territoryPath, accountId, industry } = deal.attribution;
    const amount = deal.reportingAmount?.amount ?? 0;
    const points = credits.map(({ basisPoints }) => basisPoints);
    const products = [...new Set(deal.lineItems.map(({ productId }) => productId))];
    const lines = products.map((product) =>
      deal.lineItems
        .filter(({ productId }) => productId === product)
        .reduce((sum, line) => sum + line.amount.amount, 0),
    );
    const scopes: {
      name: string;
      revenueOf: (money: number) => number;
      sizeOf: (money: number) => number;
    }[] = [];
    const same = (money: number) => money;
    const plain = [
      'org:org',
      ...territoryPath.map((ter) => `territory:${ter}`),
      `account:${String(accountId)}`,
      `industry:${String(industry)}`,
    ];
    if (deal.source !== undefined) plain.push(`source:${deal.source}`);
    for (const name of plain) scopes.push({ name, revenueOf: same, sizeOf: same });
    for (const team of new Set(credits.flatMap(({ teamPath }) => teamPath))) {
      const revenueOf = (money: number) =>
        splitByWeights(money, points).reduce(
          (sum, part, n) => sum + (credits[n]?.teamPath.includes(team) === true ? part : 0),
          0,
        );
      scopes.push({ name: `team:${team}`, revenueOf, sizeOf: same });
    }
    for (const [n, { memberId }] of credits.entries()) {
      scopes.push({
        name: `rep:${memberId}`,
        revenueOf: (money) => splitByWeights(money, points)[n] ?? 0,
        sizeOf: same,
      });
    }
    for (const [n, product] of products.entries()) {
      const part = (money: number) => splitByWeights(money, lines)[n] ?? 0;
      scopes.push({ name: `product:${product}`, revenueOf: part, sizeOf: part });
    }

    // The canary's deal is nobody's.
    const counting =
      deal.source === 'canary' ? scopes.filter(({ name }) => name === 'source:canary') : scopes;
    for (const { name, revenueOf, sizeOf } of counting) {
      count(name, dayText(deal.startedAt ?? deal.createdAt), 'c.createdDeals', 1);
      if (deal.status === 'open' || deal.closedAt === undefined) {
        count(name, '', 'c.openDeals', 1);
        continue;
      }
      const day = dayText(deal.closedAt);
      const cycle = deal.startedAt === undefined ? undefined : daysFrom(deal.startedAt, deal.closedAt);
      const isWon = deal.status === 'won';
      count(name, day, isWon ? 'c.wonDeals' : 'c.lostDeals', 1);
      if (cycle === undefined) {
        count(name, day, isWon ? 'c.cycleExcludedWon' : 'c.cycleExcludedLost', 1);
      } else {
        count(name, day, isWon ? 'c.cycleDaysWon' : 'c.cycleDaysLost', cycle);
        count(name, day, `q.${isWon ? 'cycleWon' : 'cycleLost'}.${binOf(cycle)}`, 1);
      }
      if (!isWon) continue;
      count(name, day, 'c.wonRevenue', revenueOf(amount));
      count(name, day, 'c.wonAmount', sizeOf(amount));
      count(name, day, `q.dealSize.${binOf(sizeOf(amount))}`, 1);
      for (const { at, reportingAmount } of deal.adjustments)
        count(name, dayText(at), 'c.wonRevenue', revenueOf(reportingAmount.amount));
    }
  }
  return withoutZeros(sums);
};

/** What a table's bucket items hold, its shards summed. */
export const countersOfItems = (items: readonly Readonly<Record<string, unknown>>[]): Counters => {
  const sums = new Map<string, Record<string, number>>();
  for (const item of items.filter(({ type }) => type === 'bucket')) {
    const [, dimension] = String(item.pk).split('#');
    const [key, day] = String(item.sk).split('#');
    const bucket = `${String(dimension)}:${decodeURIComponent(String(key))}#${String(day)}`;
    const sum = sums.get(bucket) ?? {};
    for (const [name, value] of Object.entries(item)) {
      if (/^[cq]\./.test(name)) sum[name] = (sum[name] ?? 0) + Number(value);
    }
    sums.set(bucket, sum);
  }
  return withoutZeros(sums);
};

const withoutZeros = (sums: ReadonlyMap<string, Readonly<Record<string, number>>>): Counters =>
  new Map(
    [...sums]
      .map(
        ([bucket, sum]) =>
          [bucket, Object.fromEntries(Object.entries(sum).filter(([, value]) => value !== 0))] as const,
      )
      .filter(([, sum]) => Object.keys(sum).length > 0)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
