import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { functionLog } from '../../../infra/local/function-log.ts';
import { MalformedQuery, parseLogQuery, valueOf, type LogLine } from '../../../infra/local/log-query.ts';

const line = (message: string): LogLine => ({
  timestamp: 1_767_225_600_123,
  group: '/aws/lambda/x',
  message,
});
const matches = (filter: string, message: string) =>
  parseLogQuery(`fields @message | filter ${filter}`).matches(line(message));

describe('a query of the logs', () => {
  test('says which fields, in which order, and how many', () => {
    const query = parseLogQuery(
      'fields @timestamp, @log, level | filter @message like "deal_1 | won" | sort @timestamp asc | limit 20',
    );
    expect(query).toMatchObject({ fields: ['@timestamp', '@log', 'level'], newestFirst: false, limit: 20 });
    expect(query.matches(line('… deal_1 | won …'))).toBe(true);
  });

  test.each([
    ['@message like "a"', 'cat', true],
    ["@message like 'dog'", 'cat', false],
    ['@message not like "dog"', 'cat', true],
    ['not @message like "cat"', 'cat', false],
    ['@message like /C.T/', 'cat', false],
    ['@message like /C.T/i', 'cat', true],
    ['@message like "a\\"b"', 'a"b', true],
    ['@message like "dog" or @message like "cat"', 'cat', true],
    ['@message like "dog" and @message like "cat"', 'cat', false],
    ['@message like "cat" or @message like "dog" and @message like "cow"', 'cat', true],
    ['(@message like "cat" or @message like "dog") and @message like "cow"', 'cat', false],
    ['level = "ERROR"', '{"level":"ERROR"}', true],
    ['level != "ERROR" and detail.n like "1"', '{"level":"INFO","detail":{"n":12}}', true],
  ])('with the filter %s, of %s: %s', (filter, message, expected) => {
    expect(matches(filter, message)).toBe(expected);
  });

  test('shows Logs’ own fields, and those of a line that is JSON', () => {
    const json = line('{"level":"INFO","ids":["a"]}');
    expect(['@timestamp', '@log', 'level', 'ids', 'nothing'].map((field) => valueOf(json, field))).toEqual([
      '2026-01-01 00:00:00.123',
      '000000000000:/aws/lambda/x',
      'INFO',
      '["a"]',
      undefined,
    ]);
  });

  test.each([
    'stats count(*) by bin(5m)',
    'fields @message | parse @message "x*" as y',
    'fields strlen(@message)',
    'filter @message ~= "x"',
    'filter @message like',
    'filter (@message like "x"',
    'filter @message like /(/',
    'sort level',
    'limit 0',
    'limit 10001',
  ])('of another form is refused: %s', (query) => {
    expect(() => parseLogQuery(query)).toThrow(MalformedQuery);
  });
});

describe('the log of the functions', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'quotaline-log-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test('is read from both files, each line with its group and time, a stack trace with the line before it', async () => {
    writeFileSync(
      join(folder, 'functions.log.1'),
      '[deals-api] {"message":"first","timestamp":"2026-01-01T00:00:00.000Z"}\n',
    );
    writeFileSync(
      join(folder, 'functions.log'),
      '[deals-relay] Error: no\n    at somewhere\n[nobody] lost\n[deals-api] {"timestamp":"2026-01-01T00:00:01.000Z"}\n',
    );
    const lines: LogLine[] = [];
    for await (const one of functionLog(folder, (label) => (label.startsWith('deals') ? label : undefined)))
      lines.push(one);
    expect(lines).toEqual([
      {
        timestamp: Date.parse('2026-01-01T00:00:00Z'),
        group: 'deals-api',
        message: '{"message":"first","timestamp":"2026-01-01T00:00:00.000Z"}',
      },
      {
        timestamp: Date.parse('2026-01-01T00:00:00Z'),
        group: 'deals-relay',
        message: 'Error: no\n    at somewhere\n[nobody] lost',
      },
      {
        timestamp: Date.parse('2026-01-01T00:00:01Z'),
        group: 'deals-api',
        message: '{"timestamp":"2026-01-01T00:00:01.000Z"}',
      },
    ]);
  });
});
