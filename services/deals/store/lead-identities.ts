import { createHash } from 'node:crypto';
import * as z from 'zod';
import { nameKey } from '../../../shared/directory/name-key.ts';
import { absent, type Condition, equals } from '../../../shared/dynamodb/expressions.ts';
import type { Key } from '../../../shared/dynamodb/item.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { TransactItem } from '../../../shared/dynamodb/transact-item.ts';
import { LeadId } from '../../../shared/ids/id.ts';
import { companyDomainOf } from '../domain/leads/duplicates.ts';
import { isOpen, type Lead } from '../domain/leads/lead.ts';
import { LEAD_IDENTITY } from './lead-entity.ts';

/** So many open leads are remembered as the same: who comes after them is a duplicate all the same. */
const MOST_HOLDERS = 50;

const Holders = z.object({ leadIds: z.array(LeadId), version: z.int() });
type Holders = z.infer<typeof Holders>;

/** A hash, for keys show up in traces and dead letters. */
const keyOf = (...parts: readonly string[]): Key => ({
  pk: `lead#identity#${createHash('sha256').update(JSON.stringify(parts)).digest('base64url')}`,
  sk: 'open',
});

/** What an open lead is known by: its address, and its name at its company's domain. */
const identityKeys = (lead: Lead | undefined): readonly Key[] => {
  if (lead === undefined || !isOpen(lead)) return [];
  const domain = companyDomainOf(lead);
  return [
    ...(lead.email === undefined ? [] : [keyOf('email', lead.email)]),
    ...(domain === undefined || lead.name === undefined ? [] : [keyOf('name', domain, nameKey(lead.name))]),
  ];
};

const text = ({ pk }: Key): string => pk;

/** What a write of a lead does to what open leads are known by. */
export interface IdentityChange {
  /** Another open lead that is known by the same, if there is one. */
  readonly other: LeadId | undefined;
  /** Whether the lead is known by something that it was not known by before. */
  readonly isNew: boolean;
  /** Refused where another writer was faster: read again. */
  readonly writes: readonly TransactItem[];
}

/** Reads what the lead is known by, and says what is to be written together with it. */
export const identityChange = async (
  table: Table,
  lead: Lead,
  before: Lead | undefined,
): Promise<IdentityChange> => {
  const [is, was] = [identityKeys(lead), identityKeys(before)];
  const added = is.filter((key) => !was.some((each) => text(each) === text(key)));
  const gone = was.filter((key) => !is.some((each) => text(each) === text(key)));
  const items = await table.batchGet([...is, ...gone]);
  const holdersOf = new Map(items.map((item) => [String(item.pk), Holders.parse(item)]));
  const others = is.flatMap((key) => holdersOf.get(text(key))?.leadIds ?? []).filter((id) => id !== lead.id);
  return {
    other: others[0],
    isNew: added.length > 0,
    writes: [
      ...added.flatMap((key) => withHolder(key, holdersOf.get(text(key)), lead.id)),
      ...gone.flatMap((key) => withoutHolder(key, holdersOf.get(text(key)), lead.id)),
    ],
  };
};

const unchanged = (holders: Holders | undefined): Condition =>
  holders === undefined ? absent : equals({ version: holders.version });

const written = (key: Key, holders: Holders | undefined, leadIds: readonly LeadId[]): TransactItem => ({
  put: { ...key, type: LEAD_IDENTITY, leadIds, version: (holders?.version ?? 0) + 1 },
  condition: unchanged(holders),
});

const withHolder = (key: Key, holders: Holders | undefined, id: LeadId): readonly TransactItem[] => {
  const leadIds = holders?.leadIds ?? [];
  return leadIds.includes(id) || leadIds.length >= MOST_HOLDERS
    ? []
    : [written(key, holders, [...leadIds, id])];
};

const withoutHolder = (key: Key, holders: Holders | undefined, id: LeadId): readonly TransactItem[] => {
  if (holders?.leadIds.includes(id) !== true) return [];
  const rest = holders.leadIds.filter((each) => each !== id);
  return rest.length === 0 ? [{ remove: key, condition: unchanged(holders) }] : [written(key, holders, rest)];
};
