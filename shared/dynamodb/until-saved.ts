import { PreconditionFailed } from '../errors/errors.ts';

const ATTEMPTS = 8;

/**
 * Reads, changes and saves anew where someone else saved in between, as often as 8 times. Throws PreconditionFailed when
 * that was in vain.
 */
export const untilSaved = async <T>(work: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PreconditionFailed) || attempt >= ATTEMPTS) throw error;
    }
  }
};
