import { droppedBeside, type Outcome } from '../../../shared/events/outcome.ts';
import { type Fact, isNewer } from './fact.ts';
import { type Incoming, newestOf } from './fold.ts';

/**
 * What became of each event of a folded batch. `counted` are the subjects whose newest fact was counted, `before` what was
 * kept of a subject until then; of one that was not counted, what is kept.
 */
export const outcomesOf = (
  incoming: readonly Incoming[],
  counted: ReadonlySet<string>,
  before: ReadonlyMap<string, Fact>,
): Outcome[] => {
  const newest = newestOf(incoming);
  return incoming.map((each): Outcome => {
    const { subject } = each.fact;
    const [first, kept] = [newest.get(subject), before.get(subject)];
    if (each === first && counted.has(subject)) return 'done';
    if (kept !== undefined && !isNewer(each.fact, kept)) return droppedBeside(each.fact, kept);
    return first !== undefined && isNewer(first.fact, each.fact) ? 'merged' : 'duplicate';
  });
};
