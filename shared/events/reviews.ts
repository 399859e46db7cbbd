import * as z from 'zod';
import { MemberId, ReviewId } from '../ids/id.ts';
import { event } from './contract.ts';

const reviewed = { id: ReviewId, memberId: MemberId, period: z.string() };

/** What it says stays between the member and those who lead. */
export const ReviewChanged = event({
  service: 'team',
  name: 'ReviewChanged',
  major: 1,
  description: 'A review was begun, changed or acknowledged.',
  data: z.object({ ...reviewed, status: z.enum(['draft', 'completed', 'acknowledged']) }),
});

export const ReviewCompleted = event({
  service: 'team',
  name: 'ReviewCompleted',
  major: 1,
  description: 'A review was completed; from now on it never changes.',
  data: z.object({ ...reviewed, overall: z.int() }),
});
