import * as z from 'zod';
import type { Instant } from '../../../../shared/time/instant.ts';
import { instantFrom } from '../../../../shared/time/instant.ts';
import { AnyCaseCurrency, Digits, Optional, UnixSeconds } from './payload.ts';
import { ACCOUNT_NOTE, DEAL_NOTE, references } from './references.ts';

/** The id of an object that may have been expanded. */
export const Ref = z
  .union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)])
  .nullish()
  .transform((id) => id ?? undefined);

export const Metadata = z.record(z.string(), Optional).nullish().catch(undefined);

export const eventOf = <T extends z.ZodType>(object: T) =>
  z.object({ created: UnixSeconds, livemode: z.boolean(), data: z.object({ object }) });

/** What all objects that are about money have in common. */
export const moneyed = {
  id: z.string(),
  currency: AnyCaseCurrency,
  created: UnixSeconds,
  metadata: Metadata,
};

export interface StripeEvent {
  readonly created: Instant;
  readonly livemode: boolean;
}

export const Amount = Digits;

/** Stripe's times are whole seconds: milliseconds are free to say which of two tellings of one payment knows more. */
export const knowing = (at: Instant, more: 0 | 1 | 2): Instant => instantFrom(Date.parse(at) + more);

export const referencesOf = (metadata: z.infer<typeof Metadata>): ReturnType<typeof references> =>
  references(metadata?.[DEAL_NOTE], metadata?.[ACCOUNT_NOTE]);
