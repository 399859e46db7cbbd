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
import { type Counted, type Folded, foldFacts, type FoldTable } from './folding.ts';
import type { NamedEvent, Names } from './names.ts';

type FactMessage = Pick<Message<(typeof facts)['contracts'][number]>, 'event' | 'cause'>;

/** What a message brings: a name, or a fact. */
type Brought =
  | { readonly kind: 'name'; readonly named: NamedEvent }
  | { readonly kind: 'fact'; readonly incoming: Incoming };

const broughtBy = ({ event, cause }: FactMessage, settings: Settings): Brought => {
  if (isEvent(event, ProductChanged) || isEvent(event, AccountChanged)) return { kind: 'name', named: event };
  const fact =
    isEvent(event, OrderRecorded) || isEvent(event, OrderAdjusted)
      ? orderFact(event.data, event.metadata, settings)
      : dealFact(event.data, event.metadata, settings);
  return { kind: 'fact', incoming: { fact, cause } };
};

/**
 * Keeps and counts what a batch of events brings; repeating it changes nothing. The outcomes are in the messages' order.
 * @throws as `foldFacts`
 */
export const takeIn = async (
  messages: readonly FactMessage[],
  {
    table,
    names,
    settings,
    onCounted,
  }: {
    readonly table: FoldTable;
    readonly names: Names;
    readonly settings: Settings;
    readonly onCounted?: ((counted: Counted) => void) | undefined;
  },
): Promise<Folded> => {
  const brought = messages.map((message) => broughtBy(message, settings));
  const named = await names.keep(brought.flatMap((one) => (one.kind === 'name' ? one.named : [])));
  const incoming = brought.flatMap((one) => (one.kind === 'fact' ? one.incoming : []));
  const folded = await foldFacts(table, incoming, onCounted === undefined ? {} : { onCounted });
  const [ofNames, ofFacts] = [named.values(), folded.outcomes.values()];
  return {
    ...folded,
    outcomes: brought.map(({ kind }) => (kind === 'name' ? ofNames : ofFacts).next().value ?? 'done'),
  };
};
