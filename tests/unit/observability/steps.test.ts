import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { type Step, steps, stepsOf, tellSteps } from '../../../shared/observability/steps.ts';
import { observedLogger } from '../../support/observed.ts';

const LINE_BYTES = 256 * 1024;

const field = fc.constantFrom('a', 'b', 'ć', '…');
const step: fc.Arbitrary<Step> = fc.record(
  {
    correlationId: field,
    causationId: field,
    subject: field,
    outcome: field,
    version: fc.nat({ max: 2 }),
    about: fc.array(field, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ['correlationId', 'subject'] },
);

describe('the steps of a batch', () => {
  test.prop([fc.array(step, { maxLength: 20 })])('are read from the log as they were told', (told) => {
    const { logger, lines } = observedLogger();
    tellSteps(logger, steps.takenIn, told, { ms: 3 });
    const read = lines.flatMap(stepsOf);
    expect(read).toHaveLength(told.length);
    expect(read).toMatchObject(told.map((one) => ({ ...one, message: steps.takenIn, ms: 3 })));
  });

  test('are several lines where they are many, each within what CloudWatch takes', () => {
    const { logger, lines } = observedLogger();
    const told = Array.from({ length: 2_000 }, (_, index) => ({
      correlationId: `${'…'.repeat(120)}${index}`,
      subject: `bucket:rep:mem_01K00000000000000000000000#2026-11-23#${index}`,
      about: Array.from({ length: 10 }, () => 'deal_01K00000000000000000000000'),
    }));
    tellSteps(logger, steps.relayed, told);
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(Buffer.byteLength(JSON.stringify(line))).toBeLessThan(LINE_BYTES);
    expect(lines.flatMap(stepsOf).map(({ subject }) => subject)).toEqual(told.map(({ subject }) => subject));
  });

  test('are no line where there are none', () => {
    const { logger, lines } = observedLogger();
    tellSteps(logger, steps.relayed, []);
    expect(lines).toEqual([]);
  });

  test('are none in lines that tell something else', () => {
    expect([{ message: 'START' }, 'START', { _aws: {} }, undefined].flatMap(stepsOf)).toEqual([]);
  });
});

describe('a logged error', () => {
  test('tells its kind and causes, and neither addresses nor what it carries', () => {
    const { logger, lines } = observedLogger();
    const cause = Object.assign(new Error('554 rejected: rosa.conti@pastapro.example'), { code: 'EMAIL' });
    const error = Object.assign(new TypeError('Not mailed to <rosa.conti@pastapro.example>', { cause }), {
      item: { name: 'Rosa Conti' },
      attempts: 3,
    });
    logger.error('It failed', { error });
    expect(lines).toMatchObject([
      {
        level: 'ERROR',
        error: {
          name: 'TypeError',
          message: 'Not mailed to <(address)>',
          attempts: 3,
          cause: { message: '554 rejected: (address)', code: 'EMAIL' },
        },
      },
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/rosa/i);
  });
});
