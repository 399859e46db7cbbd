import * as z from 'zod';
import { CANARY_SOURCE } from '../../shared/canary/source.ts';
import { DealId, MemberId, TeamId } from '../../shared/ids/id.ts';
import { Currency } from '../../shared/money/money.ts';
import { CallRefused, type PublicApi } from './public-api.ts';

const TEAM = 'Canary';
/** Without an address, so that it neither signs in nor gets mail. */
const MEMBER = 'Quotaline Canary';

const Organization = z.object({ reportingCurrency: Currency, timeZone: z.string() });
const Team = z.object({ id: TeamId, name: z.string() });
const Member = z.object({ id: MemberId, name: z.string(), status: z.string() });
export const CanaryDeal = z.object({
  id: DealId,
  status: z.enum(['open', 'won', 'lost']),
  source: z.string().optional(),
  amount: z.object({ currency: z.string() }),
  version: z.int(),
});
export type CanaryDeal = z.infer<typeof CanaryDeal>;

const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().optional() });

const all = async <Item extends z.ZodType>(
  api: PublicApi,
  path: string,
  item: Item,
): Promise<z.output<Item>[]> => {
  const found: z.output<Item>[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const next = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer: { items: z.output<Item>[]; nextCursor?: string | undefined } = await api(
      { method: 'GET', path: `${path}${next}` },
      page(item),
    );
    found.push(...answer.items);
    cursor = answer.nextCursor;
  }
  return found;
};

const key = (...parts: readonly (string | number)[]) => ({
  'idempotency-key': ['canary', ...parts].join('-'),
});

/** Two turns that make it at once make the same one. */
const teamId = async (api: PublicApi): Promise<TeamId> => {
  const [known] = (await all(api, '/v1/teams?limit=100', Team)).filter(({ name }) => name === TEAM);
  if (known !== undefined) return known.id;
  const made = await api(
    { method: 'POST', path: '/v1/teams', body: { name: TEAM }, headers: key('team') },
    Team,
  );
  return made.id;
};

const memberId = async (api: PublicApi): Promise<MemberId> => {
  const named = await all(api, `/v1/members?limit=100&name=${encodeURIComponent(MEMBER)}`, Member);
  const known = named.filter(({ name }) => name === MEMBER);
  const active = known.find(({ status }) => status === 'active');
  if (active !== undefined) return active.id;
  const body = { name: MEMBER, teamId: await teamId(api) };
  // Whoever departed stays departed: each new one has a key of its own.
  const call = { method: 'POST', path: '/v1/members', body, headers: key('member', known.length) } as const;
  return (await api(call, Member)).id;
};

const dealsOf = async (api: PublicApi, ownerId: MemberId): Promise<CanaryDeal[]> => {
  const deals = await all(api, `/v1/deals?limit=100&ownerId=${ownerId}`, CanaryDeal);
  return deals.filter(({ source }) => source === CANARY_SOURCE);
};

/** What a turn needs. */
export interface Prepared {
  readonly timeZone: string;
  /** The one to win. */
  readonly deal: CanaryDeal;
  /** Others that a turn of former settings left behind. */
  readonly others: readonly CanaryDeal[];
}

/**
 * The canary's team, member and deal, made where they are missing. The deal is in the reporting currency, so that no exchange
 * rate is needed to count it. `unique` tells the deal apart from one of the same name that somebody has deleted.
 */
export const prepare = async (api: PublicApi, unique: string): Promise<Prepared> => {
  const { reportingCurrency, timeZone } = await api(
    { method: 'GET', path: '/v1/organization' },
    Organization,
  );
  const ownerId = await memberId(api);
  const deals = await dealsOf(api, ownerId);
  const known = deals.find(({ amount }) => amount.currency === reportingCurrency);
  const make = async (externalId: string): Promise<CanaryDeal> =>
    api(
      {
        method: 'POST',
        path: '/v1/deals',
        body: {
          name: 'Canary',
          ownerId,
          source: CANARY_SOURCE,
          externalId,
          amount: { amount: 0, currency: reportingCurrency },
        },
      },
      CanaryDeal,
    );
  const deal = known ?? (await madeOnce(make, `canary-${reportingCurrency}`, unique));
  return { timeZone, deal, others: deals.filter(({ id }) => id !== deal.id) };
};

/** Another turn may be making it at this moment, or somebody has deleted it for good: then one of a name that is free. */
const madeOnce = async (
  make: (externalId: string) => Promise<CanaryDeal>,
  externalId: string,
  unique: string,
): Promise<CanaryDeal> => {
  try {
    return await make(externalId);
  } catch (error) {
    if (!(error instanceof CallRefused) || error.status !== 409) throw error;
    return make(`${externalId}-${unique}`);
  }
};
