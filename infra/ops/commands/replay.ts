import { StartReplayCommand, type DescribeReplayResponse } from '@aws-sdk/client-eventbridge';
import { setTimeout as delay } from 'node:timers/promises';
import type { Command, Context } from '../command.ts';
import { nameAt } from '../kept-copy.ts';
import { Failed } from '../refusals.ts';
import { archiveOf, ENDED, replayNamed, ruleOf, shareDone } from '../replay/replays.ts';
import { checkRetention, remarksOn, windowOf } from '../replay/window.ts';

const LOOK_EVERY_MS = 1_000;

/** Follows a replay to its end. Throws Failed when it fails, or the reader doesn’t want to wait. */
const follow = async (
  { target, signal, progress }: Context,
  name: string,
): Promise<DescribeReplayResponse> => {
  let said = '';
  for (;;) {
    const replay = await replayNamed(target, name);
    const { State = '', StateReason = '' } = replay;
    const line = `${State.toLowerCase()} ${Math.round(shareDone(replay) * 100)} %`;
    if (line !== said) progress(line);
    said = line;
    if (State === 'COMPLETED') return replay;
    if (ENDED.has(State)) throw new Failed(`The replay ${name} is ${State}. ${StateReason}`.trim());
    if (signal.aborted) {
      throw new Failed(
        [
          'The replay goes on without this command.',
          `  watch it:   npm run ops -- replay list ${target.flag}`,
          `  cancel it:  npm run ops -- replay cancel ${name} ${target.flag} --apply`,
        ].join('\n'),
      );
    }
    await delay(LOOK_EVERY_MS);
  }
};

export const replay: Command = {
  name: 'replay',
  summary: 'Deliver the archived events of a window again, to one consumer alone',
  parameters: [],
  options: {
    from: { type: 'string', value: '<instant>', says: 'the window’s begin, as in 2026-11-23T09:30:00Z' },
    to: { type: 'string', value: '<instant>', says: 'its end' },
    consumer: { type: 'string', value: '<service>-<name>', says: 'who gets them, as in metrics-facts' },
  },
  changes: true,
  details:
    'Consumers pass by what they have already: an event that was handled is handled once. Events may come in another\norder than the first time.',
  async run(context) {
    const { target, flags, apply, now, report } = context;
    const asked = { from: flags.requiredInstant('from'), to: flags.requiredInstant('to') };
    const { unit, rule: ruleName } = target.names.subscription(flags.required('consumer'));
    const window = windowOf(asked, now());
    const archive = await archiveOf(target);
    checkRetention(window, archive, now());
    const rule = await ruleOf(target, ruleName);
    const remarks = remarksOn(window, archive, now());
    const what = { consumer: unit, rule: ruleName, ...asked };
    if (!apply) {
      report({ ...what, remarks }, () =>
        [`Would replay ${asked.from} to ${asked.to} into ${ruleName}, and no other rule.`, ...remarks].join(
          '\n',
        ),
      );
      return;
    }
    for (const remark of remarks) context.progress(remark);
    const name = nameAt(`${target.names.prefix}-${unit}`, now());
    const { partition, region, account } = target;
    const bus = `arn:${partition}:events:${region}:${account}:event-bus/${target.bus}`;
    await target.aws.events.send(
      new StartReplayCommand({
        ReplayName: name,
        Description: `By npm run ops, to ${unit}`,
        EventSourceArn: archive.ArchiveArn,
        EventStartTime: new Date(window.from),
        EventEndTime: new Date(window.to),
        Destination: { Arn: bus, FilterArns: [rule.Arn] },
      }),
    );
    context.progress(`Replay ${name} has begun.`);
    const { State } = await follow(context, name);
    report(
      { ...what, replay: name, state: State },
      () => `Replayed ${asked.from} to ${asked.to} into ${ruleName}.`,
    );
  },
};
