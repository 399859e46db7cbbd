import { fc, test } from '@fast-check/vitest';
import { stringify } from 'csv-stringify/sync';
import { describe, expect, it } from 'vitest';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import { csvRecords, type CsvRecord } from '../../../shared/imports/csv.ts';
import { utf8Text } from '../../../shared/imports/encoding.ts';

const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
};

const read = async (text: string | readonly string[]): Promise<CsvRecord[]> =>
  collect(csvRecords(typeof text === 'string' ? [text] : text));

describe('the records of a CSV file', () => {
  it('bear the line on which they start, through quoted line breaks, blank lines and any kind of line end', async () => {
    const records = await read('name,note\r\n\r\n"Rosa\r\nBianchi",x\r\n\nMarco,y\r,\nEva,"a\n\n"\nLeo,z');
    expect(records.map(({ line, cells }) => [line, cells[0]])).toEqual([
      [1, 'name'],
      [3, 'Rosa\nBianchi'],
      [6, 'Marco'],
      [8, 'Eva'],
      [11, 'Leo'],
    ]);
  });

  it('keep quotes that stand within a cell', async () => {
    expect((await read('size\n5" pipe\n')).at(1)?.cells).toEqual(['5" pipe']);
  });

  it('name the line where a quote is never closed', async () => {
    await expect(read('a,b\n1,2\n3,"4\n5,6\n')).rejects.toThrow(
      /after line 2 can’t be read: a quote is opened and never closed/,
    );
    await expect(read(`a,b\n1,2\n3,"${'4\n'.repeat(200_000)}`)).rejects.toThrow(Unprocessable);
  });

  it('can be left half-way', async () => {
    for await (const { cells } of csvRecords(['a\n', ...Array.from({ length: 10_000 }, () => '1\n')])) {
      expect(cells).toEqual(['a']);
      break;
    }
  });

  it('pass on what goes wrong while the file is read', async () => {
    async function* broken() {
      yield 'a,b\n';
      await Promise.resolve();
      throw new RangeError('storage is away');
    }
    await expect(collect(csvRecords(broken()))).rejects.toThrow('storage is away');
  });

  const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', ' ', '\r\n', '€') });
  test.prop([
    fc.array(fc.tuple(cell, cell, fc.constant('.')), { minLength: 1, maxLength: 20 }),
    fc.integer({ min: 1, max: 7 }),
  ])('come out as they were written, however the file is cut into chunks', async (rows, size) => {
    const text = stringify(rows.map((row) => [...row]));
    const chunks = text.match(new RegExp(`[^]{1,${String(size)}}`, 'g')) ?? [];
    const records = await read(chunks);
    expect(records.map(({ cells }) => cells)).toEqual(
      rows.map((row) => row.map((each) => each.replaceAll('\r\n', '\n'))),
    );
    const lines = text.replaceAll('\r\n', '\n').split('\n');
    for (const { line, cells } of records) {
      const start = (cells[0] ?? '').split('\n')[0] ?? '';
      expect(lines[line - 1]?.replaceAll('"', '')).toContain(start.replaceAll('"', ''));
    }
  });
});

describe('the encoding of a file', () => {
  const detail = (text: string) => {
    try {
      utf8Text(text);
    } catch (error) {
      if (error instanceof Unprocessable) return error.detail;
    }
    return undefined;
  };

  it('is UTF-8, with or without a byte order mark', () => {
    expect(utf8Text('name\nZoë €')).toBe('name\nZoë €');
    expect(utf8Text('\uFEFFname\n')).toBe('name\n');
  });

  it('is refused when it is UTF-16', () => {
    const text = new TextDecoder('utf-8').decode(Buffer.from('\uFEFFname\nRosa', 'utf16le'));
    expect(detail(text)).toMatch(/must be UTF-8.*UTF-16/);
  });

  it('is refused when it is Latin-1, saying where', () => {
    const text = new TextDecoder('utf-8').decode(Buffer.from('name\nRosa\nZoë', 'latin1'));
    expect(detail(text)).toMatch(/must be UTF-8.*Latin-1.*line 3, byte 12/);
  });

  it('is refused when UTF-8 was read as Latin-1 on the way', () => {
    expect(detail(Buffer.from('\uFEFFname\n', 'utf8').toString('latin1'))).toMatch(
      /UTF-8 that was read as Latin-1/,
    );
  });
});
