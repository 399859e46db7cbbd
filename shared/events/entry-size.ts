/**
 * The bus takes 1 MB, for one entry as for all entries of a call together. Decimal, the smaller reading of a
 * megabyte, so that what is accepted when the state is written is accepted by the bus.
 */
export const MAX_ENTRY_BYTES = 1_000_000;

/** What EventBridge counts of an entry without time and resources: UTF-8 bytes of source, detail-type and detail. */
export const entryBytes = (entry: {
  readonly source: string;
  readonly detailType: string;
  readonly detail: string;
}): number =>
  Buffer.byteLength(entry.source, 'utf8') +
  Buffer.byteLength(entry.detailType, 'utf8') +
  Buffer.byteLength(entry.detail, 'utf8');
