import type { Table } from '../../../shared/dynamodb/table.ts';
import type { KpisMeasured } from '../../../shared/events/briefings.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import type { EventData } from '../../../shared/events/contract.ts';
import type { Outcome } from '../../../shared/events/outcome.ts';

export type MeasuredKpis = EventData<typeof KpisMeasured>;

/** Puts metrics’ answer where it was asked for. Must stand repetition, and an answer that nobody waits for any more. */
export type TakeKpis = (
  measured: MeasuredKpis,
  to: { readonly table: Table; readonly cause: Cause },
) => Promise<Outcome>;
