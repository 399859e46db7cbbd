import { createHash } from 'node:crypto';
import * as z from 'zod';
import { CANARY_SOURCE } from '../../../shared/canary/source.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import type { DirectorySnapshot } from '../../../shared/directory/snapshot.ts';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { LeadUpdated } from '../../../shared/events/leads.ts';
import { saysNoMoreThan } from '../../../shared/exports/says-no-more.ts';
import { changedFields } from '../../../shared/imports/changed-fields.ts';
import { importHandler, type ImportRow, type RowOutcome } from '../../../shared/imports/kind.ts';
import { LeadId, type MemberId } from '../../../shared/ids/id.ts';
import { canonicalText } from '../../../shared/json/canonical-text.ts';
import type { Instant } from '../../../shared/time/instant.ts';
import { ExternalId } from '../domain/account.ts';
import { editedLead } from '../domain/leads/lead-edits.ts';
import {
  assertReachable,
  isOpen,
  type Lead,
  LeadDetails,
  leadIdOfEmail,
  leadIdOfExternal,
  newLead,
} from '../domain/leads/lead.ts';
import { leadCells } from '../exports/cells.ts';
import type { Leads } from '../leads/leads.ts';
import { sellingDeps } from '../selling-deps.ts';
import { leadImport, type LeadField } from './kinds.ts';
import { memberReferred } from './members.ts';
import { optionalCell, quoted, RowRefused } from './row.ts';
import { rowByRow } from './row-by-row.ts';

type Row = ImportRow<LeadField>;
const { shape } = LeadDetails;

const numberCell = (schema: z.ZodType<number, number>) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'must be a number such as 1250000')
    .transform(Number)
    .pipe(schema);

const Source = shape.source.refine(
  (source) => source !== CANARY_SOURCE,
  `is reserved: what is of source “${CANARY_SOURCE}” counts for nobody`,
);

const detailsOf = (row: Row) => ({
  name: optionalCell(row, 'name', shape.name),
  company: optionalCell(row, 'company', shape.company),
  email: optionalCell(row, 'email', shape.email),
  phone: optionalCell(row, 'phone', shape.phone),
  jobTitle: optionalCell(row, 'jobTitle', shape.jobTitle),
  source: optionalCell(row, 'source', Source),
  country: optionalCell(row, 'country', shape.country),
  region: optionalCell(row, 'region', shape.region),
  postalCode: optionalCell(row, 'postalCode', shape.postalCode),
  industry: optionalCell(row, 'industry', shape.industry),
  segment: optionalCell(row, 'segment', shape.segment),
  annualRevenue: optionalCell(row, 'annualRevenue', numberCell(shape.annualRevenue)),
  employees: optionalCell(row, 'employees', numberCell(shape.employees)),
  message: optionalCell(row, 'message', shape.message),
});

const ownerOf = ({ cells: { owner } }: Row, directory: DirectorySnapshot): MemberId | undefined => {
  if (owner === undefined) return undefined;
  const id = memberReferred(directory, 'owner', owner);
  if (directory.member(id)?.status === 'departed') throw new RowRefused('owner', 'has left');
  return id;
};

const hashOf = ({ cells }: Row): string =>
  createHash('sha256').update(canonicalText(cells)).digest('base64url').slice(0, 22);

/** The one that the row has the id of, if it has one. @throws RowRefused where there is none */
const named = async (row: Row, leads: Leads): Promise<Stored<Lead> | undefined> => {
  const id = optionalCell(row, 'id', LeadId);
  if (id === undefined) return undefined;
  const found = await leads.repository.find(id);
  if (found === undefined || found.deleted) throw new RowRefused('id', `there is no lead ${quoted(id)}`);
  return found;
};

interface Page {
  readonly leads: Leads;
  readonly directory: DirectorySnapshot;
  readonly dryRun: boolean;
  readonly now: Instant;
}

/** Makes the lead that the row is about, or brings it up to date. A row that was taken in before changes nothing. */
const takeIn = async (row: Row, { leads, directory, dryRun, now }: Page): Promise<RowOutcome<LeadField>> => {
  const externalId = optionalCell(row, 'externalId', ExternalId);
  const byId = await named(row, leads);
  if (byId !== undefined && saysNoMoreThan(row, leadCells(byId))) return { outcome: 'unchanged' };
  const details = detailsOf(row);
  if (byId === undefined && externalId === undefined && details.email === undefined)
    throw new RowRefused('email', 'is empty: a lead is known by its external id or its e-mail address');
  const ownerId = ownerOf(row, directory);
  const id = externalId === undefined ? leadIdOfEmail(details.email ?? '') : leadIdOfExternal(externalId);
  const importHash = hashOf(row);
  const known = byId ?? (await leads.repository.find(id));
  const byFile = { by: 'hand', reason: 'The file says so.' } as const;
  if (known === undefined) {
    const told = Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
    assertReachable(details);
    const fresh = newLead({ ...told, id, ...(externalId !== undefined && { externalId }) }, now);
    if (!dryRun) await leads.create({ ...fresh, importHash, ...(ownerId && { ownerId, routedBy: byFile }) });
    return { outcome: 'created', id };
  }
  if (known.deleted) throw new RowRefused('externalId', 'was erased, and does not come back');
  if (known.importHash === importHash) return { outcome: 'unchanged' };
  if (!isOpen(known)) throw new RowRefused('externalId', `is ${known.status}, and changes no more`);
  const { edited, isToBeRouted } = editedLead(known, details, now);
  const isGiven = ownerId !== undefined && ownerId !== known.ownerId;
  if (edited === known && !isGiven) return { outcome: 'unchanged' };
  const given = { ...edited, ...(isGiven && { ownerId, routedBy: byFile }), importHash, updatedAt: now };
  if (!dryRun)
    await leads.save(given, {
      from: known,
      event: LeadUpdated,
      route: isToBeRouted && ownerId === undefined,
    });
  return { outcome: 'updated', id: known.id, changes: changedFields(known, given) };
};

/** Takes in leads: by id where the row has one, by external id, else by e-mail address; without an owner they are routed. Cells that are empty leave what is there. */
export const leadImportHandler = (table: Table) =>
  importHandler(leadImport, ({ dryRun, cause, clock }) => {
    const directory = new Directory(table);
    return Promise.resolve(async (rows: readonly Row[]) => {
      // Anew for each page: people and rules may have changed.
      const { leads } = sellingDeps({ table, directory, cause, actor: { kind: 'open' }, clock });
      const snapshot = (await leads.rules()).directory;
      const page = { leads, directory: snapshot, dryRun, now: clock.now() };
      const keyOf = ({ cells }: Row) => cells.externalId ?? cells.email?.toLowerCase() ?? cells.id ?? '';
      return rowByRow(rows, keyOf, async (row) => takeIn(row, page));
    });
  });
