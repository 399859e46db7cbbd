import type { DealState } from '../../../shared/events/deals.ts';
import type { Instant } from '../../../shared/time/instant.ts';
import { type Pipeline, stageOf } from './pipeline.ts';

type Source = 'stage' | 'hand';
type Category = NonNullable<DealState['forecastCategory']>;

/** The part of a deal that its forecast follows from. */
interface Forecasted {
  readonly status: DealState['status'];
  readonly stage: string;
  readonly stageHistory: readonly { readonly enteredAt: Instant }[];
  readonly stageEnteredAt?: Instant | undefined;
  readonly probability?: number | undefined;
  readonly probabilitySource?: Source | undefined;
  readonly forecastCategory?: Category | undefined;
  readonly forecastCategorySource?: Source | undefined;
}

/** Whether a value was set by hand. Before sources were kept, only those set by hand were kept at all. */
const isByHand = (value: unknown, source: Source | undefined): boolean =>
  source === 'hand' || (source === undefined && value !== undefined);

/** The open deal with the chance of winning it and its forecast category as its stage has them, unless set by hand. */
export const withForecast = <D extends Forecasted>(deal: D, pipeline: Pipeline): D => {
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
}: Pick<Forecasted, 'status' | 'forecastCategory'>): Category => {
  if (status === 'open') return forecastCategory;
  return status === 'won' ? 'closed' : 'omitted';
};
