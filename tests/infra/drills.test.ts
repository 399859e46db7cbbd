import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { practiceOf } from '../drills/which-drill.ts';
import { at, flat, ofType, synthesizedTemplate } from '../support/synthesized.ts';

const alarms = ofType(synthesizedTemplate({ canary: '5' }), 'AWS::CloudWatch::Alarm')
  .map(([, alarm]) => ({
    name: flat(at(alarm, 'Properties', 'AlarmName')),
    description: flat(at(alarm, 'Properties', 'AlarmDescription')),
  }))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

/** Alarms of one kind stand together: `<service>-errors`. */
const table = (): string => {
  const rows = new Map<string, string[]>();
  for (const { name } of alarms) {
    const practice = practiceOf(name);
    if (practice === undefined) continue;
    const runbook = `[${practice.runbook}](../../../infra/runbooks/${practice.runbook}.md)`;
    const how =
      'drill' in practice
        ? `[${practice.drill}.test.ts](../../drills/${practice.drill}.test.ts)`
        : `not here: ${practice.notHere}`;
    const key = `| ${runbook} | ${how} |`;
    rows.set(key, [...(rows.get(key) ?? []), `\`${name.replace(/^quotaline-dev-/, '')}\``]);
  }
  return [
    '| runbook | drill | alarms |',
    '| --- | --- | --- |',
    ...[...rows].map(([key, names]) => `${key} ${names.join(', ')} |`).sort(),
    '',
  ].join('\n');
};

describe('every alarm of the stack', () => {
  it.each(alarms)('$name is drilled, or it is said why it can’t be raised in the local run', ({ name }) => {
    expect(practiceOf(name)).toBeDefined();
  });

  it.each(alarms)('$name leads to the runbook that its drill follows', ({ name, description }) => {
    expect(description).toMatch(new RegExp(`/${practiceOf(name)?.runbook ?? 'none'}\\.md$`));
  });

  it('stands in a table that whoever reviews a change sees', async () => {
    await expect(table()).toMatchFileSnapshot('recorded/drills.md');
  });

  it('has a drill that is there', () => {
    for (const { name } of alarms) {
      const practice = practiceOf(name);
      if (practice === undefined || !('drill' in practice)) continue;
      expect(existsSync(new URL(`../drills/${practice.drill}.test.ts`, import.meta.url)), name).toBe(true);
    }
  });
});
