import type { Command } from '../command.ts';
import { parkedFiles } from '../parked.ts';
import { table } from '../table.ts';

export const parkedList: Command = {
  name: 'parked list',
  summary: 'Records that never reached the bus: parked by a relay, or given up by Lambda',
  parameters: ['service?'],
  options: {},
  details: 'They are kept for 180 days.',
  async run({ target, args, report }) {
    const [service] = args;
    const files = await parkedFiles(
      target,
      service === undefined ? undefined : target.names.service(service),
    );
    report(files, () =>
      files.length === 0
        ? 'Nothing is parked.'
        : table([['SINCE', 'BYTES', 'KEY'], ...files.map(({ key, bytes, at }) => [at, String(bytes), key])]),
    );
  },
};
