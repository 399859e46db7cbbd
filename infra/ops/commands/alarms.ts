import { alarmStates, type AlarmState } from '../alarm-states.ts';
import type { Command } from '../command.ts';

const paragraph = ({ name, state, since, reason, runbook }: AlarmState): string =>
  [
    `${name}  ${state}${since === '' ? '' : ` since ${since}`}`,
    ...(reason === '' ? [] : [`  ${reason}`]),
    ...(runbook === '' ? [] : [`  ${runbook}`]),
  ].join('\n');

export const alarms: Command = {
  name: 'alarms',
  summary: 'Alarms that are raised: since when, why, and the runbook of each',
  parameters: [],
  options: { all: { type: 'boolean', says: 'those too that are not raised' } },
  async run({ target, flags, report }) {
    const found = await alarmStates(target, flags.has('all'));
    report(found, () => (found.length === 0 ? 'No alarm is raised.' : found.map(paragraph).join('\n')));
  },
};
