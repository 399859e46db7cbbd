import * as z from 'zod';
import { pageOf, page, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { PeriodLockState } from '../../../shared/events/books.ts';
import { Day, Instant } from '../../../shared/time/instant.ts';
import { parsePeriod, PeriodText } from '../../../shared/time/period.ts';
import { dayOf } from '../../../shared/time/zone.ts';
import { isLockedWhole } from '../domain/locked-days.ts';
import { lockOf } from '../domain/period-lock.ts';
import type { SellingDeps } from '../selling-deps.ts';

const params = z.object({ period: PeriodText });

const PeriodLock = PeriodLockState.omit({ id: true })
  .extend({ period: PeriodText, version: z.int() })
  .meta({ id: 'PeriodLock' });

const shown = ({ id, ...lock }: PeriodLockState & { readonly version: number }) => ({ ...lock, period: id });

const lockPeriod = route({
  method: 'POST',
  path: '/v1/periods/{period}/lock',
  scope: 'sales/admin',
  summary: 'Close the books of a month, quarter or year',
  description:
    'For good: there is no unlocking. What would change its numbers from then on counts on the first open day after it, and the answer says so. A period that has not ended is a 422. Repeating it changes nothing.',
  params,
  response: PeriodLock,
  async handle({ params: { period } }, { periodLocks, directory, clock }: SellingDeps) {
    const organization = await directory.organization();
    const now = clock.now();
    const today = dayOf(now, organization.timeZone);
    return shown(await periodLocks.lock(lockOf(parsePeriod(period, organization), { today, now })));
  },
});

const getLock = route({
  method: 'GET',
  path: '/v1/periods/{period}/lock',
  scope: 'sales/deals.read',
  summary: 'Tell whether a period is locked',
  description: 'A month is also locked by the lock of its quarter or year.',
  params,
  response: z
    .object({
      period: PeriodText,
      from: Day,
      to: Day.describe('The first day after it.'),
      locked: z.boolean().describe('Whether all of its days are.'),
      lockedAt: Instant.optional().describe('When it was locked by itself.'),
    })
    .meta({ id: 'PeriodLockStatus' }),
  async handle({ params: { period } }, { periodLocks, directory }: SellingDeps) {
    const { text, from, to } = parsePeriod(period, await directory.organization());
    const [lock, locked] = await Promise.all([periodLocks.find(text), periodLocks.days()]);
    // By the lock's own days: the fiscal year may begin in another month since.
    const days = lock ?? { from, to };
    return {
      period: text,
      from: days.from,
      to: days.to,
      locked: isLockedWhole(locked, days),
      lockedAt: lock?.lockedAt,
    };
  },
});

const listLocks = route({
  method: 'GET',
  path: '/v1/periods/locks',
  scope: 'sales/deals.read',
  summary: 'List the locked periods, the latest first',
  query: pageQuery,
  response: page(PeriodLock),
  async handle({ query }, { periodLocks }: SellingDeps) {
    const binding = { list: 'period-locks' };
    const cursor = positionOf(query, binding);
    const { items, lastKey } = await periodLocks.page({ limit: query.limit, cursor });
    return pageOf(items.map(shown), lastKey, binding);
  },
});

export const periodRoutes = [lockPeriod, getLock, listLocks] as const;
