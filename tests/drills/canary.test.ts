import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Drill } from './drill.ts';

/** Three turns raise an alarm; one that was under way before may come in between. */
const MOST_TURNS = 8;

describe('a canary that sees no win arrive', () => {
  let drill: Drill;
  beforeAll(async () => {
    drill = await Drill.start(['-c', 'canary=1']);
    await drill.minutes(1);
  });
  afterAll(async () => {
    await drill.run.stop();
  });

  const turn = async () => {
    await drill.minutes(1);
    await drill.run.idle();
  };
  /** Takes turns, one a minute, until just these alarms are raised. */
  const turnsUntilRaised = async (...alarms: readonly string[]) => {
    let raised: readonly string[] = [];
    for (let turns = 0; turns < MOST_TURNS; turns += 1) {
      await turn();
      raised = await drill.raised();
      if (raised.join() === alarms.join()) return;
    }
    expect(raised).toEqual(alarms);
  };

  it('is silent while its turns succeed', async () => {
    for (let turns = 0; turns < 4; turns += 1) await turn();
    expect(await drill.alarms('canary')).toEqual(['canary', 'canary-errors', 'canary-throttles']);
    expect(await drill.raised()).toEqual([]);
  });

  it('raises its alarm when the API turns it away three times, and clears with the first turn that succeeds', async () => {
    await drill.fault({ function: 'deals-api', fault: 'throttle' });
    await turnsUntilRaised('api-failures', 'canary', 'deals-throttles');
    expect((await drill.runbooks()).canary).toBe('canary.md');
    expect(await drill.follow('canary', 'health', {}, 1)).toMatch(/! +alarm +canary/);

    await drill.fault({ function: 'deals-api', fault: null });
    await turnsUntilRaised();
  });

  it.each([
    ['error', 'errors'],
    ['throttle', 'throttles'],
  ] as const)('raises an alarm of its own where it meets %s itself, and it clears', async (fault, kind) => {
    await drill.fault({ function: 'canary', fault });
    await turnsUntilRaised('canary', `canary-${kind}`);
    expect((await drill.runbooks())[`canary-${kind}`]).toBe(`${kind}.md`);
    await drill.follow(kind, 'health', {}, 1);

    await drill.fault({ function: 'canary', fault: null });
    await turnsUntilRaised();
  });
});
