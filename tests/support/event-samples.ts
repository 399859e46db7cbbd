import * as z from 'zod';
import { event } from '../../shared/events/contract.ts';
import type { BusEvent } from '../../shared/events/publisher.ts';
import { EventId, derivedId } from '../../shared/ids/id.ts';
import { instantFrom } from '../../shared/time/instant.ts';

/** A small contract for tests of what carries events, so that they do not change with the real ones. */
export const Parcel = z.object({ id: z.string(), weight: z.number(), note: z.string().optional() });
export const ParcelSent = event({
  service: 'deals',
  name: 'ParcelSent',
  major: 1,
  description: 'A parcel went out.',
  data: Parcel,
});

export const fixedClock = { now: () => instantFrom(Date.UTC(2026, 10, 23, 9, 30)) };

/** A valid event of that contract; the same name gives the same event. */
export const parcelEvent = (
  name: string,
  data: Partial<z.infer<typeof Parcel>> = {},
  version = 1,
): BusEvent => ({
  source: ParcelSent.source,
  detailType: ParcelSent.detailType,
  detail: {
    metadata: {
      id: derivedId(EventId, name, String(version)),
      time: fixedClock.now(),
      correlationId: 'req-1',
      actor: 'system',
      subject: name,
      version,
      epoch: 0,
    },
    data: { id: name, weight: 1, ...data },
  },
});
