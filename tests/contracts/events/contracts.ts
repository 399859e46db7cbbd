import type { EventContract } from '../../../shared/events/contract.ts';
import * as deals from '../../../shared/events/deals.ts';
import * as goals from '../../../shared/events/goals.ts';
import * as metrics from '../../../shared/events/metrics.ts';
import * as team from '../../../shared/events/team.ts';

const isContract = (value: unknown): value is EventContract =>
  typeof value === 'object' && value !== null && 'detailType' in value && 'detail' in value;

/** Every event that the services publish. */
export const allContracts: readonly EventContract[] = [team, deals, metrics, goals]
  .flatMap((module): unknown[] => Object.values(module))
  .filter(isContract);
