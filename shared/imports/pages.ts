import type { CsvRecord, FilePosition } from './csv-parser.ts';
import { PAGE_ROWS } from './kind.ts';

/** A page of long rows is a short one: this many bytes of the file, or one row more. */
const PAGE_BYTES = 4 * 1024 * 1024;

/** So many rows may wait at the end of the file, and so many bytes; more, and the import waits for their references at once. */
const MAX_WAITING = 2000;
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

const bytesOf = ({ from, to }: CsvRecord): number => to.byte - from.byte;

/** The wanted records in pages of up to `PAGE_ROWS`. What comes before an error is handed out before it is thrown. */
export async function* pagesOf(
  records: AsyncIterable<CsvRecord> | Iterable<CsvRecord>,
  isWanted: (record: CsvRecord) => boolean = () => true,
): AsyncGenerator<readonly CsvRecord[]> {
  let page: CsvRecord[] = [];
  let bytes = 0;
  let failure: { readonly error: unknown } | undefined;
  try {
    for await (const record of records) {
      if (!isWanted(record)) continue;
      page.push(record);
      bytes += bytesOf(record);
      if (page.length < PAGE_ROWS && bytes < PAGE_BYTES) continue;
      yield page;
      page = [];
      bytes = 0;
    }
  } catch (error) {
    failure = { error };
  }
  if (page.length > 0) yield page;
  if (failure !== undefined) throw failure.error;
}

/** The rows that wait for a reference, in the order of the file. */
export class WaitingRows {
  readonly #rows = new Map<number, CsvRecord>();
  #bytes = 0;

  get size(): number {
    return this.#rows.size;
  }

  get isFull(): boolean {
    return this.size >= MAX_WAITING || this.#bytes >= MAX_WAITING_BYTES;
  }

  /** Where the first of them is in the file; undefined where none waits. */
  get from(): FilePosition | undefined {
    const [first] = this.#rows.values();
    return first?.from;
  }

  records(): readonly CsvRecord[] {
    return [...this.#rows.values()];
  }

  add(record: CsvRecord): void {
    this.#rows.set(record.line, record);
    this.#bytes += bytesOf(record);
  }

  /** Of these lines, only those still wait. */
  keepOnly(lines: readonly number[], stillWaiting: readonly number[]): void {
    const kept = new Set(stillWaiting);
    for (const line of lines) {
      const record = this.#rows.get(line);
      if (record === undefined || kept.has(line)) continue;
      this.#rows.delete(line);
      this.#bytes -= bytesOf(record);
    }
  }
}
