import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { Conflict, type InputError, Unprocessable } from '../../../shared/errors/errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { FeedbackReceived } from '../../../shared/events/feedback.ts';
import type { OrganizationState } from '../../../shared/events/team.ts';
import type { FeedbackId, OrderId, StoreId } from '../../../shared/ids/id.ts';
import type { Clock } from '../../../shared/time/instant.ts';
import { dayOf } from '../../../shared/time/zone.ts';
import type { About, Subjects } from '../activities/subjects.ts';
import { orderEntity, storeEntity, type StoreRecord } from '../commerce/entities.ts';
import type { Account } from '../domain/account.ts';
import { attributionOn, type DirectoryReader } from '../domain/attribution.ts';
import { dealOf, type OrderRecord } from '../domain/commerce/order.ts';
import type { Deal } from '../domain/deal.ts';
import { type Answer, type Feedback, feedbackOf, isSameAnswer } from '../domain/feedback.ts';
import { accountEntity } from '../store/entities.ts';
import { feedbackEntity } from '../store/feedback.ts';
import { type Kept, keepTold } from '../store/keep-told.ts';

type Awaitable<T> = T | Promise<T>;

/** What an answer is about, as far as it exists. */
interface Found {
  readonly about: About & { readonly deal?: Deal };
  readonly order: Stored<OrderRecord> | undefined;
  readonly store: Stored<StoreRecord> | undefined;
  readonly account: Stored<Account> | undefined;
}

/** Takes in customers' answers: each once, under the id it is told with. */
export class FeedbackIntake {
  readonly #feedback: Repository<Feedback>;
  readonly #orders: Repository<OrderRecord>;
  readonly #stores: Repository<StoreRecord>;
  readonly #accounts: Repository<Account>;
  readonly #subjects: Subjects;
  readonly #directory: DirectoryReader;
  readonly #organization: () => Awaitable<OrganizationState>;
  readonly #clock: Clock;

  constructor({
    table,
    cause,
    subjects,
    directory,
    organization,
    clock,
  }: {
    readonly table: Table;
    readonly cause: Cause;
    readonly subjects: Subjects;
    readonly directory: DirectoryReader;
    readonly organization: () => Awaitable<OrganizationState>;
    readonly clock: Clock;
  }) {
    this.#feedback = new Repository(table, feedbackEntity, cause);
    this.#orders = new Repository(table, orderEntity, cause);
    this.#stores = new Repository(table, storeEntity, cause);
    this.#accounts = new Repository(table, accountEntity, cause);
    this.#subjects = subjects;
    this.#directory = directory;
    this.#organization = organization;
    this.#clock = clock;
  }

  /** The answer as it is to be kept. @throws Unprocessable for what it refers to and how it is scored */
  async read(answer: Answer, id: FeedbackId): Promise<Feedback> {
    const now = this.#clock.now();
    // Told again without its time, it is still of the time it was first told.
    const answeredAt =
      answer.answeredAt ?? (answer.externalId && (await this.#feedback.find(id))?.answeredAt) ?? now;
    const bare = feedbackOf({ ...answer, ...(answeredAt !== '' && { answeredAt }) }, { id, now });
    const found = await this.#find(answer);
    const { deal, accountId, dealId } = found.about;
    const whole = {
      ...bare,
      ...(accountId && { accountId }),
      ...(dealId && { dealId }),
      ...(found.order && { storeId: found.order.storeId }),
    };
    return this.#placed(whole, found, deal);
  }

  /** @throws Conflict for one that was deleted here; Unprocessable */
  async takeIn(answer: Answer, id: FeedbackId): Promise<Kept<Feedback>> {
    const told = await this.read(answer, id);
    return keepTold(this.#feedback, id, (before) => replaced(told, before), FeedbackReceived);
  }

  async #find({ accountId, dealId, orderId, storeId }: Answer): Promise<Found> {
    const [order, store] = await Promise.all([this.#order(orderId), this.#store(storeId)]);
    const errors: InputError[] = [
      ...(orderId !== undefined && order === undefined
        ? [{ path: '/orderId', message: `there is no order ${orderId}` }]
        : []),
      ...(storeId !== undefined && store === undefined
        ? [{ path: '/storeId', message: `there is no store ${storeId}` }]
        : []),
      ...(order !== undefined && storeId !== undefined && order.storeId !== storeId
        ? [{ path: '/storeId', message: `must be ${order.storeId}, the order’s store, or be left out` }]
        : []),
    ];
    const about = await this.#about(
      {
        accountId: accountId ?? (dealId === undefined ? order?.accountId : undefined),
        dealId: dealId ?? (order && dealOf(order)),
      },
      errors,
    );
    const account = about.accountId === undefined ? undefined : await this.#accounts.find(about.accountId);
    const ofOrder = order === undefined ? store : await this.#stores.find(order.storeId);
    return { about, order, store: ofOrder, account };
  }

  async #about(asked: About, errors: readonly InputError[]): Promise<Found['about']> {
    try {
      const about = await this.#subjects.resolve(asked);
      if (errors.length === 0) return about;
    } catch (error) {
      if (!(error instanceof Unprocessable)) throw error;
      throw new Unprocessable(error.detail, [...errors, ...(error.errors ?? [])]);
    }
    throw new Unprocessable('The answer refers to something that does not exist.', errors);
  }

  async #order(id: OrderId | undefined): Promise<Stored<OrderRecord> | undefined> {
    const order = id === undefined ? undefined : await this.#orders.find(id);
    return order?.snapshot === undefined || order.deleted ? undefined : order;
  }

  async #store(id: StoreId | undefined): Promise<Stored<StoreRecord> | undefined> {
    return id === undefined ? undefined : this.#stores.find(id);
  }

  async #placed(feedback: Feedback, found: Found, deal: Deal | undefined): Promise<Feedback> {
    const { order, store, account } = found;
    const { timeZone } = await this.#organization();
    const day = dayOf(feedback.answeredAt, timeZone);
    const ownerId =
      deal?.ownerId ?? order?.attribution?.credits[0]?.memberId ?? account?.ownerId ?? store?.ownerId;
    const territoryId = deal?.territoryId ?? account?.territoryId ?? store?.territoryId;
    if (ownerId === undefined)
      return {
        ...feedback,
        territoryPath: territoryId === undefined ? [] : await this.#directory.territoryPath(territoryId),
      };
    const { credits, territoryPath } = await attributionOn(
      { ownerId, splits: [], territoryId },
      { day, account, directory: this.#directory },
    );
    return { ...feedback, ownerId, teamPath: credits[0]?.teamPath ?? [], territoryPath };
  }
}

/** What is to be kept of an answer that may have been told before. @throws Conflict for one that was deleted here */
export const replaced = (told: Feedback, before: Feedback | undefined): Feedback => {
  if (before === undefined) return told;
  if (before.deleted) throw new Conflict('The answer was deleted here; it is not taken in again.');
  return isSameAnswer(told, before) ? before : { ...told, createdAt: before.createdAt };
};
