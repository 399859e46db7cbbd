import type { Command } from '../command.ts';
import { KeptCopy, nameAt } from '../kept-copy.ts';
import { deleteParked, parkedText, summaryOf } from '../parked.ts';

export const parkedDrop: Command = {
  name: 'parked drop',
  summary: 'Delete a parked file that is done with; a copy is kept in a file first',
  parameters: ['key'],
  options: {
    keep: {
      type: 'string',
      value: '<folder>',
      says: 'where the copy goes (.quotaline/ops/dropped unless given)',
    },
  },
  changes: true,
  async run({ target, args, flags, apply, now, report }) {
    const key = args[0] ?? '';
    const text = await parkedText(target, key);
    const { reason, subjects } = summaryOf(text);
    if (!apply) {
      report({ key, reason, subjects, dropped: false }, () => `Would drop ${key}: ${reason}`);
      return;
    }
    const folder = flags.text('keep') ?? `.quotaline/ops/dropped/${target.stage}`;
    const copy = new KeptCopy(folder, nameAt('parked', now()));
    copy.keep({ key, text });
    copy.close();
    await deleteParked(target, key);
    report(
      { key, reason, subjects, dropped: true, kept: copy.path },
      () => `Dropped ${key}\nKept in ${copy.path}`,
    );
  },
};
