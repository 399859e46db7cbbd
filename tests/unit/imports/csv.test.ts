import { fc, test } from '@fast-check/vitest';
import { stringify } from 'csv-stringify/sync';
import { describe, expect, it } from 'vitest';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import { csvRecords } from '../../../shared/imports/csv.ts';
import type { CsvRecord } from '../../../shared/imports/csv-parser.ts';
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
      /after line 2 can’t be read: a quote is opened and never closed\. It was opened on line 3/,
    );
    await expect(read('a,b\n"x\ny","z""\n\nw\n')).rejects.toThrow(/opened on line 3/);
    await expect(read(`a,b\n1,2\n3,"${'4\n'.repeat(200_000)}`)).rejects.toThrow(
      /after line 2 .* longer than 128 KB.*opened on line 3/,
    );
  });

  it('name the line of a cell of a megabyte, quoted or not', async () => {
    const long = 'x'.repeat(1024 * 1024);
    await expect(read(`a,b\n1,2\n3,${long}\n`)).rejects.toThrow(/after line 2 .* it is longer than 128 KB\./);
    await expect(read(`a,b\n1,2\n3,"${long}"\n`)).rejects.toThrow(/after line 2 .* longer than 128 KB/);
  });

  it.each([
    ['a quote that is never closed', 'a,b\n1,2\n\n3,4\n5,"6\n'],
    ['a byte that is no UTF-8', Buffer.concat([Buffer.from('a,b\n1,2\n\n3,4\n5,'), Buffer.from([0xeb])])],
    ['a zero byte', 'a,b\n1,2\n\n3,4\n5,\0\n'],
  ])('that come before %s are handed out first', async (_, file) => {
    const lines: number[] = [];
    const all = async () => {
      for await (const { line } of csvRecords([file])) lines.push(line);
    };
    await expect(all()).rejects.toThrow(/line [45]/);
    expect(lines).toEqual([1, 2, 4]);
  });

  it.each([
    ['an Excel workbook', Buffer.from('PK\u0003\u0004\u0000'), /ZIP archive or an Excel workbook/],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0]), /compressed by gzip/],
    ['UTF-16', Buffer.from('\uFEFFname\nRosa', 'utf16le'), /UTF-16/],
    ['Latin-1', Buffer.from('name\nZoë\n', 'latin1'), /Latin-1.*line 2, byte 7/],
  ])('are not looked for in %s', async (_, file, message) => {
    await expect(collect(csvRecords([file]))).rejects.toThrow(message);
  });

  it('are the same whether a byte order mark comes before them or not', async () => {
    const [marked, plain] = await Promise.all([read('\uFEFFa,b\r\n1,2\r\n'), read('a,b\r\n1,2\r\n')]);
    expect(marked.map(({ cells }) => cells)).toEqual(plain.map(({ cells }) => cells));
    expect(marked.map(({ to }) => to)).toEqual(plain.map(({ to }) => ({ ...to, byte: to.byte + 3 })));
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
    const bytes = Buffer.from(text);
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    );
    const records = await collect(csvRecords(chunks));
    expect(records.map(({ cells }) => cells)).toEqual(
      rows.map((row) => row.map((each) => each.replaceAll('\r\n', '\n'))),
    );
    for (const { from, to, line } of records) {
      const rest = await collect(csvRecords([Buffer.from(text).subarray(from.byte)], from));
      expect(rest[0]).toEqual(records.find((each) => each.line === line));
      const after = await collect(csvRecords([Buffer.from(text).subarray(to.byte)], to));
      expect(after).toEqual(records.filter((each) => each.line > line));
    }
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
