import { createHash } from 'node:crypto';
import { CANARY_SOURCE } from '../../../shared/canary/source.ts';
import type { DirectorySnapshot } from '../../../shared/directory/snapshot.ts';
import type { ImportRow } from '../../../shared/imports/kind.ts';
import type { Currency } from '../../../shared/money/money.ts';
import { Day, type Instant } from '../../../shared/time/instant.ts';
import * as z from 'zod';
import { DealName } from '../domain/deal-edits.ts';
import type { ImportedDeal } from '../domain/imported-deal.ts';
import { isNamed, type Pipeline } from '../domain/pipeline.ts';
import type { PipelineBook } from '../domain/pipeline-book.ts';
import { amountCell } from './amount.ts';
import type { DealField } from './kinds.ts';
import type { Referred } from './lookup.ts';
import { memberReferred } from './members.ts';
import { momentCell, optionalCell, quoted, requiredCell, RowRefused } from './row.ts';

export type DealRow = ImportRow<DealField>;

/** What the cells of a row refer to. */
export interface DealReferences {
  readonly directory: DirectorySnapshot;
  /** A day's first instant in the organization's zone. */
  readonly startOf: (day: Day) => Instant;
  /** The one that the row names, else the deal's own, else the default. */
  readonly pipeline: Pipeline;
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
const StageKey = z.string().max(50, 'is longer than 50 characters');

/** The key of the stage, or `won` or `lost`. @throws RowRefused for a stage that the pipeline doesn't have */
const stageCell = (row: DealRow, pipeline: Pipeline): string => {
  const told = requiredCell(row, 'stage', StageKey);
  if (told === 'won' || told === 'lost') return told;
  if (isNamed(pipeline, told)) return told;
  const keys = pipeline.stages.map(({ key }) => key).join(', ');
  throw new RowRefused('stage', `${quoted(told)} must be won, lost or one of ${keys}`);
};

/** @throws RowRefused for a reason that the pipeline doesn't have */
const lostReasonCell = (row: DealRow, { lostReasons }: Pipeline): string | undefined => {
  const told = optionalCell(row, 'lostReason', z.string());
  if (told === undefined || lostReasons.includes(told)) return told;
  throw new RowRefused('lostReason', `${quoted(told)} must be one of ${lostReasons.join(', ')}`);
};

/** The pipeline that the row names, if it names one. @throws RowRefused for none, or several, of that name */
export const pipelineCell = ({ cells: { pipeline } }: DealRow, book: PipelineBook): Pipeline | undefined => {
  if (pipeline === undefined) return undefined;
  const [found, ...others] = book.referred(pipeline);
  if (found === undefined) throw new RowRefused('pipeline', `there is no pipeline ${quoted(pipeline)}`);
  if (others.length > 0)
    throw new RowRefused('pipeline', `several pipelines are named ${quoted(pipeline)}; give the id`);
  return found;
};

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
  const stage = stageCell(row, references.pipeline);
  const status = stage === 'won' || stage === 'lost' ? stage : 'open';
  const startedAt = momentCell(row, 'startedOn', references.startOf);
  const closedAt = momentCell(row, 'closedOn', references.startOf);
  const amount = amountCell(row, 'amount', currency);
  if (status !== 'open' && closedAt === undefined)
    throw new RowRefused('closedOn', `is empty, and the deal is ${status}`);
  if (status === 'won' && amount === undefined)
    throw new RowRefused('amount', 'is empty, and the deal is won');
  return {
    // One that is known by its id here need have none elsewhere.
    externalId:
      optionalCell(row, 'externalId', ExternalId) ??
      requiredCell(row, row.cells.id ? 'id' : 'externalId', ExternalId),
    name: optionalCell(row, 'name', DealName),
    ownerId: memberReferred(references.directory, 'owner', requiredCell(row, 'owner', z.string())),
    accountId: idOf(references.account, 'account', row.cells.account),
    productId: idOf(references.product, 'product', row.cells.product),
    pipelineId: references.pipeline.id,
    status,
    stage: status === 'open' ? stage : undefined,
    amount,
    startedAt,
    closedAt: status === 'open' ? undefined : closedAt,
    expectedCloseOn: optionalCell(row, 'expectedCloseOn', Day),
    lostReason: status === 'lost' ? lostReasonCell(row, references.pipeline) : undefined,
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
