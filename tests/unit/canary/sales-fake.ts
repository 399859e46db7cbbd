import * as z from 'zod';
import { CallRefused, type PublicApi } from '../../../infra/canary/public-api.ts';
import { derivedId, DealId, MemberId, TeamId } from '../../../shared/ids/id.ts';

interface FakeDeal {
  readonly id: string;
  readonly externalId: string;
  readonly ownerId: string;
  readonly source: string;
  status: 'open' | 'won' | 'lost';
  amount: { amount: number; currency: string };
  version: number;
  closedAt?: string;
  deleted: boolean;
}

export interface SalesFake {
  readonly api: PublicApi;
  readonly calls: string[];
  readonly teams: { readonly id: string; readonly name: string }[];
  readonly members: { readonly id: string; readonly name: string; status: string }[];
  readonly deals: FakeDeal[];
  currency: string;
  /** Off: wins stay unseen in the metrics. */
  counts: boolean;
  /** Runs before a call is answered. */
  before: (call: string) => void;
}

const Body = z.object({
  name: z.string().default(''),
  ownerId: z.string().default(''),
  source: z.string().default(''),
  externalId: z.string().default(''),
  amount: z.object({ amount: z.number(), currency: z.string() }).default({ amount: 0, currency: '' }),
});

const NOW = '2026-11-23T23:30:00.000Z';

/** As much of the interface as the canary uses, in memory. It is in New York, where the day is not over yet. */
export const salesFake = (): SalesFake => {
  const fake: SalesFake = {
    calls: [],
    teams: [],
    members: [],
    deals: [],
    currency: 'USD',
    counts: true,
    before: () => undefined,
    api: async ({ method, path, body, headers = {} }, answer) => {
      const url = new URL(path, 'https://api.example');
      const call = `${method} ${url.pathname}`;
      fake.calls.push(call);
      fake.before(call);
      return Promise.resolve(answer.parse(answerOf(call, url, Body.parse(body ?? {}), headers)));
    },
  };
  const dealIn = (path: string): FakeDeal => {
    const deal = fake.deals.find(({ id }) => path.includes(id));
    if (deal === undefined || deal.deleted) throw refused(path, 404, 'There is no such deal.');
    return deal;
  };
  const refused = (path: string, status: number, detail: string) =>
    new CallRefused({ method: 'POST', path }, status, detail);

  const answerOf = (
    call: string,
    { pathname, searchParams }: URL,
    body: z.infer<typeof Body>,
    headers: Readonly<Record<string, string>>,
  ): unknown => {
    switch (call) {
      case 'GET /v1/organization':
        return { reportingCurrency: fake.currency, timeZone: 'America/New_York' };
      case 'GET /v1/teams':
        return { items: fake.teams };
      case 'POST /v1/teams':
        return made(fake.teams, {
          id: derivedId(TeamId, 'team', headers['idempotency-key'] ?? ''),
          name: body.name,
        });
      case 'GET /v1/members':
        return { items: fake.members };
      case 'POST /v1/members': {
        const id = derivedId(MemberId, 'member', headers['idempotency-key'] ?? '');
        return made(fake.members, { id, name: body.name, status: 'active' });
      }
      case 'GET /v1/deals':
        return {
          items: fake.deals.filter(
            ({ ownerId, deleted }) => !deleted && ownerId === searchParams.get('ownerId'),
          ),
        };
      case 'POST /v1/deals': {
        const { ownerId, source, externalId, amount } = body;
        if (fake.deals.some((deal) => deal.externalId === externalId))
          throw refused(pathname, 409, 'There is already a deal.');
        const id = derivedId(DealId, externalId);
        const deal: FakeDeal = {
          ...{ id, ownerId, source, externalId, amount },
          ...{ status: 'open', version: 1, deleted: false },
        };
        fake.deals.push(deal);
        return deal;
      }
      case 'GET /v1/metrics': {
        const won = fake.deals.filter(({ status, deleted }) => status === 'won' && !deleted);
        const isToday = searchParams.get('period') === '2026-11-23..2026-11-23';
        const sum = won.reduce((total, { amount }) => total + amount.amount, 0);
        return { kpis: { wonRevenue: { value: fake.counts && isToday ? sum : 0 } } };
      }
    }
    const deal = dealIn(pathname);
    if (call.startsWith('GET')) return { ...deal };
    if (headers['if-match'] !== `"${String(deal.version)}"`) throw refused(pathname, 412, 'It was changed.');
    deal.version += 1;
    if (pathname.endsWith('/reopen')) deal.status = 'open';
    else Object.assign(deal, { status: 'won', amount: body.amount, closedAt: NOW });
    return { ...deal };
  };

  const made = <Item extends { readonly id: string }>(items: Item[], item: Item): Item => {
    const known = items.find(({ id }) => id === item.id);
    if (known === undefined) items.push(item);
    return known ?? item;
  };
  return fake;
};
