import { createHash } from 'node:crypto';
import { ulid } from 'ulid';
import * as z from 'zod';

/** Crockford base 32, as ULIDs use it: no I, L, O, U. */
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ULID_PATTERN = '[0-7][0-9A-HJKMNP-TV-Z]{25}';

const idSchema = <const Prefix extends string>(prefix: Prefix) =>
  z
    .string()
    .regex(
      new RegExp(`^${prefix}_${ULID_PATTERN}$`),
      `must be an id such as ${prefix}_01JD0000000000000000000000`,
    )
    .brand<Prefix>();

export const MemberId = idSchema('mem');
export type MemberId = z.infer<typeof MemberId>;
export const TeamId = idSchema('team');
export type TeamId = z.infer<typeof TeamId>;
export const TerritoryId = idSchema('ter');
export type TerritoryId = z.infer<typeof TerritoryId>;
export const AccountId = idSchema('acct');
export type AccountId = z.infer<typeof AccountId>;
export const ContactId = idSchema('con');
export type ContactId = z.infer<typeof ContactId>;
export const MergeId = idSchema('mrg');
export type MergeId = z.infer<typeof MergeId>;
export const LeadId = idSchema('lead');
export type LeadId = z.infer<typeof LeadId>;
export const ProductId = idSchema('prod');
export type ProductId = z.infer<typeof ProductId>;
export const PipelineId = idSchema('pipe');
export type PipelineId = z.infer<typeof PipelineId>;
export const DealId = idSchema('deal');
export type DealId = z.infer<typeof DealId>;
export const AdjustmentId = idSchema('adj');
export type AdjustmentId = z.infer<typeof AdjustmentId>;
export const StoreId = idSchema('store');
export type StoreId = z.infer<typeof StoreId>;
export const OrderId = idSchema('order');
export type OrderId = z.infer<typeof OrderId>;
export const CustomerId = idSchema('cus');
export type CustomerId = z.infer<typeof CustomerId>;
export const DeliveryId = idSchema('dlv');
export type DeliveryId = z.infer<typeof DeliveryId>;
export const ActivityId = idSchema('act');
export type ActivityId = z.infer<typeof ActivityId>;
export const TrafficId = idSchema('tra');
export type TrafficId = z.infer<typeof TrafficId>;
export const FeedbackId = idSchema('fbk');
export type FeedbackId = z.infer<typeof FeedbackId>;
export const FeedbackInvitationId = idSchema('inv');
export type FeedbackInvitationId = z.infer<typeof FeedbackInvitationId>;
export const ImportId = idSchema('imp');
export type ImportId = z.infer<typeof ImportId>;
export const ExportId = idSchema('exp');
export type ExportId = z.infer<typeof ExportId>;
export const GoalId = idSchema('goal');
export type GoalId = z.infer<typeof GoalId>;
export const AlertId = idSchema('alert');
export type AlertId = z.infer<typeof AlertId>;
export const CandidateId = idSchema('cand');
export type CandidateId = z.infer<typeof CandidateId>;
export const TrainingProgramId = idSchema('prog');
export type TrainingProgramId = z.infer<typeof TrainingProgramId>;
export const TrainingAssignmentId = idSchema('asg');
export type TrainingAssignmentId = z.infer<typeof TrainingAssignmentId>;
export const CoachingSessionId = idSchema('coach');
export type CoachingSessionId = z.infer<typeof CoachingSessionId>;
export const ActionId = idSchema('act');
export type ActionId = z.infer<typeof ActionId>;
export const MeetingId = idSchema('meet');
export type MeetingId = z.infer<typeof MeetingId>;
export const ReviewId = idSchema('rev');
export type ReviewId = z.infer<typeof ReviewId>;
/** A question that one service asks the others by event, and by which their answers are known. */
export const RequestId = idSchema('req');
export type RequestId = z.infer<typeof RequestId>;
export const JobId = idSchema('job');
export type JobId = z.infer<typeof JobId>;
export const EventId = idSchema('evt');
export type EventId = z.infer<typeof EventId>;

/** Any of the schemas above. */
export type IdSchema = z.ZodType<string, string>;

const prefixOf = (schema: z.ZodType): string => {
  const format = (schema as z.ZodString).def.checks?.[0]?._zod.def as { pattern?: RegExp } | undefined;
  const prefix = format?.pattern?.source.match(/^\^([a-z]+)_/)?.[1];
  if (prefix === undefined) throw new TypeError('not an id schema');
  return prefix;
};

/** A new id, sortable by the time it was made. `now` is milliseconds since the epoch. */
export const newId = <Schema extends IdSchema>(schema: Schema, now: number): z.output<Schema> =>
  schema.parse(`${prefixOf(schema)}_${ulid(now)}`);

/**
 * The id that always belongs to these parts: the same parts give the same id, so that a retried creation meets
 * the first one. It has a ULID's form but holds a SHA-256 prefix, not a time.
 */
export const derivedId = <Schema extends IdSchema>(
  schema: Schema,
  ...parts: readonly string[]
): z.output<Schema> => {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  let bits = BigInt(`0x${digest.subarray(0, 16).toString('hex')}`);
  let text = '';
  for (let i = 0; i < 26; i += 1) {
    text = (CROCKFORD[Number(bits & 31n)] ?? '0') + text;
    bits >>= 5n;
  }
  return schema.parse(`${prefixOf(schema)}_${text}`);
};
