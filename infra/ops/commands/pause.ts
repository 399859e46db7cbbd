import type { Command } from '../command.ts';
import { partsOf, stopCalls, switchConsumer } from '../pausing.ts';
import { Failed } from '../refusals.ts';
import { serviceState } from '../service-state.ts';

export const pause: Command = {
  name: 'pause',
  summary: 'Let neither events nor requests reach a service; its events wait in their queues',
  parameters: ['service'],
  options: { only: { type: 'string', value: 'consumers|api', says: 'one of the two' } },
  changes: true,
  details:
    'Requests are answered with 503 meanwhile, webhooks too: platforms send them again for a day or two. Queues keep\n' +
    'events for four days. What was written still reaches the bus. npm run ops -- resume <service> ends it.',
  async run({ target, args, flags, apply, signal, report, progress }) {
    const service = target.names.service(args[0] ?? '');
    const parts = partsOf(flags.text('only'));
    const state = await serviceState(target, service);
    const consumers = parts.consumers ? state.consumers.filter((one) => one.state !== 'Disabled') : [];
    const api = parts.api ? state.api.filter((one) => one.concurrency !== 0) : [];
    if (apply) {
      // Requests first: what they cause may still be taken in.
      for (const one of api) {
        await stopCalls(target, one);
        progress(`${one.unit}: no requests any more`);
      }
      for (const one of consumers) {
        if (signal.aborted)
          throw new Failed('Stopped: the same command goes on with the rest, resume undoes it.');
        progress(`${one.unit}: stops taking from ${one.queue} …`);
        await switchConsumer(target, one, false, signal);
      }
    }
    const done = {
      service,
      consumers: consumers.map(({ queue }) => queue),
      api: api.map(({ unit }) => unit),
    };
    report(done, () => {
      const what = [
        ...done.api.map((unit) => `${unit} (requests)`),
        ...done.consumers.map((queue) => `${queue} (events)`),
      ];
      if (what.length === 0) return `${service} is paused already.`;
      if (!apply) return `Would pause ${what.join(', ')}.`;
      return `Paused ${what.join(', ')}. What was under way ends within a minute.`;
    });
  },
};
