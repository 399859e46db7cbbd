import { escaped } from './inbox-page.ts';
import type { Faults } from './faults.ts';
import type { AlarmStatus } from './watch/alarms.ts';

const row = ({ spec, state, reason, since }: AlarmStatus): string =>
  `<li><b>${escaped(spec.name)}</b> ${state} since ${new Date(since).toISOString()}<br><span>${escaped(reason)}</span><br><span>${escaped(spec.description)}</span></li>`;

const faultText = (fault: ReturnType<Faults['list']>[number]): string =>
  'mail' in fault ? `mail: ${fault.mail}` : `${fault.function}: ${fault.fault}`;

/** The alarms that are raised, and the faults that somebody has set: the part of the run's page that changes by itself. */
export const alarmsSection = (
  statuses: readonly AlarmStatus[],
  faults: ReturnType<Faults['list']>,
): string => {
  const raised = statuses.filter(({ state }) => state === 'ALARM');
  const list =
    raised.length === 0
      ? `<p>None of ${String(statuses.length)} is raised. <a href="/_local/alarms">/_local/alarms</a> has all of them.</p>`
      : `<ul>${raised.map(row).join('')}</ul>`;
  const set =
    faults.length === 0
      ? ''
      : `<h2>Faults</h2><ul>${faults.map((fault) => `<li>${escaped(faultText(fault))}</li>`).join('')}</ul>`;
  return `<h2>Alarms</h2>${list}${set}`;
};
