import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Drill } from './drill.ts';
import { everyKindOfEvent } from './every-kind-of-event.ts';

describe('messages that nobody takes', () => {
  let drill: Drill;
  let alarms: readonly string[];
  beforeAll(async () => {
    drill = await Drill.start();
    alarms = await drill.alarms('waiting');
    await everyKindOfEvent(drill.run);
  });
  afterAll(async () => {
    await drill.run.stop();
  });
  const consumers = () => alarms.map((alarm) => alarm.replace(/-waiting$/, ''));

  it('raise the alarm of every queue that they wait in', async () => {
    for (const name of consumers()) await drill.fault({ function: name, fault: 'throttle' });
    await drill.repeatEvents();
    await drill.minutes(20);
    expect(await drill.raised()).toEqual(expect.arrayContaining([...alarms]));
    expect(Object.entries(await drill.runbooks())).toEqual(
      expect.arrayContaining(alarms.map((alarm) => [alarm, 'waiting.md'])),
    );
  });

  it('are found by the runbook’s commands', async () => {
    const health = await drill.follow('waiting', 'health', {}, 1);
    for (const name of consumers()) expect(health).toMatch(new RegExp(`queue +${name} +[1-9]\\d* waiting`));
  });

  it('are taken as soon as their functions run again, none of them lost or dead', async () => {
    for (const name of consumers()) await drill.fault({ function: name, fault: null });
    await drill.run.idle(120);
    await drill.minutes(4);
    expect(await drill.raised()).toEqual([]);
    expect(await drill.run.deadLetters()).toEqual([]);
  });

  it('are taken again after the runbook’s command, where somebody has paused their service', async () => {
    await drill.follow('errors', 'pause --only consumers --apply', { service: 'metrics' });
    await drill.repeatEvents();
    // What the others got is done with; what waits for a paused service is not waited for.
    await drill.run.idle();
    await drill.minutes(20);
    expect(await drill.raised()).toEqual([
      'metrics-directory-waiting',
      'metrics-facts-waiting',
      'metrics-follow-ups-waiting',
    ]);
    expect(await drill.follow('waiting', 'health', {}, 1)).toMatch(/! +service +metrics/);
    await drill.follow('waiting', 'resume --apply', { service: 'metrics' });
    await drill.run.idle(120);
    await drill.minutes(4);
    expect(await drill.raised()).toEqual([]);
  });
});
