import * as z from 'zod';
import { Conflict, Unprocessable } from '../../../shared/errors/errors.ts';
import { AccountId, JobId, MemberId, MergeId, TerritoryId } from '../../../shared/ids/id.ts';
import { Instant } from '../../../shared/time/instant.ts';
import type { Account } from './account.ts';

/** What the survivor got from its duplicate, so that undoing can take it away again. */
const Filled = z.object({
  fields: z.record(z.string(), z.union([z.string(), z.number()])),
  domains: z.array(z.string()),
  externalIds: z.array(z.string()),
  /** With whom decided about the survivor's place before; it had neither territory nor owner. */
  place: z
    .object({
      ownerId: MemberId.optional(),
      territoryId: TerritoryId.optional(),
      decidedBefore: z.enum(['rule', 'hand']).optional(),
    })
    .optional(),
});
type Filled = z.infer<typeof Filled>;

/** A record that stayed with the duplicate, for it can't be moved. */
export const LeftBehind = z.object({ kind: z.string(), id: z.string(), reason: z.string() });
export type LeftBehind = z.infer<typeof LeftBehind>;

/** Bounds the item. */
const MOST_LEFT = 50;

/** With one more; the first 50 are named. */
export const withLeft = (left: readonly LeftBehind[], record: LeftBehind): readonly LeftBehind[] =>
  left.length < MOST_LEFT ? [...left, record] : left;

const Counts = z.record(z.string(), z.int());

/** One account, the duplicate, becoming part of another, the survivor. */
export const AccountMerge = z.object({
  id: MergeId,
  /** The survivor. */
  accountId: AccountId,
  duplicateId: AccountId,
  status: z.enum(['merging', 'merged', 'undoing', 'undone']),
  /** The job that carries it, or its undoing, out. */
  jobId: JobId,
  filled: Filled,
  /** Records moved to the survivor, by kind. */
  moved: Counts,
  /** Of those, how many undoing gave back, and how many it left where they had gone meanwhile. */
  restored: Counts.optional(),
  left: Counts.optional(),
  /** Records that can't be moved, and why; the first 50. Tried again every day. */
  leftBehind: z.array(LeftBehind).optional(),
  createdAt: Instant,
  mergedAt: Instant.optional(),
  undoneAt: Instant.optional(),
});
export type AccountMerge = z.infer<typeof AccountMerge>;

const fillable = [
  'industry',
  'segment',
  'country',
  'region',
  'postalCode',
  'annualRevenue',
  'taxId',
  'email',
] as const;
/** As many domains and ids elsewhere as an account may have. */
const MOST_OF_LIST = 10;
/** Accounts that one may have taken in. */
const MOST_MERGED = 50;
export const UNDO_DAYS = 30;
const DAY = 86_400_000;

const listed = (own: readonly string[], others: readonly string[]): string[] =>
  others.filter((each) => !own.includes(each)).slice(0, Math.max(0, MOST_OF_LIST - own.length));

const filledFrom = (survivor: Account, duplicate: Account): Filled => ({
  fields: Object.fromEntries(
    fillable.flatMap((name) => {
      const value = duplicate[name];
      return survivor[name] === undefined && value !== undefined ? [[name, value]] : [];
    }),
  ),
  domains: listed(survivor.domains ?? [], duplicate.domains ?? []),
  externalIds: listed(survivor.externalIds, duplicate.externalIds),
  ...(survivor.ownerId === undefined &&
    survivor.territoryId === undefined &&
    (duplicate.ownerId !== undefined || duplicate.territoryId !== undefined) && {
      place: {
        ...(duplicate.ownerId !== undefined && { ownerId: duplicate.ownerId }),
        ...(duplicate.territoryId !== undefined && { territoryId: duplicate.territoryId }),
        ...(survivor.assignedBy !== undefined && { decidedBefore: survivor.assignedBy }),
      },
    }),
});

/** @throws Conflict where one of them has been merged; Unprocessable for an account with itself, or one that took in too many */
export const assertMergeable = (survivor: Account, duplicate: Account): void => {
  if (survivor.id === duplicate.id)
    throw new Unprocessable('An account can’t be merged into itself.', [
      { path: '/duplicateId', message: 'must be another account than accountId' },
    ]);
  if (survivor.mergedInto === duplicate.id)
    throw new Conflict(
      `The account ${survivor.id} has been merged into ${duplicate.id} itself, by ${survivor.mergeId ?? 'a merge'}; undo that first.`,
    );
  assertUnmerged(survivor);
  assertUnmerged(duplicate);
  if ((survivor.mergedFrom?.length ?? 0) >= MOST_MERGED)
    throw new Unprocessable(`An account can take in ${MOST_MERGED} others.`, [
      { path: '/accountId', message: `must not have taken in ${MOST_MERGED} accounts already` },
    ]);
};

/** @throws Conflict naming the account that it was merged into */
export const assertUnmerged = ({ id, mergedInto, mergeId }: Account): void => {
  if (mergedInto === undefined) return;
  throw new Conflict(
    `The account ${id} has been merged into ${mergedInto}${mergeId === undefined ? '' : ` by ${mergeId}`}; use that one.`,
  );
};

/** The two as they are from the beginning of a merge, and the merge. The survivor's own details win over the duplicate's. */
export const beginMerge = <A extends Account>(
  { survivor, duplicate }: { readonly survivor: A; readonly duplicate: A },
  { id, jobId, now }: { readonly id: MergeId; readonly jobId: JobId; readonly now: Instant },
): { readonly survivor: A; readonly duplicate: A; readonly merge: AccountMerge } => {
  assertMergeable(survivor, duplicate);
  const filled = filledFrom(survivor, duplicate);
  const { fields, domains, externalIds, place } = filled;
  return {
    survivor: {
      ...survivor,
      ...fields,
      ...(domains.length > 0 && { domains: [...(survivor.domains ?? []), ...domains] }),
      externalIds: [...survivor.externalIds, ...externalIds],
      ...(place && {
        ownerId: place.ownerId,
        territoryId: place.territoryId,
        assignedBy: duplicate.assignedBy,
      }),
      mergedFrom: [...(survivor.mergedFrom ?? []), { accountId: duplicate.id, mergeId: id }],
      updatedAt: now,
    },
    duplicate: { ...duplicate, mergedInto: survivor.id, mergeId: id, updatedAt: now },
    merge: {
      id,
      accountId: survivor.id,
      duplicateId: duplicate.id,
      status: 'merging',
      jobId,
      filled,
      moved: {},
      createdAt: now,
    },
  };
};

export const undoableUntil = ({ createdAt, mergedAt }: AccountMerge): Instant =>
  Instant.parse(new Date(Date.parse(mergedAt ?? createdAt) + UNDO_DAYS * DAY).toISOString());

/**
 * The merge, to be undone.
 * @throws Conflict where it has been, is under way, is too old, or its survivor was merged further
 */
export const beginUndo = <M extends AccountMerge>(
  merge: M,
  {
    survivor,
    jobId,
    hasFailed,
    now,
  }: {
    readonly survivor: Account;
    readonly jobId: JobId;
    readonly hasFailed: boolean;
    readonly now: Instant;
  },
): M => {
  if (merge.status === 'undone') throw new Conflict(`The merge ${merge.id} has been undone already.`);
  if (merge.status === 'undoing') throw new Conflict(`The merge ${merge.id} is being undone already.`);
  if (merge.status === 'merging' && !hasFailed)
    throw new Conflict(`The merge ${merge.id} is still under way; undo it once it is done.`);
  if (survivor.mergedInto !== undefined)
    throw new Conflict(
      `The account ${survivor.id} has since been merged into ${survivor.mergedInto}; undo ${survivor.mergeId ?? 'that merge'} first.`,
    );
  const until = undoableUntil(merge);
  if (now > until)
    throw new Conflict(`A merge can be undone for ${UNDO_DAYS} days; this one could until ${until}.`);
  return { ...merge, status: 'undoing', jobId };
};

/** The survivor without what it got from the duplicate, as far as it still has it: what was changed since stays. */
export const withoutFilled = <A extends Account>(
  survivor: A,
  { id, filled }: AccountMerge,
  now: Instant,
): A => {
  const current = new Map<string, unknown>(Object.entries(survivor));
  const { fields, domains, externalIds, place } = filled;
  const emptied: Record<string, undefined> = Object.fromEntries(
    Object.entries(fields)
      .filter(([name, value]) => current.get(name) === value)
      .map(([name]) => [name, undefined]),
  );
  const keptDomains = survivor.domains?.filter((each) => !domains.includes(each));
  const mergedFrom = survivor.mergedFrom?.filter(({ mergeId }) => mergeId !== id);
  const isStillThere =
    place !== undefined && survivor.ownerId === place.ownerId && survivor.territoryId === place.territoryId;
  return {
    ...survivor,
    ...emptied,
    domains: keptDomains !== undefined && keptDomains.length > 0 ? keptDomains : undefined,
    externalIds: survivor.externalIds.filter((each) => !externalIds.includes(each)),
    ...(isStillThere && { ownerId: undefined, territoryId: undefined, assignedBy: place.decidedBefore }),
    mergedFrom: mergedFrom !== undefined && mergedFrom.length > 0 ? mergedFrom : undefined,
    updatedAt: now,
  };
};

/** The duplicate as an account of its own again. Whose owner has left meanwhile is the survivor's owner's. */
export const separated = <A extends Account>(
  duplicate: A,
  {
    survivor,
    isOwnerThere,
    now,
  }: { readonly survivor: Account; readonly isOwnerThere: boolean; readonly now: Instant },
): A => ({
  ...duplicate,
  ...(!isOwnerThere && { ownerId: survivor.ownerId }),
  mergedInto: undefined,
  mergeId: undefined,
  updatedAt: now,
});
