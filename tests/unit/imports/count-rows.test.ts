import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { countRecords } from '../../../shared/imports/count-rows.ts';
import { csvRecords } from '../../../shared/imports/csv.ts';

async function* cut(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const parsed = async (text: string): Promise<number | undefined> => {
  let count = 0;
  try {
    for await (const _ of csvRecords([text])) count += 1;
    return count;
  } catch {
    return undefined;
  }
};

describe('the rows of a file', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'é', '"', ',', '\n', ' ', '\r\n', '\r', '""'),
    maxLength: 40,
  });

  test.prop([text, fc.integer({ min: 1, max: 9 })], { numRuns: 300 })(
    'are as many when they are counted as when they are parsed',
    async (file, size) => {
      const records = await parsed(file);
      // Files that can’t be parsed fail anyway, where the parser says.
      if (records !== undefined) expect(await countRecords(cut(Buffer.from(file), size))).toBe(records);
    },
  );
});
