import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { compilePattern } from '../../infra/local/event-pattern.ts';

/** Patterns and events with EventBridge's own answers. */
const vectors = z
  .array(
    z.object({
      name: z.string(),
      event: z.unknown(),
      pattern: z.unknown(),
      matches: z.boolean().optional(),
      invalidPattern: z.string().optional(),
    }),
  )
  .parse(
    JSON.parse(readFileSync(new URL('../../../shared/data/event-patterns.json', import.meta.url), 'utf8')),
  );

describe('event patterns answer as EventBridge does', () => {
  test.each(vectors)('$name', ({ event, pattern, matches, invalidPattern }) => {
    if (invalidPattern === undefined) expect(compilePattern(pattern)(event)).toBe(matches);
    else expect(() => compilePattern(pattern)).toThrow(invalidPattern);
  });
});
