import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Drill } from './drill.ts';

describe('a canary that sees no win arrive', () => {
  let drill: Drill;
  beforeAll(async () => {
    drill = await Drill.start(['-c', 'canary=1']);
    await drill.minutes(1);
  });
  afterAll(async () => {
    await drill.run.stop();
  });

  /** Takes as many turns, one a minute; its figures lie in the minutes that end with them. */
  const turns = async (count: number) => {
    for (let turn = 0; turn < count; turn += 1) {
      await drill.minutes(1);
      await drill.run.idle();
    }
    await drill.minutes(1);
    await drill.run.idle();
  };

  it('is silent while its turns succeed', async () => {
    await turns(3);
    expect(await drill.alarms('canary')).toEqual(['canary', 'canary-errors', 'canary-throttles']);
    expect(await drill.raised()).toEqual([]);
  });

  it('raises its alarm when the API turns it away three times', async () => {
    await drill.fault({ function: 'deals-api', fault: 'throttle' });
    await turns(3);
    expect(await drill.raised()).toContain('canary');
    expect((await drill.runbooks()).canary).toBe('canary.md');
    expect(await drill.follow('canary', 'health', {}, 1)).toMatch(/! +alarm +canary/);
  });

  it('clears with the first turns that succeed', async () => {
    await drill.fault({ function: 'deals-api', fault: null });
    await turns(2);
    expect(await drill.raised()).toEqual([]);
  });

  it.each([
    ['error', 'errors'],
    ['throttle', 'throttles'],
  ] as const)('raises an alarm of its own where it meets %s itself, and it clears', async (fault, kind) => {
    await drill.fault({ function: 'canary', fault });
    await turns(3);
    expect(await drill.raised()).toEqual(['canary', `canary-${kind}`]);
    expect((await drill.runbooks())[`canary-${kind}`]).toBe(`${kind}.md`);
    await drill.follow(kind, 'health', {}, 1);
    await drill.fault({ function: 'canary', fault: null });
    await turns(2);
    expect(await drill.raised()).toEqual([]);
  });
});
