import { describe, expect, it } from 'vitest';
import {
  type Activity,
  completeActivity,
  editActivity,
  isOverdue,
  newActivity,
  type NewActivity,
  removeActivity,
  taskHandedOver,
} from '../../../../services/deals/domain/activities/activity.ts';
import { AppError } from '../../../../shared/errors/errors.ts';
import { ActivityId, derivedId } from '../../../../shared/ids/id.ts';
import { at, day, ids, NOW } from '../deals.fixture.ts';

const times = { now: NOW, timeZone: 'America/New_York' };
const made = (more: Partial<NewActivity> = {}): Activity =>
  newActivity(
    { id: derivedId(ActivityId, 'one'), kind: 'call', ownerId: ids.ada, accountId: ids.roma, ...more },
    times,
  );
const faultsOf = (act: () => unknown): readonly string[] => {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError) return (error.errors ?? []).map(({ path }) => path);
    throw error;
  }
  return [];
};

describe('an activity', () => {
  it('is done now, unless it says when; a task waits', () => {
    expect(made()).toMatchObject({ status: 'done', occurredAt: NOW });
    expect(made({ kind: 'task' })).toMatchObject({ status: 'planned' });
    expect(made({ kind: 'task' })).not.toHaveProperty('occurredAt');
  });

  it('lies ahead only where it is planned, and only tasks, meetings and demos are', () => {
    const ahead = at('2026-11-24T10:00:00Z');
    expect(faultsOf(() => made({ occurredAt: ahead }))).toEqual(['/occurredAt']);
    expect(faultsOf(() => made({ kind: 'demo', occurredAt: ahead }))).toEqual(['/occurredAt']);
    expect(faultsOf(() => made({ status: 'planned', occurredAt: ahead }))).toEqual(['/status']);
    expect(made({ kind: 'meeting', status: 'planned', occurredAt: ahead }).occurredAt).toBe(ahead);
  });

  it('is refused with everything that is wrong with it', () => {
    const wrong = { kind: 'note', status: 'planned', outcome: 'sent', accountId: undefined } as const;
    expect(faultsOf(() => made(wrong as Partial<NewActivity>))).toEqual(['/status', '/outcome', '']);
    expect(faultsOf(() => made({ dueOn: day('2026-11-24') }))).toEqual(['/dueOn']);
  });

  it('that is planned for an instant is due on its day, also when it is moved', () => {
    const planned = made({ kind: 'meeting', status: 'planned', occurredAt: at('2026-11-26T02:00:00Z') });
    expect(planned.dueOn).toBe('2026-11-25');
    expect(editActivity(planned, { occurredAt: at('2026-11-28T15:00:00Z') }, times).dueOn).toBe('2026-11-28');
  });

  it('stays the very same where an edit says what it says already', () => {
    const call = made({ subjectLine: 'Menu' });
    expect(editActivity(call, { subjectLine: 'Menu', notes: null }, times)).toBe(call);
    expect(faultsOf(() => editActivity(call, { occurredAt: null }, times))).toEqual(['/occurredAt']);
  });

  it('keeps nothing of what was written once it is deleted', () => {
    const written = made({ subjectLine: 'Nico', notes: 'Nico', nextStep: 'Nico' });
    expect(JSON.stringify(removeActivity(written, NOW))).not.toContain('Nico');
  });
});

describe('completing', () => {
  const planned = (kind: 'task' | 'meeting', occurredAt: string) =>
    made({ kind, status: 'planned', occurredAt: at(occurredAt) });

  it('dates a meeting as it was planned, one that was still ahead and a task now', () => {
    const held = completeActivity(planned('meeting', '2026-11-23T10:00:00Z'), {}, NOW);
    expect(held).toMatchObject({ occurredAt: at('2026-11-23T10:00:00Z'), completedAt: NOW });
    expect(completeActivity(planned('meeting', '2026-11-25T10:00:00Z'), {}, NOW).occurredAt).toBe(NOW);
    expect(completeActivity(planned('task', '2026-11-23T10:00:00Z'), {}, NOW).occurredAt).toBe(NOW);
  });

  it('is possible once, and never in the future', () => {
    const done = completeActivity(made({ kind: 'task' }), { outcome: 'sent' }, NOW);
    expect(() => completeActivity(done, {}, NOW)).toThrow('done already');
    const ahead = { occurredAt: at('2026-11-24T10:00:00Z') };
    expect(faultsOf(() => completeActivity(made({ kind: 'task' }), ahead, NOW))).toEqual(['/occurredAt']);
  });
});

it('a task is overdue from the day after it was due until it is done', () => {
  const task = made({ kind: 'task', dueOn: day('2026-11-22') });
  expect(isOverdue(task, day('2026-11-22'))).toBe(false);
  expect(isOverdue(task, day('2026-11-23'))).toBe(true);
  expect(isOverdue(completeActivity(task, {}, NOW), day('2026-11-23'))).toBe(false);
  expect(isOverdue(removeActivity(task, NOW), day('2026-11-23'))).toBe(false);
});

it('what is planned changes hands; what is done, and what is another’s, does not', () => {
  const hands = { from: ids.ada, to: ids.bob, now: NOW };
  const task = made({ kind: 'task' });
  expect(taskHandedOver(task, hands).ownerId).toBe(ids.bob);
  for (const other of [made(), removeActivity(task, NOW), { ...task, ownerId: ids.bob }])
    expect(taskHandedOver(other, hands)).toBe(other);
});
