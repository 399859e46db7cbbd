import type { OutboxEvent } from '../../../shared/dynamodb/outbox.ts';
import { KpisRequested } from '../../../shared/events/briefings.ts';
import type { EventData } from '../../../shared/events/contract.ts';

export type KpiQuestion = EventData<typeof KpisRequested>;

/** Asks metrics, with the write of the item that wants to know. The answer is handed to the purpose’s kind. */
export const askKpis = (question: KpiQuestion): OutboxEvent => ({
  contract: KpisRequested,
  change: question,
});
