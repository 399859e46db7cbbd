import type { DemoClient } from './demo-client.ts';
import { type PlannedDeal, plannedDeals, plannedOrders, products, stages } from './pastapro.ts';
import { momentOf, type Quarter } from './quarter.ts';
import { Created, known, type Stage, usd } from './set-the-stage.ts';
import { sendOrder } from './web-shop.ts';

const WEEKS = 13;

const closingWeek = (deal: PlannedDeal): number =>
  deal.weeksInStage.reduce((week, weeks) => week + weeks, deal.startWeek);

/** Moves a deal through the stages that it leaves in this week, and closes it when it has left the last. */
const moveOn = async (client: DemoClient, deal: PlannedDeal, id: string, week: number): Promise<void> => {
  let entered = deal.startWeek;
  for (const [index, weeks] of deal.weeksInStage.entries()) {
    const leaves = entered + weeks;
    const next = stages[index + 1];
    if (leaves === week && next !== undefined) await client.post(`/v1/deals/${id}/stage`, { stage: next });
    entered = leaves;
  }
  if (closingWeek(deal) !== week) return;
  if (deal.outcome === 'won') await client.post(`/v1/deals/${id}/win`, {});
  if (deal.outcome === 'lost') await client.post(`/v1/deals/${id}/lose`, { reason: deal.lostReason });
};

/** Plays the quarter week by week on the local clock. `tell` hears a line for each week. */
export const playQuarter = async (
  client: DemoClient,
  stage: Stage,
  quarter: Quarter,
  tell: (week: number, weeks: number) => void,
): Promise<void> => {
  const planned = plannedDeals();
  const ids = new Map<PlannedDeal, string>();
  let reopened: string | undefined;
  for (let week = 0; week < WEEKS; week += 1) {
    await client.moveClock(momentOf(quarter, week, 1));
    if (reopened !== undefined) {
      await client.post(`/v1/deals/${reopened}/win`, {});
      reopened = undefined;
    }
    for (const deal of planned) {
      if (deal.startWeek > week) continue;
      let id = ids.get(deal);
      if (id === undefined) {
        const product = products.find((each) => each.sku === deal.sku) ?? products[0];
        ({ id } = Created.parse(
          await client.post('/v1/deals', {
            name: `${deal.account} – ${String(deal.cases)} cases of ${product.name.split(',')[0] ?? product.name}`,
            accountId: known(stage.accountIds, deal.account),
            ownerId: known(stage.memberIds, deal.rep),
            stage: 'prospecting',
            startedAt: momentOf(quarter, week, 1),
            lineItems: [
              {
                productId: known(stage.productIds, product.name),
                quantity: deal.cases,
                unitPrice: usd(product.price),
              },
            ],
            expectedCloseOn: momentOf(quarter, Math.min(12, deal.startWeek + 3), 4).slice(0, 10),
          }),
        ));
        ids.set(deal, id);
      }
      await moveOn(client, deal, id, week);
    }
    if (week === 6) {
      const won = planned.find((deal) => deal.outcome === 'won' && closingWeek(deal) < week);
      reopened = won === undefined ? undefined : ids.get(won);
      if (reopened !== undefined) {
        await client.post(`/v1/deals/${reopened}/reopen`, { reason: 'The customer asked for other sizes' });
      }
    }
    for (const [index, order] of plannedOrders().entries()) {
      if (order.week === week) await sendOrder(client, stage.storeId, index, momentOf(quarter, week, 1));
    }
    await client.idle();
    tell(week + 1, WEEKS);
  }
};
