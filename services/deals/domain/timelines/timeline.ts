import * as z from 'zod';
import { ActivityKind, ActivityStatus } from '../../../../shared/events/activities.ts';
import type { Adjustment } from '../../../../shared/events/deals.ts';
import { MemberId } from '../../../../shared/ids/id.ts';
import { toMajor } from '../../../../shared/money/arithmetic.ts';
import type { SignedMoney } from '../../../../shared/money/money.ts';
import { Instant } from '../../../../shared/time/instant.ts';
import type { AccountMerge } from '../account-merge.ts';
import type { Account } from '../account.ts';
import { type Activity, momentOf } from '../activities/activity.ts';
import { isCreditNote, type OrderRecord } from '../commerce/order.ts';
import type { Deal } from '../deal.ts';

export const TimelineKind = z.enum([
  'activity',
  'dealCreated',
  'stageChanged',
  'dealWon',
  'dealLost',
  'dealReopened',
  'adjustment',
  'order',
  'orderRefunded',
  'accountCreated',
  'accountMerged',
]);
export type TimelineKind = z.infer<typeof TimelineKind>;

export const TimelineEntry = z.object({
  kind: TimelineKind,
  at: Instant,
  who: MemberId.optional().describe(
    'Who did it, of an activity; of what happened to a deal or order, whose that is.',
  ),
  text: z.string(),
  refId: z.string().describe('The activity, deal, order or account that it is about.'),
  activity: z
    .object({ kind: ActivityKind, status: ActivityStatus, outcome: z.string().optional() })
    .optional(),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** An entry with its place: `<at>#<id>`, unique in a timeline, which reads them the last first. */
export interface PlacedEntry {
  readonly key: string;
  /** Undefined for what the reader may not see. */
  readonly entry: TimelineEntry | undefined;
}

const placed = (entry: TimelineEntry, more = ''): PlacedEntry => ({
  key: `${entry.at}#${entry.refId}${more}`,
  entry,
});

const shown = (money: SignedMoney): string => `${toMajor(money)} ${money.currency}`;

const SHOWN_CHARACTERS = 200;

const activityText = ({ kind, subjectLine, notes }: Activity): string => {
  const text = subjectLine ?? notes ?? kind;
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
};

export const activityEntry = (activity: Activity): PlacedEntry => {
  const { id, kind, status, outcome, ownerId } = activity;
  return placed({
    kind: 'activity',
    at: momentOf(activity),
    who: ownerId,
    text: activityText(activity),
    refId: id,
    activity: { kind, status, ...(outcome !== undefined && { outcome }) },
  });
};

const stageText = (deal: Deal, stage: string, kind: TimelineKind): string => {
  switch (kind) {
    case 'dealWon':
      return `Won “${deal.name}”`;
    case 'dealLost':
      return `Lost “${deal.name}”`;
    case 'dealReopened':
      return `Reopened “${deal.name}” in ${stage}`;
    default:
      return `Moved “${deal.name}” to ${stage}`;
  }
};

const stageKind = (stage: string, previous: string | undefined): TimelineKind => {
  if (stage === 'won') return 'dealWon';
  if (stage === 'lost') return 'dealLost';
  return previous === 'won' || previous === 'lost' ? 'dealReopened' : 'stageChanged';
};

const adjustmentText = ({ kind, amount, reason }: Adjustment): string =>
  `${kind.slice(0, 1).toUpperCase()}${kind.slice(1)} of ${shown(amount)}: ${reason}`;

const inOrder = (n: number): string => `#${String(n).padStart(3, '0')}`;

/** How the deal was made, moved, closed, opened again and adjusted; at most some 150, as its own history is bounded. */
export const dealEntries = (deal: Deal): readonly PlacedEntry[] => {
  const { id: refId, ownerId: who, stageHistory } = deal;
  return [
    placed(
      { kind: 'dealCreated', at: deal.createdAt, who, refId, text: `Created “${deal.name}”` },
      inOrder(0),
    ),
    // The first stage is where it was made.
    ...stageHistory.slice(1).map(({ stage, enteredAt: at }, index) => {
      const kind = stageKind(stage, stageHistory[index]?.stage);
      return placed({ kind, at, who, refId, text: stageText(deal, stage, kind) }, inOrder(index + 1));
    }),
    ...deal.adjustments.map((adjustment) =>
      placed(
        { kind: 'adjustment', at: adjustment.at, who, refId, text: adjustmentText(adjustment) },
        `#${adjustment.id}`,
      ),
    ),
  ];
};

/** An order and what was given back of it; nothing of one that is known by a deletion or refund alone, or was a test. */
export const orderEntries = (order: OrderRecord): readonly PlacedEntry[] => {
  const { id: refId, snapshot, attribution, refunds, deleted } = order;
  if (snapshot === undefined || snapshot.test || deleted) return [];
  const who = attribution?.credits[0]?.memberId;
  const ofOrder = { refId, ...(who !== undefined && { who }) };
  const isOrder = !isCreditNote(order);
  return [
    ...(isOrder
      ? [
          placed({
            kind: 'order' as const,
            at: snapshot.placedAt,
            ...ofOrder,
            text: `Order ${snapshot.number} of ${shown(snapshot.net)}${snapshot.cancelledAt === undefined ? '' : ', cancelled'}`,
          }),
        ]
      : []),
    ...refunds.map(({ externalId, at, net }) =>
      placed(
        {
          kind: 'orderRefunded' as const,
          at,
          ...ofOrder,
          text: `Refund of ${shown(net)} on order ${snapshot.number}`,
        },
        `#${externalId}`,
      ),
    ),
  ];
};

/** An account that became part of this one, and still is. */
export const mergeEntry = ({ duplicateId: refId, createdAt, mergedAt }: AccountMerge): PlacedEntry =>
  placed({ kind: 'accountMerged', at: mergedAt ?? createdAt, refId, text: 'Took another account in' });

/** How the account was made. */
export const accountEntry = ({ id: refId, createdAt: at, name }: Account): PlacedEntry =>
  placed({ kind: 'accountCreated', at, refId, text: `Created “${name}”` });
