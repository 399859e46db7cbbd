import { describe, expect, it } from 'vitest';
import {
  claim,
  isClaimed,
  isSettled,
  markFailed,
  markSent,
  release,
} from '../../../services/goals/domain/delivery.ts';
import { recipientsOf } from '../../../services/goals/domain/recipients.ts';
import { alertFixture, day, directoryOf, goalOf, instant, memberId, teamId } from './goal.fixture.ts';

const today = day('2026-11-16');
const told = (recipients: ReturnType<typeof recipientsOf>) =>
  recipients.map(({ memberId: id, role, state, reason }) => [
    ['Marco', 'Giulia', 'Wanda', 'Carla'].find((name) => memberId(name) === id),
    role,
    reason ?? state,
  ]);

describe('who is told of a goal', () => {
  it('is the owner’s manager, the owner and the watchers, each once', () => {
    const watcherIds = ['Wanda', 'Giulia'].map(memberId);
    expect(told(recipientsOf(goalOf({ watcherIds }), directoryOf(), today))).toEqual([
      ['Giulia', 'manager', 'pending'],
      ['Marco', 'owner', 'pending'],
      ['Wanda', 'watcher', 'pending'],
    ]);
  });

  it('includes the rep of a goal that someone else owns', () => {
    const goal = goalOf({ ownerId: memberId('Giulia') });
    expect(told(recipientsOf(goal, directoryOf(), today))).toEqual([
      ['Carla', 'manager', 'pending'],
      ['Giulia', 'owner', 'pending'],
      ['Marco', 'rep', 'pending'],
    ]);
  });

  it('leaves out who has left or has no address, and says so', () => {
    const directory = directoryOf({ Giulia: { status: 'departed' }, Wanda: { email: undefined } });
    const goal = goalOf({ watcherIds: ['Giulia', 'Wanda'].map(memberId) });
    expect(told(recipientsOf(goal, directory, today))).toEqual([
      ['Carla', 'manager', 'pending'],
      ['Marco', 'owner', 'pending'],
      ['Giulia', 'watcher', 'has left'],
      ['Wanda', 'watcher', 'has no e-mail address'],
    ]);
  });

  it('is the team’s manager for a team’s goal without an owner, and nobody for one of the organization', () => {
    const team = goalOf({ scope: `team:${teamId('Northeast')}`, ownerId: undefined });
    expect(told(recipientsOf(team, directoryOf(), today))).toEqual([
      ['Carla', 'manager', 'pending'],
      ['Giulia', 'owner', 'pending'],
    ]);
    expect(recipientsOf(goalOf({ scope: 'org', ownerId: undefined }), directoryOf(), today)).toEqual([]);
  });
});

describe('the ledger of an alert', () => {
  const at = instant('2026-11-16T12:00:00Z');
  const claimed = claim(alertFixture(), recipientsOf(goalOf(), directoryOf(), today), at);

  it('holds a claim for a minute', () => {
    expect(claimed.state).toBe('sending');
    expect(isClaimed(claimed, instant('2026-11-16T12:00:59Z'))).toBe(true);
    expect(isClaimed(claimed, instant('2026-11-16T12:01:00Z'))).toBe(false);
  });

  it('is sent when all are, and failed when one is', () => {
    const first = markSent(claimed, memberId('Giulia'), 'ses-1', at);
    expect(isSettled(first)).toBe(false);
    expect(markSent(first, memberId('Marco'), 'ses-2', at)).toMatchObject({ state: 'sent', sentAt: at });
    expect(markFailed(first, memberId('Marco'), 'no such address', at).state).toBe('failed');
  });

  it('gives back what did not go out, and counts the attempts', () => {
    const released = release(markSent(claimed, memberId('Giulia'), 'ses-1', at), 'TooManyRequests', at);
    expect(released.state).toBe('pending');
    expect(claim(released, [], at).recipients.map(({ state, attempts }) => [state, attempts])).toEqual([
      ['sent', 1],
      ['sending', 2],
    ]);
  });

  it('with nobody to tell is skipped', () => {
    expect(claim(alertFixture(), [], at).state).toBe('skipped');
  });
});
