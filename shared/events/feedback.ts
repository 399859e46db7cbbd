import * as z from 'zod';
import {
  AccountId,
  DealId,
  FeedbackId,
  FeedbackInvitationId,
  MemberId,
  OrderId,
  StoreId,
  TeamId,
  TerritoryId,
} from '../ids/id.ts';
import { Day, Instant } from '../time/instant.ts';
import { event } from './contract.ts';

export const FeedbackKind = z.enum(['csat', 'nps']);
export type FeedbackKind = z.infer<typeof FeedbackKind>;

/** What others may know of an answer: never what the customer wrote. */
export const FeedbackState = z.object({
  id: FeedbackId,
  kind: FeedbackKind,
  /** CSAT on the scale of 1–5, whatever it was asked on; NPS on 0–10. */
  value: z.int().min(0).max(10),
  /** As it was given, on `scale`. */
  score: z.int(),
  /** As `1-5`. */
  scale: z.string(),
  answeredAt: Instant,
  accountId: AccountId.optional(),
  dealId: DealId.optional(),
  orderId: OrderId.optional(),
  storeId: StoreId.optional(),
  /** Whom it counts for: the owner of the deal, order, account or store, when it was taken in. */
  ownerId: MemberId.optional(),
  /** The owner’s team and its ancestors, the team first, on the day of the answer. */
  teamPath: z.array(TeamId),
  territoryPath: z.array(TerritoryId),
  /** It counts no more. */
  deleted: z.boolean(),
});
export type FeedbackState = z.infer<typeof FeedbackState>;

export const FeedbackReceived = event({
  service: 'deals',
  name: 'FeedbackReceived',
  major: 1,
  description: 'A customer’s answer was taken in, corrected, or deleted: its state counts.',
  data: FeedbackState,
});

/** How many were asked on a day: each time told, it takes the place of what was told before. */
export const FeedbackInvitationState = z.object({
  id: FeedbackInvitationId,
  kind: FeedbackKind,
  /** In the organization’s zone. */
  day: Day,
  storeId: StoreId.optional(),
  asked: z.int().min(0),
});
export type FeedbackInvitationState = z.infer<typeof FeedbackInvitationState>;

export const FeedbackInvited = event({
  service: 'deals',
  name: 'FeedbackInvited',
  major: 1,
  description: 'How many customers were asked on a day was told, or told anew.',
  data: FeedbackInvitationState,
});
