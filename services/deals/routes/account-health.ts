import * as z from 'zod';
import { route } from '../../../shared/http/route.ts';
import { AccountId } from '../../../shared/ids/id.ts';
import { Money, SignedMoney } from '../../../shared/money/money.ts';
import { Instant } from '../../../shared/time/instant.ts';
import { assertUnmerged } from '../domain/account-merge.ts';
import type { SellingDeps } from '../selling-deps.ts';

const HealthResource = z
  .object({
    accountId: AccountId,
    asOf: Instant,
    openDeals: z.int(),
    openValue: Money.describe('Of open deals, in the reporting currency, as far as a rate is known.'),
    wonByYear: z
      .array(z.object({ year: z.string().describe('A fiscal year.'), value: SignedMoney }))
      .describe(
        'Won deals with their adjustments, and orders that belong to no deal, refunds off: each in the year it counts in; the latest year first.',
      ),
    lastActivityAt: Instant.optional(),
    lastOrderAt: Instant.optional(),
    usualReorderDays: z.int().optional().describe('The median gap between paid orders, from three on.'),
    reorderDue: z.boolean(),
    reorderReason: z.string(),
    atRisk: z.boolean(),
    riskReason: z.string(),
  })
  .meta({ id: 'AccountHealth' });

const getHealth = route({
  method: 'GET',
  path: '/v1/accounts/{id}/health',
  via: '/v1/accounts/{id}/{view}',
  scope: 'sales/deals.read',
  summary: 'Get how an account stands',
  description:
    'Of the latest 2,000 deals and orders. At risk: silent for more than twice the usual interval, or, having bought, for 90 days without an order or an activity. GET /v1/accounts?health=atRisk lists such accounts, as of the last look at each, once a day at least. For whoever may change the account.',
  params: z.object({ id: AccountId }),
  response: HealthResource,
  async handle({ params: { id } }, { accounts, healths, visibility, clock }: SellingDeps) {
    const account = await accounts.get(id);
    await visibility.assertMayWeighAccount(account);
    assertUnmerged(account);
    const health = await healths.of(account);
    return { accountId: id, asOf: clock.now(), ...health, wonByYear: [...health.wonByYear] };
  },
});

export const accountHealthRoutes = [getHealth] as const;
