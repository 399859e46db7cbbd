import { alarmStates } from '../alarm-states.ts';
import type { Check } from './finding.ts';

/** Each alarm that is raised, or that none is. */
export const alarmCheck: Check = async (target) => {
  const raised = await alarmStates(target, false);
  if (raised.length === 0)
    return [{ area: 'alarm', what: 'all', says: 'none is raised', needsPerson: false }];
  return raised.map(({ name, since, runbook }) => ({
    area: 'alarm',
    what: name,
    says: [`since ${since}`, runbook].filter((text) => text !== '').join('  '),
    needsPerson: true,
  }));
};
