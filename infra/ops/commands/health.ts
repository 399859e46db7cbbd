import type { Command } from '../command.ts';
import { alarmCheck } from '../health/alarm-check.ts';
import { apiCheck } from '../health/api-check.ts';
import { canaryCheck } from '../health/canary-check.ts';
import { findingsOf, type Check } from '../health/finding.ts';
import { functionCheck } from '../health/function-check.ts';
import { mailCheck } from '../health/mail-check.ts';
import { parkedCheck } from '../health/parked-check.ts';
import { queueCheck } from '../health/queue-check.ts';
import { serviceCheck } from '../health/service-check.ts';
import { stackCheck } from '../health/stack-check.ts';
import { Failed } from '../refusals.ts';
import { table } from '../table.ts';

const checks: Readonly<Record<string, Check>> = {
  stack: stackCheck,
  api: apiCheck,
  alarm: alarmCheck,
  canary: canaryCheck,
  mail: mailCheck,
  service: serviceCheck,
  queue: queueCheck,
  parked: parkedCheck,
  function: functionCheck,
};

export const health: Command = {
  name: 'health',
  summary: 'Everything in one view; a line that begins with ! needs a person',
  parameters: [],
  options: {},
  details:
    'Ends with exit code 1 when anything needs a person. Figures of functions are those of the last hour.',
  async run({ target, report }) {
    const found = (
      await Promise.all(Object.entries(checks).map(([area, check]) => findingsOf(area, check, target)))
    ).flat();
    const bad = found.filter(({ needsPerson }) => needsPerson);
    report({ healthy: bad.length === 0, findings: found }, () =>
      table(found.map(({ area, what, says, needsPerson }) => [needsPerson ? '!' : ' ', area, what, says])),
    );
    if (bad.length > 0) throw new Failed(`${bad.length} of ${found.length} need a person.`);
  },
};
