import type { ConsumerContext, Message } from '../../../shared/events/consumer.ts';
import { exponentOf } from '../../../shared/money/currencies.ts';
import type { Clock } from '../../../shared/time/instant.ts';
import { closingBetween } from '../domain/closing.ts';
import type { Counted } from './folding.ts';

/**
 * Measures what a batch's counted facts tell: how long their chains took, and what was closed. Only what was really counted
 * comes here, so a repetition is not measured again. What is replayed happened long ago: its age says nothing.
 */
export const measuring = (
  messages: readonly Pick<Message, 'event' | 'cause'>[],
  { count, measure, money }: Pick<ConsumerContext, 'count' | 'measure' | 'money'>,
  clock: Clock,
) => {
  const replayed = new Set(
    messages.filter(({ event }) => event.isReplayed === true).map(({ cause }) => cause),
  );
  return ({ before, fact, cause }: Counted): void => {
    if (cause.startedAt !== undefined && !replayed.has(cause))
      measure('EndToEndLag', Date.parse(clock.now()) - Date.parse(cause.startedAt));
    const closing = closingBetween(before, fact);
    if (closing === undefined) return;
    count(closing.kind === 'deal' ? 'DealsWon' : 'OrdersPaid');
    const { revenue, currency } = closing;
    if (revenue !== 0) money('RevenueClosed', revenue / 10 ** exponentOf(currency), currency);
  };
};
