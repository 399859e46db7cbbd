import { duration } from '../durations.ts';
import { queueFigures } from '../queue-figures.ts';
import type { Check } from './finding.ts';

/** What waits in each queue, and the dead letters, which wait for a person. */
export const queueCheck: Check = async (target) => {
  const { subscriptions } = target.names;
  const queues = subscriptions.flatMap(({ queue, deadLetters }) => [queue, deadLetters]);
  const figures = await queueFigures(target, queues);
  return subscriptions.map(({ unit }, index) => {
    const [queue, dead] = figures.slice(2 * index, 2 * index + 2);
    const letters = (dead?.waiting ?? 0) + (dead?.inFlight ?? 0);
    const oldest = queue?.oldestSeconds;
    return {
      area: 'queue',
      what: unit,
      says: [
        `${queue?.waiting ?? 0} waiting, ${queue?.inFlight ?? 0} in flight`,
        ...(oldest === undefined ? [] : [`oldest ${duration(oldest)}`]),
        `${letters} dead letters`,
      ].join(', '),
      needsPerson: letters > 0,
    };
  });
};
