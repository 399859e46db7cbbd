import * as z from 'zod';
import { MemberId, ProductId } from '../../../shared/ids/id.ts';
import { Instant } from '../../../shared/time/instant.ts';

/** A discount that was approved, line by line: `amount` of `gross`, both minor units of the deal's currency. */
const ApprovedLine = z.object({ productId: ProductId, gross: z.int(), amount: z.int() });

/** Who approved a deal's discounts, when, and how much of them. */
export const DiscountApproval = z.object({
  at: Instant,
  /** Absent where a system did. */
  by: MemberId.optional(),
  lines: z.array(ApprovedLine),
});
export type DiscountApproval = z.infer<typeof DiscountApproval>;
