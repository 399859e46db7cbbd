import { CancelReplayCommand } from '@aws-sdk/client-eventbridge';
import type { Command } from '../command.ts';
import { Failed } from '../refusals.ts';
import { ENDED, replayNamed, shareDone } from '../replay/replays.ts';

export const replayCancel: Command = {
  name: 'replay cancel',
  summary: 'End a replay that is under way; what it has delivered stays delivered',
  parameters: ['replay'],
  options: {},
  changes: true,
  async run({ target, args, apply, report }) {
    const name = args[0] ?? '';
    const replay = await replayNamed(target, name);
    if (!name.startsWith(`${target.names.prefix}-`))
      throw new Failed(`${name} is not a replay of this stage.`);
    if (ENDED.has(replay.State ?? ''))
      throw new Failed(`${name} has ended already: it is ${replay.State ?? ''}.`);
    if (apply) await target.aws.events.send(new CancelReplayCommand({ ReplayName: name }));
    report({ replay: name, cancelled: apply }, () => {
      const done = `${Math.round(shareDone(replay) * 100)} % done`;
      return apply ? `Cancelled ${name}, ${done}.` : `Would cancel ${name}, ${done}.`;
    });
  },
};
