import type { Command } from '../command.ts';
import { replaysOf, shareDone } from '../replay/replays.ts';
import { table } from '../table.ts';

export const replayList: Command = {
  name: 'replay list',
  summary: 'The replays of the last 90 days, and how far each is',
  parameters: [],
  options: {},
  async run({ target, report }) {
    const found = (await replaysOf(target)).map((replay) => ({
      name: replay.ReplayName ?? '',
      state: replay.State ?? '',
      done: shareDone(replay),
      from: replay.EventStartTime?.toISOString() ?? '',
      to: replay.EventEndTime?.toISOString() ?? '',
      reason: replay.StateReason ?? '',
    }));
    report(found, () =>
      found.length === 0
        ? 'Nothing was replayed.'
        : table([
            ['REPLAY', 'STATE', 'DONE', 'FROM', 'TO', ''],
            ...found.map(({ name, state, done, from, to, reason }) => [
              name,
              state,
              `${Math.round(done * 100)} %`,
              from,
              to,
              reason,
            ]),
          ]),
    );
  },
};
