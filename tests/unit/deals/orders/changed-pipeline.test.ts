import { expect, it } from 'vitest';
import { PipelineBook } from '../../../../services/deals/domain/pipeline-book.ts';
import { defaultPipeline } from '../../../../services/deals/domain/pipeline.ts';
import { dealId, openDeal, OrderDealWorld, told } from './order-deal-world.ts';

const id = dealId('autumn menu');

/** The default pipeline after an admin took its last stage away, and rated the one before anew. */
const changed = new PipelineBook([
  {
    ...defaultPipeline,
    stages: defaultPipeline.stages
      .filter(({ key }) => key !== 'closing')
      .map((stage) => (stage.key === 'negotiation' ? { ...stage, probability: 0.6 } : stage)),
    formerStages: { closing: 'negotiation' },
  },
]);

it('a deal whose order goes opens again in what became of its stage', () => {
  const world = new OrderDealWorld();
  world.act(id, () => openDeal('autumn menu', 1_000));
  world.hear(told('1', { at: 1, net: 1_000, paidAt: 1, dealRef: id }));
  expect(world.deals.get(id)).toMatchObject({ status: 'won', stage: 'closing' });
  world.pipelines = changed;
  world.hear(told('1', { at: 2, net: 1_000, paidAt: 1, dealRef: id, test: true }));
  expect(world.deals.get(id)).toMatchObject({
    status: 'open',
    stage: 'negotiation',
    probability: 0.6,
    forecastCategory: 'bestCase',
  });
});
