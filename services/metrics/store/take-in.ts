import type { Message } from '../../../shared/events/consumer.ts';
import { isEvent } from '../../../shared/events/envelope.ts';
import {
  AccountChanged,
  OrderAdjusted,
  OrderRecorded,
  ProductChanged,
} from '../../../shared/events/deals.ts';
import { dealFact } from '../domain/deal-fact.ts';
import type { Settings } from '../domain/fact.ts';
import type { Incoming } from '../domain/fold.ts';
import { orderFact } from '../domain/order-fact.ts';
import type { facts } from '../subscriptions.ts';
import { type Folded, foldFacts, type FoldTable } from './folding.ts';
import type { NamedEvent, Names } from './names.ts';

type FactMessage = Pick<Message<(typeof facts)['contracts'][number]>, 'event' | 'cause'>;

/** Names that a batch tells, and the facts that it brings. */
const sorted = (
  messages: readonly FactMessage[],
  settings: Settings,
): { readonly named: readonly NamedEvent[]; readonly incoming: readonly Incoming[] } => {
  const named: NamedEvent[] = [];
  const incoming: Incoming[] = [];
  for (const { event, cause } of messages) {
    if (isEvent(event, ProductChanged) || isEvent(event, AccountChanged)) named.push(event);
    else if (isEvent(event, OrderRecorded) || isEvent(event, OrderAdjusted)) {
      incoming.push({ fact: orderFact(event.data, event.metadata, settings), cause });
    } else incoming.push({ fact: dealFact(event.data, event.metadata, settings), cause });
  }
  return { named, incoming };
};

/** Keeps and counts what a batch of events brings; repeating it changes nothing. @throws as `foldFacts` */
export const takeIn = async (
  messages: readonly FactMessage[],
  {
    table,
    names,
    settings,
  }: { readonly table: FoldTable; readonly names: Names; readonly settings: Settings },
): Promise<Folded> => {
  const { named, incoming } = sorted(messages, settings);
  await names.keep(named);
  return foldFacts(table, incoming);
};
