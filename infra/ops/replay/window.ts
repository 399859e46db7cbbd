import type { DescribeArchiveResponse } from '@aws-sdk/client-eventbridge';
import type { Instant } from '../../../shared/time/instant.ts';
import { duration } from '../durations.ts';
import { NotUnderstood } from '../refusals.ts';

/** A window of the archive, half-open; milliseconds since 1970. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

const DAY_MS = 86_400_000;
/** EventBridge may take so long to put an event into the archive. */
const ARCHIVED_WITHIN_MS = 10 * 60_000;

const at = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** A window that can be: past, and the right way round. Throws NotUnderstood. */
export const windowOf = (
  { from, to }: { readonly from: Instant; readonly to: Instant },
  now: number,
): Window => {
  const window = { from: Date.parse(from), to: Date.parse(to) };
  if (window.from >= window.to) {
    throw new NotUnderstood(`--from ${from} is not before --to ${to}: turn them round.`);
  }
  if (window.to > now) throw new NotUnderstood(`--to ${to} is in the future: it is ${at(now)} now.`);
  return window;
};

/** Throws NotUnderstood when the archive doesn’t reach back so far, saying how far it does. */
export const checkRetention = (
  { from }: Window,
  { RetentionDays }: Pick<DescribeArchiveResponse, 'RetentionDays'>,
  now: number,
): void => {
  // 0 keeps events for ever.
  const kept = (RetentionDays ?? 0) * DAY_MS;
  if (kept === 0 || from >= now - kept) return;
  throw new NotUnderstood(
    `--from ${at(from)} is beyond the archive’s ${duration(kept / 1000)}: it reaches back to ${at(now - kept)}.`,
  );
};

/** What the reader should know of a window before it is replayed. */
export const remarksOn = (
  window: Window,
  { CreationTime, EventCount }: Pick<DescribeArchiveResponse, 'CreationTime' | 'EventCount'>,
  now: number,
): readonly string[] => {
  const created = CreationTime?.getTime();
  const share =
    created === undefined || created >= now
      ? 1
      : (window.to - Math.max(window.from, created)) / (now - created);
  return [
    ...(EventCount === undefined || EventCount === 0
      ? []
      : [
          `The archive holds about ${EventCount} events of all services; evenly spread, ${Math.max(0, Math.round(EventCount * share))} of them lie in this window.`,
        ]),
    ...(created !== undefined && window.from < created
      ? [`The archive began at ${at(created)}: it has nothing from before.`]
      : []),
    ...(window.to > now - ARCHIVED_WITHIN_MS
      ? [
          'The archive may lack the last ten minutes yet: replay them once more later, or end the window earlier.',
        ]
      : []),
  ];
};
