import { assertChangeable, assertVisible, type Ownership } from '../../../shared/auth/visibility.ts';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { OthersChanged, Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { TransactItem } from '../../../shared/dynamodb/transact-item.ts';
import { NotFound } from '../../../shared/errors/errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import type { EventContract } from '../../../shared/events/contract.ts';
import { DealCreated } from '../../../shared/events/deals.ts';
import type { RequestFacts } from '../../../shared/http/route.ts';
import type { DealId } from '../../../shared/ids/id.ts';
import type { Clock } from '../../../shared/time/instant.ts';
import type { AttributedAccount } from '../domain/attribution.ts';
import type { Deal } from '../domain/deal.ts';
import { type DealWrite, settle, settledWrite, type SettlementSources } from '../settlement.ts';
import type { Visibility } from '../viewer.ts';
import { Books } from './books.ts';
import { createAs } from './create-as.ts';
import { dealChange } from '../domain/deal-change.ts';
import { dealEntity } from './entities.ts';

/** More locks than this are not made while one request goes on. */
const ATTEMPTS = 3;

/** Deals as one caller sees and changes them. */
export class Deals {
  readonly #table: Table;
  readonly #deals: Repository<Deal>;
  readonly #sources: SettlementSources;
  readonly #visibility: Visibility;
  readonly #clock: Clock;

  constructor({
    table,
    cause,
    sources,
    visibility,
    clock,
  }: {
    readonly table: Table;
    readonly cause: Cause;
    readonly sources: SettlementSources;
    readonly visibility: Visibility;
    readonly clock: Clock;
  }) {
    this.#table = table;
    this.#deals = new Repository(table, dealEntity, cause);
    this.#sources = sources;
    this.#visibility = visibility;
    this.#clock = clock;
  }

  /** @throws NotFound for one that is deleted, or that the caller may not see */
  async get(id: DealId): Promise<Stored<Deal>> {
    const deal = await this.#deals.get(id);
    if (deal.deleted) throw new NotFound(`deal ${id}`);
    assertVisible(await this.#visibility.viewer(), await this.#ownership(deal), `deal ${id}`);
    return deal;
  }

  /**
   * The deal, read to be changed.
   * @throws NotFound, Forbidden, PreconditionFailed if it isn't at version `ifMatch`
   */
  async toChange(id: DealId, ifMatch: number | undefined): Promise<Stored<Deal>> {
    const deal = await this.get(id);
    assertChangeable(await this.#visibility.viewer(), await this.#ownership(deal), `deal ${id}`);
    return ifMatch === undefined || ifMatch === deal.version ? deal : this.#deals.get(id, { ifMatch });
  }

  /** Creates it, once for a repeated request. @throws AlreadyExists where its externalId is taken */
  async create(
    deal: Deal,
    request: Pick<RequestFacts, 'idempotencyKey' | 'requestHash'>,
  ): Promise<Stored<Deal>> {
    return this.#byTheBooks(deal, undefined, async ({ deal: settled, also }) =>
      createAs(this.#deals, settled, request, DealCreated, this.#table, also),
    );
  }

  /** The writes that create it, settled, for a transaction; `account` is its account as that transaction leaves it. */
  async writesToCreate(deal: Deal, account: AttributedAccount): Promise<readonly TransactItem[]> {
    const sources = { ...this.#sources, account: () => account };
    const books = new Books(this.#table);
    const asked = { from: undefined, sources, books, now: this.#clock.now() };
    const { deal: settled, also } = await settledWrite(deal, asked);
    return [this.#deals.writeFor(settled, DealCreated), ...also];
  }

  /**
   * Writes state and event in one item, settled, if nobody has written it since it was read as `from`. Where nothing
   * changed, nothing is written.
   */
  async save(
    deal: Deal,
    { from, event }: { readonly from: Stored<Deal>; readonly event: EventContract },
  ): Promise<Stored<Deal>> {
    return this.#byTheBooks(deal, from, async ({ deal: settled, also }) => {
      const change = dealChange(from, settled);
      if (change.fields.length === 0) return from;
      const told = { contract: event, change: { change } };
      return this.#deals.save({ ...settled, version: from.version }, told, { also });
    });
  }

  /** Settles and writes, anew where a period was locked in between. */
  async #byTheBooks(
    deal: Deal,
    from: Deal | undefined,
    write: (settled: DealWrite) => Promise<Stored<Deal>>,
  ): Promise<Stored<Deal>> {
    const [sources, now] = [this.#sources, this.#clock.now()];
    for (let attempt = 1; ; attempt += 1) {
      const books = new Books(this.#table);
      try {
        return await write(await settledWrite(deal, { from, sources, books, now }));
      } catch (error) {
        if (!(error instanceof OthersChanged) || attempt === ATTEMPTS) throw error;
      }
    }
  }

  /** As it would be written: whom it counts for and what it is worth. @throws Unprocessable */
  async settled(deal: Deal): Promise<Deal> {
    return settle(deal, this.#sources, this.#clock.now());
  }

  async #ownership({ ownerId, splits }: Deal): Promise<Ownership> {
    const viewer = await this.#visibility.viewer();
    const participantIds = splits.map(({ memberId }) => memberId);
    // Only a manager's view depends on the owner's team.
    const teamId =
      viewer.sees === 'part' && viewer.managedTeams.size > 0
        ? await this.#visibility.teamOf(ownerId)
        : undefined;
    return { ownerId, teamId, participantIds };
  }
}
