import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { InvalidEvent, parseEnvelope } from '../../../shared/events/envelope.ts';
import { eventPattern } from '../../../shared/events/subscription.ts';
import { allContracts } from './contracts.ts';

/**
 * Events as they were published, one folder per detail-type. They stay: a change that one of them does not pass is
 * a new major, published beside the old one.
 */
const folder = new URL('fixtures/', import.meta.url);

const Fixture = z.looseObject({
  source: z.string(),
  'detail-type': z.string(),
  detail: z.object({ metadata: z.looseObject({}), data: z.record(z.string(), z.unknown()) }),
});
type Fixture = z.infer<typeof Fixture>;

const fixturesOf = (detailType: string): readonly (readonly [string, Fixture])[] => {
  const place = new URL(`${detailType}/`, folder);
  if (!existsSync(place)) return [];
  return readdirSync(place).map((name) => [
    `${detailType}/${name}`,
    Fixture.parse(JSON.parse(readFileSync(new URL(name, place), 'utf8'))),
  ]);
};

const all = readdirSync(folder).flatMap(fixturesOf);

/** Whether EventBridge would hand this event to someone who listens to all of today's contracts. */
const isDelivered = (fixture: Fixture): boolean => {
  const pattern = eventPattern({ contracts: allContracts });
  return pattern.source.includes(fixture.source) && pattern['detail-type'].includes(fixture['detail-type']);
};

const anotherMajor = (fixture: Fixture): Fixture => ({
  ...fixture,
  'detail-type': fixture['detail-type'].replace(/\.v\d+$/, '.v999'),
});

test.each(allContracts.map(({ detailType }) => [detailType]))('%s has a published example', (detailType) => {
  expect(fixturesOf(detailType).length).toBeGreaterThan(0);
});

test('detail-types are unique over all services', () => {
  const names = allContracts.map(({ detailType }) => detailType);
  expect(new Set(names).size).toBe(names.length);
});

describe.each(all)('%s', (_, fixture) => {
  test('is delivered and understood, with nothing of it lost', () => {
    expect(isDelivered(fixture)).toBe(true);
    const event = parseEnvelope(JSON.stringify(fixture), allContracts);
    expect(event).toMatchObject({ detailType: fixture['detail-type'], ...fixture.detail });
  });

  test('is understood with fields that a later version adds', () => {
    const detail = {
      ...fixture.detail,
      data: { ...fixture.detail.data, addedLater: true },
      addedLater: true,
    };
    expect(() => parseEnvelope(JSON.stringify({ ...fixture, detail }), allContracts)).not.toThrow();
  });

  test('is neither delivered nor taken under another major or from another source', () => {
    for (const foreign of [anotherMajor(fixture), { ...fixture, source: 'quotaline.elsewhere' }]) {
      expect(isDelivered(foreign)).toBe(false);
      expect(() => parseEnvelope(JSON.stringify(foreign), allContracts)).toThrow(InvalidEvent);
    }
  });

  test('is refused without its metadata or its data', () => {
    const { metadata, data } = fixture.detail;
    for (const detail of [{ data }, { metadata }, { metadata: { ...metadata, version: 0 }, data }, 'text'])
      expect(() => parseEnvelope(JSON.stringify({ ...fixture, detail }), allContracts)).toThrow(InvalidEvent);
  });
});
