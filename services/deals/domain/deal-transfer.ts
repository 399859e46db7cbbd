import * as z from 'zod';
import { Credit } from '../../../shared/events/deals.ts';
import { AccountId, DealId, MemberId, TerritoryId } from '../../../shared/ids/id.ts';
import type { Deal } from './deal.ts';
import { isSame } from './patch.ts';

export const TRANSFER_DEALS = 'transfer-deals';

/** What a transfer of many deals is asked to do. */
export const TransferInput = z.object({
  toOwnerId: MemberId,
  /** Whose deals; absent: everyone's. */
  owners: z.array(MemberId).optional(),
  accountId: AccountId.optional(),
  dryRun: z.boolean(),
  /** Absent where a system did. */
  startedBy: MemberId.optional(),
});
export type TransferInput = z.infer<typeof TransferInput>;

const fromTo = <Schema extends z.ZodType>(schema: Schema) => z.object({ from: schema, to: schema });

/** What moves with a deal that gets another owner, and what does not. */
export const DealTransfer = z.object({
  dealId: DealId,
  ownerId: fromTo(MemberId),
  moves: z.object({
    credits: fromTo(z.array(Credit))
      .optional()
      .describe('Whom the deal counts for, with their teams; absent where that stays.'),
    territoryPath: fromTo(z.array(TerritoryId)).optional().describe('Absent where that stays.'),
    plannedActivities: z.int().describe('The former owner’s, on the deal: they are the new owner’s.'),
  }),
  stays: z
    .array(z.object({ field: z.string(), reason: z.string() }))
    .describe('What keeps to how it was, and why.'),
});
export type DealTransfer = z.infer<typeof DealTransfer>;

const frozen = (deal: Deal): DealTransfer['stays'] =>
  deal.status === 'open'
    ? []
    : ['attribution', 'frozenRate', 'reportingAmount'].map((field) => ({
        field,
        reason: `frozen when the deal was ${deal.status}`,
      }));

const agreed = (deal: Deal): DealTransfer['stays'] =>
  deal.splits.length === 0
    ? []
    : [{ field: 'splits', reason: 'the shares were agreed on; change them apart' }];

const kept = (before: Deal): DealTransfer['stays'] => [
  ...frozen(before),
  ...agreed(before),
  ...(before.adjustments.length > 0
    ? [{ field: 'adjustments', reason: 'they count for those for whom the deal was won' }]
    : []),
  ...(before.status === 'open' && before.territoryId !== undefined
    ? [{ field: 'territoryId', reason: 'the deal has a territory of its own' }]
    : []),
];

/** `before` and `after` as they are settled. */
export const dealTransfer = (before: Deal, after: Deal, plannedActivities: number): DealTransfer => {
  const [was, is] = [before.attribution, after.attribution];
  return {
    dealId: before.id,
    ownerId: { from: before.ownerId, to: after.ownerId },
    moves: {
      ...(!isSame(was.credits, is.credits) && { credits: { from: was.credits, to: is.credits } }),
      ...(!isSame(was.territoryPath, is.territoryPath) && {
        territoryPath: { from: was.territoryPath, to: is.territoryPath },
      }),
      plannedActivities,
    },
    stays: kept(before),
  };
};

/** Whether a deal is one of those that are to change hands. */
export const isToMove = (
  { status, deleted, ownerId, accountId }: Pick<Deal, 'status' | 'deleted' | 'ownerId' | 'accountId'>,
  input: TransferInput,
): boolean =>
  status === 'open' &&
  !deleted &&
  ownerId !== input.toOwnerId &&
  (input.owners === undefined || input.owners.includes(ownerId)) &&
  (input.accountId === undefined || accountId === input.accountId);
