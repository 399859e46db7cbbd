import * as z from 'zod';
import {
  AccountId,
  AdjustmentId,
  CustomerId,
  DealId,
  DeliveryId,
  ImportId,
  MemberId,
  OrderId,
  PipelineId,
  ProductId,
  StoreId,
  TeamId,
  TerritoryId,
} from '../ids/id.ts';
import { Currency, Money, SignedMoney } from '../money/money.ts';
import { Day, Instant } from '../time/instant.ts';
import { event } from './contract.ts';
import { jobAdvanced } from './job-advanced.ts';

/** A share of a deal's money. `basisPoints` add up to 10,000 over a deal's credits. */
export const Credit = z.object({
  memberId: MemberId,
  basisPoints: z.int().min(1).max(10_000),
  /** The member's team and its ancestors, the team first; as effective at the close, frozen there. */
  teamPath: z.array(TeamId),
});
export type Credit = z.infer<typeof Credit>;

/**
 * Whom and what a deal or order counts for. Frozen at close (paid, for an order): a later transfer moves no past
 * result. For an open deal it is what held at the last write.
 */
export const Attribution = z.object({
  /** At most 10. Empty where nobody owns it (an order of a store without an owner). */
  credits: z.array(Credit),
  /** The territory and its ancestors, the territory first. */
  territoryPath: z.array(TerritoryId),
  accountId: AccountId.optional(),
  /** The account's own at that time. */
  industry: z.string().optional(),
  segment: z.string().optional(),
});
export type Attribution = z.infer<typeof Attribution>;

export const LineItem = z.object({
  productId: ProductId,
  quantity: z.int().min(1),
  /** The product's when the line was written, where it is in the same currency. */
  listPrice: Money.optional(),
  unitPrice: Money,
  /** Taken off quantity × unitPrice; where it was given as a share, in basis points as well. */
  discount: Money.optional(),
  discountBasisPoints: z.int().optional(),
  amount: Money,
});

/** `rate` is how many major units of the reporting currency one major unit buys, as a decimal string. */
export const FrozenRate = z.object({
  currency: Currency,
  rate: z.string(),
  /** The day that the rate was set for. */
  day: Day,
  /** Set where the day of the close, or of the payment, had no rate: this is the latest one before. */
  isEarlier: z.literal(true).optional(),
});
export type FrozenRate = z.infer<typeof FrozenRate>;

export const AdjustmentKind = z.enum(['refund', 'chargeback', 'correction']);

/** A change of a closed deal's revenue at a date of its own; refunds and chargebacks are negative. */
export const Adjustment = z.object({
  id: AdjustmentId,
  kind: AdjustmentKind,
  amount: SignedMoney,
  /** Of nothing while the deal waits for a rate. */
  reportingAmount: SignedMoney,
  at: Instant,
  /** Where it counts, if `at` lies in a period that was locked when it was written. */
  bookedAt: Instant.optional(),
  reason: z.string(),
});
export type Adjustment = z.infer<typeof Adjustment>;

export const DealStatus = z.enum(['open', 'won', 'lost']);

/** Names of the fields that changed; status and stage as they were before, where they changed. */
export const DealChange = z.object({
  fields: z.array(z.string()),
  previousStatus: DealStatus.optional(),
  previousStage: z.string().optional(),
});
export type DealChange = z.infer<typeof DealChange>;

export const ForecastCategory = z.enum(['omitted', 'pipeline', 'bestCase', 'commit', 'closed']);
/** What counted on a day of a locked period, goes on counting there, and is taken back on a day that was open. */
export const BookedLine = z.object({
  kind: z.enum(['created', 'won', 'lost', 'adjusted', 'paid', 'refunded', 'cancelled']),
  /** When it counted. */
  at: Instant,
  /** When it is taken back. */
  reversedAt: Instant,
  /** What it counted in money; absent where it counted in none, for want of a rate or by its kind. */
  reportingAmount: SignedMoney.optional(),
  /** Of what was won or lost: by these its cycle was counted. */
  startedAt: Instant.optional(),
  closedAt: Instant.optional(),
});
export type BookedLine = z.infer<typeof BookedLine>;

/** Lines that counted for the same people, territories and products. */
export const Booked = z.object({
  attribution: Attribution,
  source: z.string().optional(),
  /** The whole amount in minor units, and each product's part of it. */
  amount: z.int(),
  products: z.array(z.object({ productId: ProductId, amount: z.int() })),
  /** Of an order that belonged to a deal: its money was the deal's. */
  ofDeal: z.literal(true).optional(),
  lines: z.array(BookedLine),
});
export type Booked = z.infer<typeof Booked>;

export const DealState = z.object({
  id: DealId,
  name: z.string(),
  accountId: AccountId.optional(),
  ownerId: MemberId,
  pipelineId: PipelineId,
  stage: z.string(),
  /** When it came to its stage; of a closed deal, to the one it closed from. */
  stageEnteredAt: Instant.optional(),
  /** Chance of winning it, 0–1: its stage's, unless it was set by hand. */
  probability: z.number().optional(),
  /** Its stage's, unless it was set by hand. Of an open deal. */
  forecastCategory: ForecastCategory.optional(),
  status: DealStatus,
  amount: Money,
  lineItems: z.array(LineItem),
  source: z.string().optional(),
  createdAt: Instant,
  startedAt: Instant.optional(),
  expectedCloseOn: Day.optional(),
  closedAt: Instant.optional(),
  lostReason: z.string().optional(),
  attribution: Attribution,
  /** Set while won or lost. */
  frozenRate: FrozenRate.optional(),
  /** `amount` in the reporting currency: at the frozen rate while closed, at the latest rate while open; absent where no rate is known. */
  reportingAmount: Money.optional(),
  /** It is closed, and no rate was known: a rate that is set for the day of the close, or an earlier one, will value it. */
  awaitingRate: z.literal(true).optional(),
  adjustments: z.array(Adjustment),
  /** Where its creation counts, if it began in a period that was locked when that was written. */
  createdBookedAt: Instant.optional(),
  /** Where its win or loss counts, if `closedAt` lies in a period that was locked when that was written. */
  bookedAt: Instant.optional(),
  /** What it counted in locked periods and counts no more, with when it was taken back. At most 20. */
  booked: z.array(Booked).optional(),
  externalId: z.string().optional(),
  deleted: z.boolean(),
  /** What this event changed. */
  change: DealChange.optional(),
});
export type DealState = z.infer<typeof DealState>;

const dealsEvent = <Data extends z.ZodType>(name: string, description: string, data: Data) =>
  event({ service: 'deals', name, major: 1, description, data });

export const DealCreated = dealsEvent('DealCreated', 'A deal entered the pipeline.', DealState);
export const DealUpdated = dealsEvent('DealUpdated', 'A deal’s details changed.', DealState);
export const DealStageChanged = dealsEvent('DealStageChanged', 'A deal moved to another stage.', DealState);
export const DealWon = dealsEvent('DealWon', 'A deal was closed as won.', DealState);
export const DealLost = dealsEvent('DealLost', 'A deal was closed as lost.', DealState);
export const DealReopened = dealsEvent('DealReopened', 'A closed deal is open again.', DealState);
export const DealDeleted = dealsEvent('DealDeleted', 'A deal was deleted; its numbers go.', DealState);
export const dealEvents = [
  DealCreated,
  DealUpdated,
  DealStageChanged,
  DealWon,
  DealLost,
  DealReopened,
  DealDeleted,
] as const;

export const OrderLine = z.object({
  externalId: z.string(),
  title: z.string(),
  sku: z.string().optional(),
  productId: ProductId.optional(),
  quantity: z.int().min(0),
  unitPrice: Money,
  discount: Money,
  /** quantity × unitPrice − discount, without tax. */
  net: SignedMoney,
});

/** Money given back, without tax and shipping; `reportingNet` is at the order's frozen rate. Amounts are positive. */
export const OrderRefund = z.object({
  externalId: z.string(),
  at: Instant,
  net: Money,
  total: Money,
  reportingNet: Money.optional(),
  /** Where it counts, if `at` lies in a period that was locked when it was written. */
  bookedAt: Instant.optional(),
});

export const OrderState = z.object({
  id: OrderId,
  storeId: StoreId,
  platform: z.string(),
  /** The platform's own id, every digit of it. */
  externalId: z.string(),
  number: z.string(),
  currency: Currency,
  /** Lines before discounts, without tax and shipping. */
  gross: Money,
  discounts: Money,
  /** gross − discounts: what counts as revenue. */
  net: Money,
  tax: Money,
  shipping: Money,
  total: Money,
  /** What the customer saw, where it differs from the store's currency. */
  presentmentTotal: Money.optional(),
  placedAt: Instant,
  /** Absent until paid. */
  paidAt: Instant.optional(),
  cancelledAt: Instant.optional(),
  /** Test orders are kept and shown, and count for nothing. */
  test: z.boolean(),
  deleted: z.boolean(),
  salesChannel: z.string().optional(),
  customerExternalId: z.string().optional(),
  /** Who ordered, where the order tells; a guest is nobody. */
  customerId: CustomerId.optional(),
  lines: z.array(OrderLine),
  refunds: z.array(OrderRefund),
  /** More is said to be refunded than the order brought in; what is beyond it counts for nothing. */
  overRefunded: z.boolean().optional(),
  /** Gives back what was bought by an order that is not known here: no sale, refunds alone. */
  creditNote: z.boolean().optional(),
  /** The deal that it belongs to: its revenue is the deal’s. */
  dealId: DealId.optional(),
  /** Why it belongs to no deal, where it names one or might belong to several. */
  dealNote: z.string().optional(),
  attribution: Attribution,
  frozenRate: FrozenRate.optional(),
  /** `net` in the reporting currency, once paid and a rate is known. */
  reportingNet: Money.optional(),
  /** It is paid, and no rate was known: a rate that is set for the day of the payment, or an earlier one, will value it. */
  awaitingRate: z.literal(true).optional(),
  /** Where the payment, and the cancellation, count, if they lie in a period that was locked when they were written. */
  bookedAt: Instant.optional(),
  cancelledBookedAt: Instant.optional(),
  /** What it counted in locked periods and counts no more, with when it was taken back. At most 20. */
  booked: z.array(Booked).optional(),
  platformUpdatedAt: Instant,
});
export type OrderState = z.infer<typeof OrderState>;

export const OrderRecorded = dealsEvent(
  'OrderRecorded',
  'A store’s order was seen for the first time.',
  OrderState,
);
export const OrderAdjusted = dealsEvent(
  'OrderAdjusted',
  'An order changed: paid, refunded, cancelled, edited or deleted.',
  OrderState,
);
export const orderEvents = [OrderRecorded, OrderAdjusted] as const;

const ProductState = z.object({
  id: ProductId,
  sku: z.string(),
  name: z.string(),
  category: z.string().optional(),
});
export const ProductChanged = dealsEvent('ProductChanged', 'A product was made or changed.', ProductState);

const AccountState = z.object({
  id: AccountId,
  name: z.string(),
  industry: z.string().optional(),
  segment: z.string().optional(),
  /** The account that this one was merged into. */
  mergedInto: AccountId.optional(),
});
export const AccountChanged = dealsEvent('AccountChanged', 'An account was made or changed.', AccountState);

export const StoreState = z.object({
  id: StoreId,
  name: z.string(),
  platform: z.string(),
  currency: Currency,
  ownerId: MemberId.optional(),
  territoryId: TerritoryId.optional(),
  createdAt: Instant,
  /** The secrets that its platform signs with were set or replaced; they themselves are told to nobody. */
  secretsChanged: z.literal(true).optional(),
});
export const StoreChanged = dealsEvent(
  'StoreChanged',
  'A store was connected or changed, or its secrets were.',
  StoreState,
);

export const FxRatesSet = dealsEvent(
  'FxRatesSet',
  'Exchange rates of a day were set; orders that waited for one are valued.',
  z.object({
    day: Day,
    base: Currency,
    rates: z.record(z.string(), z.string()),
    /** By a file, of which rates of later days may be to come. */
    imported: z.literal(true).optional(),
  }),
);

export const DeliveryReceived = dealsEvent(
  'DeliveryReceived',
  'A store’s signed webhook was stored and waits to be processed.',
  z.object({ id: DeliveryId, storeId: StoreId, topic: z.string() }),
);

/** A page of an import is due. Kept inside the service that runs the import. */
const ImportProgress = z.object({
  id: ImportId,
  kind: z.string(),
  status: z.string(),
  nextLine: z.int(),
});
export const ImportAdvanced = dealsEvent('ImportAdvanced', 'An import’s next page is due.', ImportProgress);

/** A slice of a job is due. Kept inside the service that runs the job. */
export const DealsJobAdvanced = jobAdvanced('deals', 'DealsJobAdvanced');
