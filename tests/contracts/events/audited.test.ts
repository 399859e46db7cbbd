import { describe, expect, test } from 'vitest';
import { audited, notAudited } from '../../../services/team/audit/audited.ts';
import { personalFieldsOf, toldState } from '../../../services/team/audit/told-state.ts';
import { eventPattern } from '../../../shared/events/subscription.ts';
import { audit } from '../../../services/team/subscriptions.ts';
import { directoryEvents } from '../../../shared/directory/items.ts';
import { allContracts } from './contracts.ts';

/** EventBridge’s limit of a rule’s pattern, in characters. */
const PATTERN_LENGTH = 2048;

test.each(allContracts.map((contract) => [contract.detailType, contract] as const))(
  '%s is audited, or is left out for a reason',
  (detailType, contract) => {
    expect(audited.includes(contract)).toBe(!(detailType in notAudited));
  },
);

test('nothing is left out that there is not', () => {
  const known = allContracts.map(({ detailType }) => detailType);
  expect(Object.keys(notAudited).filter((detailType) => !known.includes(detailType))).toEqual([]);
});

test('one rule’s pattern holds them all', () => {
  expect(JSON.stringify(eventPattern(audit)).length).toBeLessThanOrEqual(PATTERN_LENGTH);
});

describe('of a member', () => {
  const ofMembers = directoryEvents.filter(({ name }) => name.startsWith('Member'));

  test.each(ofMembers.map(({ detailType }) => detailType))('%s seals who it is', (detailType) => {
    expect(personalFieldsOf(detailType)).toEqual(expect.arrayContaining(['name', 'email']));
  });

  test('who takes over is said of the departure, and is no part of the member', () => {
    const told = toldState({ detailType: 'MemberDeparted.v1', data: { id: 'mem_1', reassignTo: 'mem_2' } });
    expect(told).toEqual({ state: { id: 'mem_1' }, details: { reassignTo: 'mem_2' } });
  });
});

test('a crossed milestone is told of the goal, whose state lies in the event', () => {
  const told = toldState({
    detailType: 'GoalMilestoneReached.v1',
    data: { goal: { id: 'goal_1', target: 10 }, milestones: [25] },
  });
  expect(told).toEqual({ state: { id: 'goal_1', target: 10 }, details: { milestones: [25] } });
});
