import { defineEntity, type Stored } from '../../../shared/dynamodb/entity.ts';
import type { OutboxEvent } from '../../../shared/dynamodb/outbox.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { CoachingLogged } from '../../../shared/events/coaching.ts';
import { newId, RequestId } from '../../../shared/ids/id.ts';
import type { Day } from '../../../shared/time/instant.ts';
import { askKpis } from '../briefings/ask-kpis.ts';
import { CoachingSession, duePartsOf, effectWindow } from '../domain/coaching.ts';

/** Index partitions: all sessions, and those with one member, by the day they were held. */
export const allCoachingSessions = 'coaching-sessions';
export const coachingSessionsOf = (memberId: string): string => `coaching-sessions#${memberId}`;

export const coachingSessionEntity = defineEntity<CoachingSession>({
  type: 'coaching-session',
  schema: CoachingSession,
  key: (id) => ({ pk: `coaching-session#${id}`, sk: 'state' }),
  indexes: ({ id, memberId, heldOn, createdAt }) => ({
    gsi1pk: allCoachingSessions,
    gsi1sk: `${heldOn}#${createdAt}#${id}`,
    gsi2pk: coachingSessionsOf(memberId),
    gsi2sk: `${heldOn}#${createdAt}#${id}`,
  }),
});

/** Marks of sessions whose days after are not over yet, by the day when they are. */
export const COACHING_DUE = 'coaching-due';

const dueKey = ({ id, heldOn }: Pick<CoachingSession, 'id' | 'heldOn'>) => ({
  pk: COACHING_DUE,
  sk: `${effectWindow(heldOn, 'after').to}#${id}`,
});

/** Coaching sessions, each written together with the questions that it asks metrics. */
export class CoachingSessions {
  readonly repository: Repository<CoachingSession>;
  readonly #table: Table;

  constructor(table: Table, cause: Cause) {
    this.#table = table;
    this.repository = new Repository(table, coachingSessionEntity, cause);
  }

  /** Throws AlreadyExists. */
  async create(
    session: CoachingSession,
    today: Day,
    options: { readonly requestHash?: string } = {},
  ): Promise<Stored<CoachingSession>> {
    const asking = this.#asking(session, today);
    await this.#markDue(asking.session);
    return this.repository.create(asking.session, asking.events, options);
  }

  /** Throws PreconditionFailed if it was changed since it was read. */
  async save(session: Stored<CoachingSession>, today: Day): Promise<Stored<CoachingSession>> {
    const asking = this.#asking(session, today);
    await this.#markDue(asking.session);
    return this.repository.save(asking.session, asking.events);
  }

  /** Asks for what is due until `today`, a few at a time. Answers how many were looked at. */
  async askDue(today: Day, limit = 25): Promise<number> {
    const { items } = await this.#table.query({ pk: COACHING_DUE, skTo: `${today}#~`, limit });
    for (const { pk, sk, sessionId } of items) {
      const session = await this.repository.find(String(sessionId));
      // Asked for already where its day was changed, or where this run died before the mark went.
      if (session !== undefined && duePartsOf(session, today).includes('after'))
        await this.save(session, today);
      await this.#table.transact([{ remove: { pk: String(pk), sk: String(sk) } }]);
    }
    return items.length;
  }

  #asking<Session extends CoachingSession>(
    session: Session,
    today: Day,
  ): { readonly session: Session; readonly events: readonly OutboxEvent[] } {
    const now = Date.parse(this.#table.clock.now());
    const parts = duePartsOf(session, today).map((part) => ({ part, requestId: newId(RequestId, now) }));
    const requests = Object.fromEntries(parts.map(({ part, requestId }) => [part, requestId]));
    const questions = parts.map(({ part, requestId }) =>
      askKpis({
        id: requestId,
        scope: `rep:${session.memberId}`,
        kpis: [session.focusKpi],
        ...effectWindow(session.heldOn, part),
        purpose: { kind: 'coaching', id: session.id, part },
      }),
    );
    return {
      session: { ...session, requests: { ...session.requests, ...requests } },
      events: [CoachingLogged, ...questions],
    };
  }

  /** Before the session is written: a mark without its session does no harm, a session without its mark is forgotten. */
  async #markDue({ id, heldOn, requests }: CoachingSession): Promise<void> {
    if (requests.after === undefined)
      await this.#table.put({ ...dueKey({ id, heldOn }), type: COACHING_DUE, sessionId: id });
  }
}
