import type { Command } from '../command.ts';
import { allowCalls, partsOf, switchConsumer } from '../pausing.ts';
import { serviceTable } from '../recovery/service-table.ts';
import { Failed } from '../refusals.ts';
import { serviceState } from '../service-state.ts';

export const resume: Command = {
  name: 'resume',
  summary: 'Let events and requests reach a paused service again',
  parameters: ['service'],
  options: { only: { type: 'string', value: 'consumers|api', says: 'one of the two' } },
  changes: true,
  details: 'Does nothing to what runs already, and may be run again whenever it was stopped.',
  async run({ target, args, flags, apply, now, signal, report, progress }) {
    const service = target.names.service(args[0] ?? '');
    const parts = partsOf(flags.text('only'));
    const state = await serviceState(target, service);
    const consumers = parts.consumers ? state.consumers.filter((one) => one.state !== 'Enabled') : [];
    const api = parts.api ? state.api.filter((one) => one.concurrency === 0) : [];
    if (apply) {
      // Under an epoch that is too low, whatever the service wrote would be old news to everyone.
      await serviceTable({ target, now }, service);
      for (const one of consumers) {
        if (signal.aborted) throw new Failed('Stopped: the same command goes on with the rest.');
        progress(`${one.unit}: takes from ${one.queue} again …`);
        await switchConsumer(target, one, true, signal);
      }
      for (const one of api) {
        await allowCalls(target, one);
        progress(`${one.unit}: takes requests again`);
      }
    }
    const done = {
      service,
      consumers: consumers.map(({ queue }) => queue),
      api: api.map(({ unit }) => unit),
    };
    report(done, () => {
      const what = [
        ...done.consumers.map((queue) => `${queue} (events)`),
        ...done.api.map((unit) => `${unit} (requests)`),
      ];
      if (what.length === 0) return `${service} is not paused.`;
      return `${apply ? 'Resumed' : 'Would resume'} ${what.join(', ')}.`;
    });
  },
};
