import { explained } from '../aws-errors.ts';
import type { Target } from '../target.ts';

/** One line of the view of everything. */
export interface Finding {
  /** `queue`, `function` … */
  readonly area: string;
  readonly what: string;
  readonly says: string;
  readonly needsPerson: boolean;
}

/** What one part of the system looks like. */
export type Check = (target: Target) => Promise<readonly Finding[]>;

/** The findings of a check; that it can’t be made is a finding too, for at three in the morning the rest still helps. */
export const findingsOf = async (area: string, check: Check, target: Target): Promise<readonly Finding[]> => {
  try {
    return await check(target);
  } catch (error) {
    const says = explained(error, target);
    if (says === undefined) throw error;
    return [{ area, what: 'could not be looked at', says, needsPerson: true }];
  }
};
