import { describe, expect, it } from 'vitest';
import { untilSaved } from '../../../shared/dynamodb/until-saved.ts';
import { Conflict, PreconditionFailed } from '../../../shared/errors/errors.ts';

const failing = (times: number, error: Error) => {
  let calls = 0;
  const work = async (): Promise<number> => {
    calls += 1;
    if (calls <= times) throw error;
    return Promise.resolve(calls);
  };
  return { work, calls: () => calls };
};

describe('saving what others change as well', () => {
  it('is done anew where someone else saved in between', async () => {
    await expect(untilSaved(failing(7, new PreconditionFailed('stale')).work)).resolves.toBe(8);
  });

  it('is given up after eight attempts', async () => {
    const { work, calls } = failing(100, new PreconditionFailed('stale'));
    await expect(untilSaved(work)).rejects.toThrow(PreconditionFailed);
    expect(calls()).toBe(8);
  });

  it('is not repeated for any other reason', async () => {
    const { work, calls } = failing(100, new Conflict('taken'));
    await expect(untilSaved(work)).rejects.toThrow(Conflict);
    expect(calls()).toBe(1);
  });
});
