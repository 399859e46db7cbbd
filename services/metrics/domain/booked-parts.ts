import type { Attribution, Booked, BookedLine } from '../../../shared/events/deals.ts';
import type { ProductId, StoreId } from '../../../shared/ids/id.ts';
import { dayOf } from '../../../shared/time/zone.ts';
import { type Entry, type Fact, type Part, productWeights } from './fact.ts';

/** For whom and what a deal or order counts. */
export const sharedBy = ({
  attribution: { credits, territoryPath, accountId, industry },
  source,
  storeId,
  amount,
  products,
}: {
  readonly attribution: Attribution;
  readonly source: string | undefined;
  readonly storeId?: StoreId;
  /** The whole, and what of it belongs to products, in minor units. */
  readonly amount: number;
  readonly products: readonly { readonly productId?: ProductId | undefined; readonly amount: number }[];
}): Omit<Part, 'entries'> => ({
  credits,
  territoryPath,
  ...(accountId !== undefined && { accountId }),
  ...(industry !== undefined && { industry }),
  ...(source !== undefined && { source }),
  ...(storeId !== undefined && { storeId }),
  ...productWeights(amount, products),
});

/** What was counted in locked periods, for whom it counted then: once on its own day, and taken back on an open one. */
export const bookedParts = (
  booked: readonly Booked[] | undefined,
  timeZone: string,
  {
    entryOf,
    source,
    storeId,
  }: {
    readonly entryOf: (line: BookedLine, of: Booked) => Entry;
    /** Of an order. */
    readonly source?: string;
    readonly storeId?: StoreId;
  },
): Pick<Fact, 'booked'> =>
  booked === undefined
    ? {}
    : {
        booked: booked.map((of) => ({
          ...sharedBy({ ...of, source: source ?? of.source, ...(storeId !== undefined && { storeId }) }),
          entries: of.lines.flatMap((line): Entry[] => {
            const entry = entryOf(line, of);
            return [
              { ...entry, day: dayOf(line.at, timeZone) },
              { ...entry, day: dayOf(line.reversedAt, timeZone), reversed: true },
            ];
          }),
        })),
      };
