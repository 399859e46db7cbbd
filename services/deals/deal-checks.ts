import type { Deal } from './domain/deal.ts';
import { assertCriteria, criteriaFor, type Going } from './domain/leaving-stage.ts';
import type { Pipeline } from './domain/pipeline.ts';
import type { SellingDeps } from './selling-deps.ts';

const noKinds: ReadonlySet<string> = new Set();

/** @throws Unprocessable naming every exit criterion that it doesn't meet, of its stage and those it passes over, where it goes forward */
export const assertMayLeave = async (
  deal: Deal,
  { from, going }: { readonly from: Pipeline; readonly going: Going },
  { activityKinds }: Pick<SellingDeps, 'activityKinds'>,
): Promise<void> => {
  const criteria = criteriaFor(deal, from, going);
  const asksForActivities = criteria.some(({ criterion }) => criterion.kind === 'activity');
  assertCriteria(deal, criteria, {
    activities: asksForActivities ? await activityKinds(deal.id) : noKinds,
    path: going.to === 'stage' ? '/stage' : '',
  });
};

/** Who may approve the deal's discounts, in words. */
export const approverOf = async (
  { ownerId }: Pick<Deal, 'ownerId'>,
  { directory, visibility }: Pick<SellingDeps, 'directory' | 'visibility'>,
): Promise<string> => {
  const [snapshot, today] = await Promise.all([directory.snapshot(), visibility.today()]);
  const manager = snapshot.managerOf(ownerId, today);
  return manager === undefined ? 'an admin' : `the owner’s manager ${manager}, or an admin`;
};
