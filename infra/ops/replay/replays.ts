import {
  DescribeArchiveCommand,
  DescribeReplayCommand,
  ListReplaysCommand,
  ListRulesCommand,
  type DescribeArchiveResponse,
  type DescribeReplayResponse,
  type Replay,
  type Rule,
} from '@aws-sdk/client-eventbridge';
import { Failed } from '../refusals.ts';
import type { Target } from '../target.ts';

export const ENDED = new Set(['COMPLETED', 'CANCELLED', 'FAILED']);

const isMissing = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ResourceNotFoundException';

/** The archive of all events. Throws Failed when the stage has none. */
export const archiveOf = async ({
  aws,
  archive,
  flag,
}: Target): Promise<DescribeArchiveResponse & { readonly ArchiveArn: string }> => {
  try {
    const found = await aws.events.send(new DescribeArchiveCommand({ ArchiveName: archive }));
    if (found.ArchiveArn !== undefined) return { ...found, ArchiveArn: found.ArchiveArn };
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  throw new Failed(`${flag} has no archive ${archive}: nothing can be replayed.`);
};

/** A consumer’s rule. Throws Failed when it is missing or switched off, for then nothing would arrive. */
export const ruleOf = async (
  { aws, bus }: Target,
  name: string,
): Promise<Rule & { readonly Arn: string }> => {
  const { Rules = [] } = await aws.events.send(new ListRulesCommand({ EventBusName: bus, NamePrefix: name }));
  const rule = Rules.find(({ Name }) => Name === name);
  if (rule?.Arn === undefined) {
    throw new Failed(`The bus ${bus} has no rule ${name}: deploy the stack as it is in this repository.`);
  }
  if (rule.State === 'DISABLED') throw new Failed(`The rule ${name} is switched off: enable it first.`);
  return { ...rule, Arn: rule.Arn };
};

/** The stage’s replays of the last 90 days, newest first. */
export const replaysOf = async ({ aws, names }: Target): Promise<readonly Replay[]> => {
  const found: Replay[] = [];
  let NextToken: string | undefined;
  do {
    const page = await aws.events.send(
      new ListReplaysCommand({
        NamePrefix: `${names.prefix}-`,
        ...(NextToken !== undefined && { NextToken }),
      }),
    );
    found.push(...(page.Replays ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  const start = ({ ReplayStartTime }: Replay) => ReplayStartTime?.getTime() ?? 0;
  return found.toSorted((a, b) => start(b) - start(a));
};

/** Throws Failed when there is none of that name. */
export const replayNamed = async ({ aws, flag }: Target, name: string): Promise<DescribeReplayResponse> => {
  try {
    return await aws.events.send(new DescribeReplayCommand({ ReplayName: name }));
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new Failed(`There is no replay ${name}: npm run ops -- replay list ${flag} shows them.`);
  }
};

/** How much of its window a replay has behind it, 0 to 1. */
export const shareDone = ({
  State,
  EventStartTime,
  EventEndTime,
  EventLastReplayedTime,
}: Pick<Replay, 'State' | 'EventStartTime' | 'EventEndTime' | 'EventLastReplayedTime'>): number => {
  if (State === 'COMPLETED') return 1;
  const [from, to, last] = [EventStartTime, EventEndTime, EventLastReplayedTime].map((time) =>
    time?.getTime(),
  );
  if (from === undefined || to === undefined || last === undefined || to <= from) return 0;
  return Math.min(1, Math.max(0, (last - from) / (to - from)));
};
