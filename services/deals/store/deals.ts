import { assertChangeable, assertVisible, type Ownership } from '../../../shared/auth/visibility.ts';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { NotFound } from '../../../shared/errors/errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import type { EventContract } from '../../../shared/events/contract.ts';
import { DealCreated } from '../../../shared/events/deals.ts';
import type { RequestFacts } from '../../../shared/http/route.ts';
import type { DealId } from '../../../shared/ids/id.ts';
import type { Clock } from '../../../shared/time/instant.ts';
import type { Deal } from '../domain/deal.ts';
import { settle, type SettlementSources } from '../settlement.ts';
import type { Visibility } from '../viewer.ts';
import { createAs } from './create-as.ts';
import { dealChange } from '../domain/deal-change.ts';
import { dealEntity } from './entities.ts';

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
    const settled = await settle(deal, this.#sources, this.#clock.now());
    return createAs(this.#deals, settled, request, DealCreated, this.#table);
  }

  /**
   * Writes state and event in one item, settled, if nobody has written it since it was read as `from`. Where nothing
   * changed, nothing is written.
   */
  async save(
    deal: Deal,
    { from, event }: { readonly from: Stored<Deal>; readonly event: EventContract },
  ): Promise<Stored<Deal>> {
    const settled = await settle(deal, this.#sources, this.#clock.now());
    const change = dealChange(from, settled);
    if (change.fields.length === 0) return from;
    return this.#deals.save({ ...settled, version: from.version }, { contract: event, change: { change } });
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
