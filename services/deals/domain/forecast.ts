import type { Deal } from './deal.ts';
import { type Pipeline, stageOf } from './pipeline.ts';

/** Whether a value was set by hand. Before sources were kept, only those set by hand were kept at all. */
const isByHand = (value: unknown, source: 'stage' | 'hand' | undefined): boolean =>
  source === 'hand' || (source === undefined && value !== undefined);

/** The open deal with the chance of winning it and its forecast category as its stage has them, unless set by hand. */
export const withForecast = <D extends Deal>(deal: D, pipeline: Pipeline): D => {
  const stage = stageOf(pipeline, deal.stage);
  const enteredAt = deal.status === 'open' ? deal.stageHistory.at(-1)?.enteredAt : deal.stageEnteredAt;
  return {
    ...deal,
    ...(isByHand(deal.probability, deal.probabilitySource)
      ? { probabilitySource: 'hand' }
      : stage && { probability: stage.probability, probabilitySource: 'stage' }),
    ...(isByHand(deal.forecastCategory, deal.forecastCategorySource)
      ? { forecastCategorySource: 'hand' }
      : stage && { forecastCategory: stage.forecastCategory, forecastCategorySource: 'stage' }),
    ...(enteredAt !== undefined && { stageEnteredAt: enteredAt }),
  };
};

/** What a closed deal is forecast as follows from how it was closed. */
export const forecastCategoryOf = ({
  status,
  forecastCategory = 'pipeline',
}: Pick<Deal, 'status' | 'forecastCategory'>): NonNullable<Deal['forecastCategory']> => {
  if (status === 'open') return forecastCategory;
  return status === 'won' ? 'closed' : 'omitted';
};
