import { createHash } from 'node:crypto';
import { CANARY_SOURCE } from '../../../shared/canary/source.ts';
import type { DirectorySnapshot } from '../../../shared/directory/snapshot.ts';
import type { ImportRow } from '../../../shared/imports/kind.ts';
import type { Currency } from '../../../shared/money/money.ts';
import { Day, type Instant } from '../../../shared/time/instant.ts';
import * as z from 'zod';
import { DealName } from '../domain/deal-edits.ts';
import type { ImportedDeal } from '../domain/imported-deal.ts';
import { defaultPipeline } from '../domain/pipeline.ts';
import { amountCell } from './amount.ts';
import type { DealField } from './kinds.ts';
import type { Referred } from './lookup.ts';
import { memberReferred } from './members.ts';
import { optionalCell, quoted, requiredCell, RowRefused } from './row.ts';

export type DealRow = ImportRow<DealField>;

/** What the cells of a row refer to. */
export interface DealReferences {
  readonly directory: DirectorySnapshot;
  /** A day's first instant in the organization's zone. */
  readonly startOf: (day: Day) => Instant;
  readonly account: Referred<{ readonly id: NonNullable<ImportedDeal['accountId']> }>;
  readonly product: Referred<{ readonly id: NonNullable<ImportedDeal['productId']> }>;
}

const ExternalId = z.string().max(200, 'is longer than 200 characters');
const Source = z
  .string()
  .max(100, 'is longer than 100 characters')
  .refine(
    (source) => source !== CANARY_SOURCE,
    `is reserved: deals of source “${CANARY_SOURCE}” count for nobody`,
  );
const stages = defaultPipeline.stages.map(({ key }) => key);
const Stage = z.enum(['won', 'lost', ...stages], `must be won, lost or one of ${stages.join(', ')}`);
const LostReason = z.enum(
  defaultPipeline.lostReasons,
  `must be one of ${defaultPipeline.lostReasons.join(', ')}`,
);

const idOf = <Id>(
  referred: Referred<{ readonly id: Id }>,
  field: 'account' | 'product',
  cell: string | undefined,
) => {
  if (cell === undefined) return undefined;
  if (referred === undefined)
    throw new RowRefused(
      field,
      `there is no ${field} ${quoted(cell)}; import it first, or name ${field}s in createMissing`,
    );
  if ('several' in referred)
    throw new RowRefused(field, `several ${field}s are named ${quoted(cell)}; give the id`);
  return referred.found.id;
};

/** The row as a deal of another system. @throws RowRefused */
export const toldDeal = (row: DealRow, references: DealReferences, currency: Currency): ImportedDeal => {
  const stage = requiredCell(row, 'stage', Stage);
  const status = stage === 'won' || stage === 'lost' ? stage : 'open';
  const startedOn = optionalCell(row, 'startedOn', Day);
  const closedOn = optionalCell(row, 'closedOn', Day);
  const amount = amountCell(row, 'amount', currency);
  if (status !== 'open' && closedOn === undefined)
    throw new RowRefused('closedOn', `is empty, and the deal is ${status}`);
  if (status === 'won' && amount === undefined)
    throw new RowRefused('amount', 'is empty, and the deal is won');
  return {
    externalId: requiredCell(row, 'externalId', ExternalId),
    name: optionalCell(row, 'name', DealName),
    ownerId: memberReferred(references.directory, 'owner', requiredCell(row, 'owner', z.string())),
    accountId: idOf(references.account, 'account', row.cells.account),
    productId: idOf(references.product, 'product', row.cells.product),
    status,
    stage: status === 'open' ? stage : undefined,
    amount,
    startedAt: startedOn && references.startOf(startedOn),
    closedAt: status === 'open' ? undefined : closedOn && references.startOf(closedOn),
    expectedCloseOn: optionalCell(row, 'expectedCloseOn', Day),
    lostReason: status === 'lost' ? optionalCell(row, 'lostReason', LostReason) : undefined,
    source: optionalCell(row, 'source', Source),
    hash: hashOf(row, currency),
  };
};

/** What a deal without a name of its own is called. */
export const defaultName = ({ cells: { account, product, externalId = '' } }: DealRow): string => {
  const name = [account, product].filter((part) => part !== undefined).join(' – ');
  return (name === '' ? externalId : name).slice(0, 200);
};

const hashOf = ({ cells }: DealRow, currency: Currency): string => {
  const told = Object.entries(cells).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([currency, told]))
    .digest('base64url')
    .slice(0, 16);
};
