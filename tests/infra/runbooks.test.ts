import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../infra/ops/commands.ts';
import { runbooks } from '../../infra/runbooks.ts';
import { flat, ofType, synthesized } from '../support/synthesized.ts';

const folder = path.resolve(import.meta.dirname, '../../infra/runbooks');
const pages = globSync('*.md', { cwd: folder })
  .map((file) => path.basename(file, '.md'))
  .filter((page) => page !== 'README')
  .sort();
const text = (page: string): string => readFileSync(path.join(folder, `${page}.md`), 'utf8');

/** Pages that no alarm leads to, and why. */
const WITHOUT_ALARM = ['restore'];

const linked = (stage: string): readonly string[] =>
  ofType(synthesized(stage), 'AWS::CloudWatch::Alarm').map(([id, { Properties }]) => {
    const [, page] = /Runbook: https:\S+\/([a-z-]+)\.md$/.exec(flat(Properties.AlarmDescription)) ?? [];
    return page ?? `${id} links no runbook`;
  });

describe('runbooks', () => {
  it.each(['dev', 'prod'])('are linked by every alarm in %s, and each link leads to a page', (stage) => {
    expect(linked(stage).filter((page) => !pages.includes(page))).toEqual([]);
  });

  it('are all linked by an alarm, or by themselves on purpose', () => {
    expect(new Set(linked('prod'))).toEqual(new Set(runbooks));
    expect(pages).toEqual([...runbooks, ...WITHOUT_ALARM].sort());
  });

  it('are all in the index', () => {
    expect(pages.filter((page) => !text('README').includes(`(${page}.md)`))).toEqual([]);
  });

  it.each(runbooks)(
    '%s says what it means, who notices, where to look, what to do, and when it is over',
    (page) => {
      for (const part of ['**What it means.**', '**Who notices.**', '## Look', '## Do', '## Over'])
        expect(text(page)).toContain(part);
    },
  );

  it.each(pages)(
    '%s names only commands and options that there are, and links only pages that there are',
    (page) => {
      const names = commands.map(({ name }) => name);
      for (const [, line = ''] of text(page).matchAll(/npm run ops -- ([^`\n#]+)/g)) {
        const words = line.trim();
        const command = commands
          .filter(({ name }) => words === name || words.startsWith(`${name} `))
          .toSorted((a, b) => b.name.length - a.name.length)[0];
        expect(command, `${words}: known are ${names.join(', ')}`).toBeDefined();
        const known = ['stage', 'local', 'apply', 'confirm', 'json', ...Object.keys(command?.options ?? {})];
        const given = [...words.matchAll(/ --([a-z-]+)/g)].map(([, option]) => option ?? '');
        expect(
          given.filter((option) => !known.includes(option)),
          words,
        ).toEqual([]);
      }
      for (const [, target = ''] of text(page).matchAll(/\]\(([a-z-]+)\.md\)/g))
        expect(pages).toContain(target);
    },
  );
});
