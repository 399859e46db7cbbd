import type { Directory } from '../../../shared/directory/directory.ts';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { equals } from '../../../shared/dynamodb/expressions.ts';
import type { OutboxEvent } from '../../../shared/dynamodb/outbox.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { TransactItem } from '../../../shared/dynamodb/transact-item.ts';
import { ConditionFailed } from '../../../shared/dynamodb/write-errors.ts';
import { AlreadyExists, PreconditionFailed } from '../../../shared/errors/errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { LeadCreated } from '../../../shared/events/leads.ts';
import type { RequestFacts } from '../../../shared/http/route.ts';
import type { MemberId } from '../../../shared/ids/id.ts';
import type { Clock } from '../../../shared/time/instant.ts';
import { latestByKind } from '../activities/latest.ts';
import { isOpen, type Lead } from '../domain/leads/lead.ts';
import { isSame } from '../domain/patch.ts';
import { claimedOrigin } from '../store/create-as.ts';
import { identityChange } from '../store/lead-identities.ts';
import { LEAD_LOAD, leadEntity, leadLoadKey } from '../store/lead-entity.ts';
import { assessed } from './assess.ts';
import { knownAs, type KnownSources } from './known-people.ts';
import { routed, routingRules, type RoutingRules } from './route-lead.ts';

const ATTEMPTS = 12;
/** So often a route insists that the count it went by still holds; then it may be one or two behind. */
const STRICT_ATTEMPTS = 8;

interface LeadWrite {
  readonly lead: Lead;
  readonly from?: Stored<Lead> | undefined;
  readonly event: OutboxEvent;
  /** Whether the rules say anew whose it is. */
  readonly route?: boolean | undefined;
  readonly requestHash?: string | undefined;
  /** Written in the same transaction, before all that leads keep beside themselves. */
  readonly beside?: readonly TransactItem[] | undefined;
}

/** Leads, each written together with what it is known by and with how many its owner has open. */
export class Leads {
  readonly repository: Repository<Lead>;
  readonly #table: Table;
  readonly #directory: Directory;
  readonly #known: KnownSources;
  readonly #clock: Clock;
  #rules: Promise<RoutingRules> | undefined;

  constructor({
    table,
    cause,
    directory,
    known,
    clock,
  }: {
    readonly table: Table;
    readonly cause: Cause;
    readonly directory: Directory;
    readonly known: KnownSources;
    readonly clock: Clock;
  }) {
    this.#table = table;
    this.repository = new Repository(table, leadEntity, cause);
    this.#directory = directory;
    this.#known = known;
    this.#clock = clock;
  }

  /** The organization as it was when it was first asked for, for one request or one page of an import. */
  async rules(): Promise<RoutingRules> {
    this.#rules ??= this.#directory
      .snapshot()
      .then((directory) => routingRules(directory, this.#clock.now()));
    return this.#rules;
  }

  /**
   * Creates it, once for a repeated request; one without an owner goes where the rules put it.
   * @throws AlreadyExists where its external id is taken
   */
  async create(
    lead: Lead,
    { idempotencyKey, requestHash }: Partial<Pick<RequestFacts, 'idempotencyKey' | 'requestHash'>> = {},
  ): Promise<Stored<Lead>> {
    const origin =
      idempotencyKey === undefined || requestHash === undefined
        ? undefined
        : await claimedOrigin(this.#table, idempotencyKey, requestHash);
    const route = lead.ownerId === undefined;
    try {
      return await this.#write({ lead, event: LeadCreated, route, requestHash: origin });
    } catch (error) {
      const taken = error instanceof ConditionFailed ? error.existing.get(0) : undefined;
      if (taken === undefined) throw error;
      const existing = await this.repository.get(lead.id);
      if (origin !== undefined && taken.requestHash === origin) return existing;
      throw new AlreadyExists(`lead ${lead.id}`, existing);
    }
  }

  /** Writes it, if nobody has since it was read as `from`. @throws PreconditionFailed */
  async save(
    lead: Lead,
    { from, event, route, beside }: Omit<LeadWrite, 'lead' | 'from'> & { readonly from: Stored<Lead> },
  ): Promise<Stored<Lead>> {
    try {
      return await this.#write({ lead, from, event, route, beside });
    } catch (error) {
      if (error instanceof ConditionFailed && error.indexes.includes(0))
        throw new PreconditionFailed(`The lead ${lead.id} was changed by someone else meanwhile.`);
      throw error;
    }
  }

  /** @throws ConditionFailed where the lead itself, or what is written beside it, is not as it was read */
  async #write({ lead, from, event, route, requestHash, beside = [] }: LeadWrite): Promise<Stored<Lead>> {
    const rules = await this.rules();
    const active = from === undefined || lead.deleted ? {} : await this.#lastActivity(lead);
    for (let attempt = 1; ; attempt += 1) {
      const placed = route === true ? await routed(lead, rules, this.#table) : { lead, openLeads: undefined };
      const identity = await identityChange(this.#table, placed.lead, from);
      const isAsked = identity.isNew && (from === undefined || lead.notDuplicate !== true);
      const marked = isAsked ? await this.#marked(placed.lead, identity.other) : placed.lead;
      const stored = assessed({ ...marked, ...active }, rules, this.#clock.now());
      const strict = route === true && attempt <= STRICT_ATTEMPTS ? placed : undefined;
      const writes = [
        this.repository.writeFor(from === undefined ? stored : { ...stored, version: from.version }, event, {
          requestHash,
        }),
        ...beside,
        ...identity.writes,
        ...loadChanges(from, stored, strict),
      ];
      try {
        await this.#table.transact(writes);
        return { ...stored, version: (from?.version ?? 0) + 1 };
      } catch (error) {
        if (!(error instanceof ConditionFailed) || attempt >= ATTEMPTS) throw error;
        if (error.indexes.some((index) => index <= beside.length)) throw error;
      }
    }
  }

  /** Activities are kept beside the lead: the latest one says how fresh it is. */
  async #lastActivity({ id, lastActivityAt }: Lead): Promise<Pick<Lead, 'lastActivityAt'>> {
    const done = [...(await latestByKind(this.#table, id)).values()];
    const latest = [...done, ...(lastActivityAt === undefined ? [] : [lastActivityAt])].toSorted().at(-1);
    return latest === undefined ? {} : { lastActivityAt: latest };
  }

  async #marked(lead: Lead, other: Lead['id'] | undefined): Promise<Lead> {
    const { duplicateOf: was, ...rest } = lead;
    const duplicateOf =
      other === undefined ? await knownAs(lead, this.#known) : ({ kind: 'lead', id: other } as const);
    if (isSame(was, duplicateOf)) return lead;
    return duplicateOf === undefined ? rest : { ...rest, duplicateOf };
  }
}

const openOwner = (lead: Lead | undefined): MemberId | undefined =>
  lead !== undefined && isOpen(lead) ? lead.ownerId : undefined;

const loadChange = (memberId: MemberId, by: 1 | -1): TransactItem => ({
  update: { key: leadLoadKey(memberId), add: { open: by }, set: { type: LEAD_LOAD } },
});

/** How the write changes how many open leads its owners have. Where it goes by a count, that count must still hold. */
const loadChanges = (
  before: Lead | undefined,
  after: Lead,
  strict: { readonly openLeads: number | undefined } | undefined,
): readonly TransactItem[] => {
  const [was, is] = [openOwner(before), openOwner(after)];
  if (was === is) return [];
  return [
    ...(was === undefined ? [] : [loadChange(was, -1)]),
    ...(is === undefined
      ? []
      : [
          {
            ...loadChange(is, 1),
            ...(strict && { condition: equals({ open: strict.openLeads }) }),
          },
        ]),
  ];
};
