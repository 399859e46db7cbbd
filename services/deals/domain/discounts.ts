import { Conflict } from '../../../shared/errors/errors.ts';
import type { MemberId } from '../../../shared/ids/id.ts';
import type { Instant } from '../../../shared/time/instant.ts';
import { assertOpen, type Deal } from './deal.ts';
import type { DiscountApproval } from './discount-approval.ts';
import type { LineItem } from './line-items.ts';
import type { Pipeline } from './pipeline.ts';

type ApprovedLine = DiscountApproval['lines'][number];

/**
 * What a line is sold for, of what the list says. By the list price, so that a lower unit price, or a lower amount of the
 * deal, is as much of a discount as one that is called so.
 */
const soldFor = ({ productId, quantity, listPrice, unitPrice, amount }: LineItem): ApprovedLine => ({
  productId,
  gross: (listPrice ?? unitPrice).amount * quantity,
  amount: amount.amount,
});

type Ratio = Pick<ApprovedLine, 'gross' | 'amount'>;

/** Whether the first is discounted by more than the second; exact. */
const isMore = (a: Ratio, b: Ratio): boolean =>
  BigInt(a.gross - a.amount) * BigInt(b.gross) > BigInt(b.gross - b.amount) * BigInt(a.gross);

/** The threshold as a ratio: 0.15 is 1,500 of 10,000 taken off. */
const threshold = (above: number): Ratio => {
  const whole = 1_000_000;
  return { gross: whole, amount: whole - Math.round(above * whole) };
};

/** Lines that are discounted by more than the pipeline lets pass without approval. */
export const discountedLines = (
  { lineItems }: Pick<Deal, 'lineItems'>,
  { discountApprovalAbove }: Pick<Pipeline, 'discountApprovalAbove'>,
): readonly LineItem[] =>
  discountApprovalAbove === undefined
    ? []
    : lineItems.filter((line) => isMore(soldFor(line), threshold(discountApprovalAbove)));

/** Nothing taken off: what a product that was not approved is measured by. */
const listPriced: Ratio = { gross: 1, amount: 1 };

const covers = ({ lines }: DiscountApproval, deal: Pick<Deal, 'lineItems'>): boolean =>
  deal.lineItems.every((line) => {
    const approved = lines.filter(({ productId }) => productId === line.productId);
    const most = approved.reduce<Ratio>((a, b) => (isMore(b, a) ? b : a), listPriced);
    return !isMore(soldFor(line), most);
  });

/** The deal without its approval, where a line is discounted by more than was approved. */
export const withApprovalKept = (deal: Deal): Deal => {
  if (deal.discountApproval === undefined || covers(deal.discountApproval, deal)) return deal;
  const { discountApproval: _withdrawn, ...rest } = deal;
  return rest;
};

export const needsApproval = (deal: Deal, pipeline: Pipeline): boolean =>
  deal.discountApproval === undefined && discountedLines(deal, pipeline).length > 0;

/** @throws InvalidTransition unless it is open; Conflict where there is nothing to approve */
export const approveDiscount = (
  deal: Deal,
  pipeline: Pipeline,
  { by, now }: { readonly by: MemberId | undefined; readonly now: Instant },
): Deal => {
  assertOpen(deal, 'approved');
  if (discountedLines(deal, pipeline).length === 0)
    throw new Conflict('No line of the deal is discounted by so much that it needs approval.');
  if (deal.discountApproval !== undefined) return deal;
  const approval = { at: now, ...(by !== undefined && { by }), lines: deal.lineItems.map(soldFor) };
  return { ...deal, discountApproval: approval, updatedAt: now };
};

/** `approver` says who may approve. @throws Conflict for a deal whose discounts need approval and have none */
export const assertApproved = (deal: Deal, pipeline: Pipeline, approver: string): void => {
  if (!needsApproval(deal, pipeline)) return;
  const percent = (pipeline.discountApprovalAbove ?? 0) * 100;
  const products = discountedLines(deal, pipeline).map(({ productId }) => productId);
  throw new Conflict(
    `The deal can’t be won: ${products.join(', ')} discounted by more than ${String(percent)} % must be approved first, by ${approver} (POST /v1/deals/${deal.id}/approve-discount).`,
  );
};
