import type { Command } from '../command.ts';
import { duration } from '../durations.ts';
import { queueFigures } from '../queue-figures.ts';
import { table } from '../table.ts';

export const deadLettersList: Command = {
  name: 'dead-letters list',
  summary: 'How many dead letters each queue has, and how old the oldest is',
  parameters: [],
  options: {},
  async run({ target, report }) {
    const { subscriptions } = target.names;
    const figures = await queueFigures(
      target,
      subscriptions.map(({ deadLetters }) => deadLetters),
    );
    const found = subscriptions.map(({ unit }, index) => ({ queue: unit, ...figures[index] }));
    report(found, () => {
      const filled = found.filter(({ waiting = 0, inFlight = 0 }) => waiting + inFlight > 0);
      if (filled.length === 0) return `No dead letters in ${found.length} queues.`;
      return table([
        ['QUEUE', 'WAITING', 'IN FLIGHT', 'OLDEST'],
        ...filled.map(({ queue, waiting = 0, inFlight = 0, oldestSeconds }) => [
          queue,
          String(waiting),
          String(inFlight),
          oldestSeconds === undefined ? '' : duration(oldestSeconds),
        ]),
      ]);
    });
  },
};
