import * as z from 'zod';
import { maySee, type Ownership } from '../../../shared/auth/visibility.ts';
import type { Directory } from '../../../shared/directory/directory.ts';
import type { DirectorySnapshot } from '../../../shared/directory/snapshot.ts';
import { storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { Key } from '../../../shared/dynamodb/item.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { type InputError, Unprocessable } from '../../../shared/errors/errors.ts';
import {
  AccountId,
  type ContactId,
  type DealId,
  type LeadId,
  MemberId,
  type TeamId,
} from '../../../shared/ids/id.ts';
import type { Clock } from '../../../shared/time/instant.ts';
import { dayOf } from '../../../shared/time/zone.ts';
import { AccountIdentities } from '../accounts/identities.ts';
import type { Deal } from '../domain/deal.ts';
import { maySeeLead } from '../leads/lead-access.ts';
import { dealEntity } from '../store/entities.ts';
import type { Visibility } from '../viewer.ts';

/** What an activity or an answer may be about. */
export interface About {
  readonly accountId?: AccountId | undefined;
  readonly contactId?: ContactId | undefined;
  readonly leadId?: LeadId | undefined;
  readonly dealId?: DealId | undefined;
}

/** Whose a deal or lead is; a lead may be nobody's. */
type Owned = Ownership & { readonly teamId: TeamId | undefined };

/** What of it changes; null for what it is no more about. */
export type Changes = { readonly [Name in keyof About]?: About[Name] | null };

/** What is asked of contacts and leads, wherever their own rules lie. */
const ContactFacts = z.object({ accountId: AccountId.optional(), deleted: z.boolean().default(false) });
const LeadFacts = z.object({ ownerId: MemberId.optional(), deleted: z.boolean().default(false) });

const stateKey = (type: 'contact' | 'lead', id: string): Key => ({ pk: `${type}#${id}`, sk: 'state' });

const changed = <T>(given: T | null | undefined, before: T | undefined): T | undefined =>
  given === undefined ? before : (given ?? undefined);

const lookedUp = async <Id, Found>(
  id: Id | undefined,
  find: (id: Id) => Promise<Found | undefined>,
): Promise<Found | undefined> => (id === undefined ? undefined : find(id));

/** What activities and answers refer to, as one caller sees it. */
export class Subjects {
  readonly #table: Table;
  readonly #identities: AccountIdentities;
  readonly #directory: Directory;
  readonly #visibility: Visibility;
  readonly #clock: Clock;
  #snapshot: Promise<DirectorySnapshot> | undefined;

  constructor({
    table,
    directory,
    visibility,
    clock,
  }: {
    readonly table: Table;
    readonly directory: Directory;
    readonly visibility: Visibility;
    readonly clock: Clock;
  }) {
    this.#table = table;
    this.#identities = new AccountIdentities(table);
    this.#directory = directory;
    this.#visibility = visibility;
    this.#clock = clock;
  }

  /**
   * What is referred to, with what it implies: a deal its account, a contact its own; a merged account is its survivor.
   * @throws Unprocessable naming everything that there is not, or not for the caller's eyes
   */
  async resolve({ accountId, contactId, leadId, dealId }: About): Promise<About & { readonly deal?: Deal }> {
    const [account, contact, lead, deal] = await Promise.all([
      lookedUp(accountId, async (id) => this.#account(id)),
      lookedUp(contactId, async (id) => this.#contact(id)),
      lookedUp(leadId, async (id) => this.#lead(id)),
      lookedUp(dealId, async (id) => this.#deal(id)),
    ]);
    const missing: InputError[] = [
      { path: '/accountId', what: 'account', id: accountId, found: account },
      { path: '/contactId', what: 'contact', id: contactId, found: contact },
      { path: '/leadId', what: 'lead', id: leadId, found: lead },
      { path: '/dealId', what: 'deal', id: dealId, found: deal },
    ].flatMap(({ path, what, id, found }) =>
      id === undefined || found !== undefined ? [] : [{ path, message: `there is no ${what} ${id}` }],
    );
    if (missing.length > 0)
      throw new Unprocessable('The request refers to something that does not exist.', missing);
    const dealsAccount = await lookedUp(deal?.accountId, async (id) => (await this.#account(id)) ?? id);
    if (account !== undefined && dealsAccount !== undefined && account !== dealsAccount)
      throw new Unprocessable('The deal belongs to another account.', [
        { path: '/accountId', message: `must be ${dealsAccount}, the deal’s account, or be left out` },
      ]);
    const known = dealsAccount ?? account ?? contact?.accountId;
    return {
      ...(known && { accountId: known }),
      ...(contactId && { contactId }),
      ...(leadId && { leadId }),
      ...(dealId && { dealId }),
      ...(deal && { deal }),
    };
  }

  /**
   * What a record is about once `given` is changed, null for what it is no more about. Another deal or contact brings its own
   * account with it.
   * @throws Unprocessable as `resolve` does
   */
  async moved(
    before: About,
    given: Changes,
  ): Promise<{ readonly [Name in keyof About]-?: About[Name] | null }> {
    const isMoved = typeof given.dealId === 'string' || typeof given.contactId === 'string';
    const implied = isMoved ? undefined : before.accountId;
    const after = await this.resolve({
      accountId: changed(given.accountId, implied),
      contactId: changed(given.contactId, before.contactId),
      leadId: changed(given.leadId, before.leadId),
      dealId: changed(given.dealId, before.dealId),
    });
    return {
      accountId: after.accountId ?? null,
      contactId: after.contactId ?? null,
      leadId: after.leadId ?? null,
      dealId: after.dealId ?? null,
    };
  }

  /** For each record, whether the caller may see what it is about: its deal and its lead as these, all else by anyone. */
  async areVisible(records: readonly About[]): Promise<readonly boolean[]> {
    const viewer = await this.#visibility.viewer();
    if (viewer.sees !== 'part') return records.map(() => viewer.sees === 'everything');
    const owners = await this.#ownerships(records);
    const seesDeal = (id: DealId | undefined) => id === undefined || maySee(viewer, owners.get(id) ?? {});
    const seesLead = (id: LeadId | undefined) => {
      const lead = id === undefined ? undefined : owners.get(id);
      return id === undefined || (lead !== undefined && maySeeLead(viewer, lead));
    };
    return records.map(({ dealId, leadId }) => seesDeal(dealId) && seesLead(leadId));
  }

  async isVisible(record: About): Promise<boolean> {
    const [visible = false] = await this.areVisible([record]);
    return visible;
  }

  /** Deals and leads that these are about, by id. Of a deleted one the owner is still known. */
  async #ownerships(records: readonly About[]): Promise<ReadonlyMap<string, Owned>> {
    const items = await this.#table.batchGet(
      records.flatMap(({ dealId, leadId }) => [
        ...(dealId === undefined ? [] : [dealEntity.key(dealId)]),
        ...(leadId === undefined ? [] : [stateKey('lead', leadId)]),
      ]),
    );
    const { teamOf } = await this.#teams();
    return new Map(
      items.map((item) => {
        const {
          id,
          ownerId,
          splits = [],
        } = storedFrom<Pick<Deal, 'id'> & Partial<Pick<Deal, 'ownerId' | 'splits'>>>(item);
        const teamId = ownerId && teamOf(ownerId);
        return [id, { ownerId, teamId, participantIds: splits.map(({ memberId }) => memberId) }] as const;
      }),
    );
  }

  async #teams() {
    this.#snapshot ??= this.#directory.snapshot();
    const directory = await this.#snapshot;
    const today = dayOf(this.#clock.now(), directory.organization.timeZone);
    return {
      teamOf: (id: MemberId) => {
        const member = directory.member(id);
        return member && directory.teamOf(member, today);
      },
    };
  }

  async #account(id: AccountId): Promise<AccountId | undefined> {
    return (await this.#identities.survivor(id))?.id;
  }

  async #contact(id: ContactId): Promise<z.infer<typeof ContactFacts> | undefined> {
    const item = await this.#table.get(stateKey('contact', id));
    const contact = item && ContactFacts.parse(item.data);
    return contact?.deleted === true ? undefined : contact;
  }

  async #lead(id: LeadId): Promise<z.infer<typeof LeadFacts> | undefined> {
    const item = await this.#table.get(stateKey('lead', id));
    const lead = item && LeadFacts.parse(item.data);
    if (lead === undefined || lead.deleted) return undefined;
    return (await this.isVisible({ leadId: id })) ? lead : undefined;
  }

  async #deal(id: DealId): Promise<Deal | undefined> {
    const item = await this.#table.get(dealEntity.key(id));
    const deal = item && storedFrom<Deal>(item);
    if (deal === undefined || deal.deleted) return undefined;
    return (await this.isVisible({ dealId: id })) ? deal : undefined;
  }
}
