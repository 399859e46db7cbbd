import * as z from 'zod';
import { type InputError, Unprocessable } from '../../../shared/errors/errors.ts';
import { FeedbackInvitationState, FeedbackKind, FeedbackState } from '../../../shared/events/feedback.ts';
import {
  AccountId,
  DealId,
  derivedId,
  FeedbackId,
  FeedbackInvitationId,
  OrderId,
  StoreId,
} from '../../../shared/ids/id.ts';
import { divideHalfEven } from '../../../shared/money/arithmetic.ts';
import { Day, Instant } from '../../../shared/time/instant.ts';
import { isToldAgain } from './told-again.ts';

export const Scale = z.enum(['1-5', '1-7', '1-10', '0-100', '0-10']);
export type Scale = z.infer<typeof Scale>;

const ranges: Readonly<Record<Scale, readonly [min: number, max: number]>> = {
  '1-5': [1, 5],
  '1-7': [1, 7],
  '1-10': [1, 10],
  '0-100': [0, 100],
  '0-10': [0, 10],
};

const scalesOf: Readonly<Record<FeedbackKind, readonly [Scale, ...Scale[]]>> = {
  csat: ['1-5', '1-7', '1-10', '0-100'],
  nps: ['0-10'],
};

/** What it counts as: CSAT on 1–5, in proportion and to the nearest; NPS as it is. */
export const valueOf = ({
  kind,
  score,
  scale,
}: Pick<FeedbackState, 'kind' | 'score'> & { readonly scale: Scale }): number => {
  if (kind === 'nps') return score;
  const [min, max] = ranges[scale];
  return 1 + Number(divideHalfEven(BigInt(4 * (score - min)), BigInt(max - min)));
};

/** An answer as it is told. */
export const Answer = z.strictObject({
  kind: FeedbackKind,
  score: z.int().describe('On the scale.'),
  scale: Scale.optional().describe(
    'CSAT: 1-5 unless given; 1-7, 1-10 and 0-100 are mapped to it. NPS: 0-10, and no other.',
  ),
  answeredAt: Instant.optional().describe('Now, unless given; never in the future.'),
  accountId: AccountId.optional(),
  dealId: DealId.optional(),
  orderId: OrderId.optional(),
  storeId: StoreId.optional(),
  comment: z.string().trim().min(1, 'must not be empty').max(4_000).optional(),
  externalId: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .describe('The answer’s id in the survey’s system: told again, it is the same answer.'),
});
export type Answer = z.infer<typeof Answer>;

export const Feedback = FeedbackState.extend({
  scale: Scale,
  /** Personal. */
  comment: z.string().optional(),
  externalId: z.string().optional(),
  createdAt: Instant,
  updatedAt: Instant,
});
export type Feedback = z.infer<typeof Feedback>;

export const feedbackIdOfExternal = (externalId: string): FeedbackId =>
  derivedId(FeedbackId, 'feedback', 'external', externalId);

const subjects = ['accountId', 'dealId', 'orderId', 'storeId'] as const;

const faultsOf = (
  answer: Answer & { readonly scale: Scale; readonly answeredAt: Instant },
  now: Instant,
): InputError[] => {
  const { kind, scale, score, answeredAt } = answer;
  const possible = scalesOf[kind];
  const [min, max] = ranges[scale];
  return [
    ...(possible.includes(scale)
      ? score < min || score > max
        ? [{ path: '/score', message: `must be from ${min} to ${max} on the scale ${scale}` }]
        : []
      : [{ path: '/scale', message: `must be ${possible.join(', ')} for ${kind}` }]),
    ...(answeredAt > now ? [{ path: '/answeredAt', message: `must not be later than now, ${now}` }] : []),
    ...(subjects.every((name) => answer[name] === undefined)
      ? [{ path: '', message: `must name at least one of ${subjects.join(', ')}` }]
      : []),
  ];
};

/** The answer, not yet anybody's. @throws Unprocessable naming everything that is wrong, as a score off its scale */
export const feedbackOf = (
  answer: Answer,
  { id, now }: { readonly id: FeedbackId; readonly now: Instant },
): Feedback => {
  const { scale = scalesOf[answer.kind][0], answeredAt = now } = answer;
  const told = { ...answer, scale, answeredAt };
  const faults = faultsOf(told, now);
  if (faults.length > 0) throw new Unprocessable('The answer can’t be taken in like this.', faults);
  return {
    ...told,
    id,
    value: valueOf(told),
    teamPath: [],
    territoryPath: [],
    deleted: false,
    createdAt: now,
    updatedAt: now,
  };
};

/** A tombstone, without what the customer wrote. */
export const removeFeedback = <F extends Feedback>(feedback: F, now: Instant): F => ({
  ...feedback,
  comment: undefined,
  deleted: true,
  updatedAt: now,
});

/** How many were asked, as it is told. */
export const AskedCount = z.strictObject({
  kind: FeedbackKind,
  day: Day.describe('In the organization’s zone; not in the future.'),
  storeId: StoreId.optional(),
  asked: z.int().min(0, 'must not be negative').max(1_000_000_000),
});
export type AskedCount = z.infer<typeof AskedCount>;

export const FeedbackInvitation = FeedbackInvitationState.extend({ createdAt: Instant, updatedAt: Instant });
export type FeedbackInvitation = z.infer<typeof FeedbackInvitation>;

/** Each kind, day and store has one count. */
export const invitationIdOf = ({ kind, day, storeId }: AskedCount): FeedbackInvitationId =>
  derivedId(FeedbackInvitationId, 'feedback-invitation', kind, day, storeId ?? '');

/** The count as told, in place of what was told before; the very same where that says the same. */
export const invitationOf = (
  told: AskedCount,
  before: FeedbackInvitation | undefined,
  now: Instant,
): FeedbackInvitation => {
  const fresh = { ...told, id: invitationIdOf(told), createdAt: before?.createdAt ?? now, updatedAt: now };
  return before !== undefined && isToldAgain<FeedbackInvitation>(fresh, before) ? before : fresh;
};

const toldFields = [
  'kind',
  'score',
  'scale',
  'answeredAt',
  'accountId',
  'dealId',
  'orderId',
  'storeId',
  'comment',
] as const;

/** Whether the same answer was told again, whoever owns by now what it is about. */
export const isSameAnswer = (told: Feedback, kept: Feedback): boolean =>
  toldFields.every((field) => told[field] === kept[field]);
