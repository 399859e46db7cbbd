import { describe, expect, test } from 'vitest';
import { NotRunLocally } from '../../../infra/local/not-run-locally.ts';
import { dueAfter } from '../../../infra/local/schedule-expression.ts';
import { Schedules } from '../../../infra/local/schedules.ts';
import { readSchedules } from '../../../infra/local/stack-schedules.ts';
import { eventually } from '../../support/eventually.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-03-02T09:00:00Z');
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:quotaline-dev-canary';

const properties = {
  ScheduleExpression: 'rate(5 minutes)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: { Arn: FUNCTION, RoleArn: 'arn:aws:iam::000000000000:role/canary', Input: '{"turn":true}' },
};
const read = (given: Readonly<Record<string, unknown>>) =>
  readSchedules([{ id: 'Schedule', type: 'AWS::Scheduler::Schedule', properties: given }]);

const due = (expression: string, after: string, timeZone = 'UTC') => {
  const at = dueAfter({ expression, timeZone }, START, Date.parse(after));
  return at === undefined ? undefined : new Date(at).toISOString();
};

describe('a schedule expression', () => {
  test.each([
    ['rate(5 minutes)', '2026-03-02T09:07:00Z', '2026-03-02T09:10:00.000Z'],
    ['rate(1 hour)', '2026-03-02T09:00:00Z', '2026-03-02T10:00:00.000Z'],
    ['cron(0 9 ? * MON-FRI *)', '2026-03-06T10:00:00Z', '2026-03-09T09:00:00.000Z'],
    // AWS counts weekdays from Sunday = 1.
    ['cron(0 9 ? * 2 *)', '2026-03-03T00:00:00Z', '2026-03-09T09:00:00.000Z'],
    ['cron(30 8 L * ? *)', '2026-02-10T00:00:00Z', '2026-02-28T08:30:00.000Z'],
    ['cron(0/15 * * * ? 2026)', '2026-12-31T23:50:00Z', undefined],
  ])('%s after %s is due at %s', (expression, after, expected) => {
    expect(due(expression, after)).toBe(expected);
  });

  test('means the time of day in its time zone, on both sides of a change of clocks', () => {
    const at = (after: string) => due('cron(0 9 * * ? *)', after, 'Europe/Berlin');
    expect([at('2026-03-28T00:00:00Z'), at('2026-03-29T00:00:00Z')]).toEqual([
      '2026-03-28T08:00:00.000Z',
      '2026-03-29T07:00:00.000Z',
    ]);
  });

  test.each([
    'rate(0 minutes)',
    'rate(5 weeks)',
    'cron(0 9 * * ?)',
    'cron(0 99 * * ? *)',
    'at(2026-01-01T00:00:00)',
  ])('%s is refused in the template, by name', (ScheduleExpression) => {
    expect(() => read({ ...properties, ScheduleExpression })).toThrow(NotRunLocally);
    expect(() => read({ ...properties, ScheduleExpression })).toThrow(ScheduleExpression);
  });
});

describe('a schedule', () => {
  test('with another target than a function is refused, naming it', () => {
    const Target = { Arn: 'arn:aws:sqs:us-east-1:000000000000:queue', RoleArn: 'role' };
    expect(() => read({ ...properties, Target })).toThrow('arn:aws:sqs:us-east-1:000000000000:queue');
  });

  test('that is switched off never takes a turn', () => {
    expect(read({ ...properties, State: 'DISABLED' })).toEqual([]);
  });
});

describe('a moved clock', () => {
  const setUp = (given: readonly Readonly<Record<string, unknown>>[]) => {
    const clock = { at: START, now: () => clock.at };
    const turns: string[] = [];
    const warnings: string[] = [];
    const schedules = new Schedules(given.flatMap(read), {
      clock,
      functions: {
        invoke: (name, event) => {
          turns.push(`${name} ${event}`);
          return Promise.resolve({ kind: 'done', result: null });
        },
      },
      warn: (text) => warnings.push(text),
    });
    const move = async (minutes: number) => {
      clock.at += minutes * MINUTE;
      schedules.catchUp();
      await eventually('all turns', 5_000, () => Promise.resolve(schedules.waiting === 0 ? true : undefined));
      schedules.stop();
    };
    return { move, turns, warnings, schedules };
  };

  test('takes the turns on the way, in the order in which they were due', async () => {
    const hourly = {
      ...properties,
      ScheduleExpression: 'cron(7 * * * ? *)',
      Target: { ...properties.Target, Input: '{"hourly":true}' },
    };
    const { move, turns } = setUp([properties, hourly]);
    await move(11);
    expect(turns).toEqual([
      'quotaline-dev-canary {"turn":true}',
      'quotaline-dev-canary {"hourly":true}',
      'quotaline-dev-canary {"turn":true}',
    ]);
  });

  test('leaves the earlier turns out where there are too many, and says so', async () => {
    const { move, turns, warnings } = setUp([properties]);
    await move(7 * 24 * 60);
    expect(turns).toHaveLength(50);
    expect(warnings.join()).toContain('left out');
  });

  test('shows what is due as work that is left, until it is over', () => {
    const { schedules, move } = setUp([properties]);
    const moved = move(5);
    expect(schedules.waiting).toBe(1);
    return moved;
  });
});
