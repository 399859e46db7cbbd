import * as z from 'zod';
import { InvalidTransition, Unprocessable } from '../../../shared/errors/errors.ts';
import { MeasuredKpi } from '../../../shared/events/briefings.ts';
import type { Role } from '../../../shared/events/team.ts';
import { MemberId, RequestId, ReviewId } from '../../../shared/ids/id.ts';
import { Day, Instant } from '../../../shared/time/instant.ts';
import type { Period } from '../../../shared/time/period.ts';
import { daysBetween } from '../../../shared/time/zone.ts';

export const Competency = z.enum(['results', 'pipelineDiscipline', 'customerFocus', 'teamwork', 'coaching']);
export type Competency = z.infer<typeof Competency>;

export const Grade = z.int().min(1, 'must be 1 to 5').max(5, 'must be 1 to 5');

export const Rating = z.object({
  competency: Competency,
  /** What the role asks for, 1–5. */
  expectation: Grade,
  /** Absent until it is given. */
  rating: Grade.optional(),
  comment: z.string().optional(),
});
export type Rating = z.infer<typeof Rating>;

export const ReviewStatus = z.enum(['draft', 'completed', 'acknowledged']);

export const Review = z.object({
  id: ReviewId,
  memberId: MemberId,
  reviewerId: MemberId.optional(),
  period: z.string(),
  /** The period’s days when the review was begun, half-open: another fiscal calendar moves no review. */
  from: Day,
  to: Day,
  status: ReviewStatus,
  ratings: z.array(Rating),
  strengths: z.string().optional(),
  improvements: z.string().optional(),
  overall: Grade.optional(),
  snapshot: z
    .object({ requestId: RequestId, asOf: Instant, kpis: z.record(z.string(), MeasuredKpi) })
    .optional(),
  /** What metrics was asked last. */
  request: RequestId,
  completedAt: Instant.optional(),
  acknowledgement: z.object({ at: Instant, comment: z.string().optional() }).optional(),
  createdAt: Instant,
});
export type Review = z.infer<typeof Review>;
export type Snapshot = NonNullable<Review['snapshot']>;

const expectations: Readonly<Record<Role, Readonly<Partial<Record<Competency, number>>>>> = {
  rep: { results: 3, pipelineDiscipline: 3, customerFocus: 3, teamwork: 3 },
  manager: { results: 4, pipelineDiscipline: 4, customerFocus: 3, teamwork: 4, coaching: 4 },
  admin: { results: 3, pipelineDiscipline: 3, customerFocus: 3, teamwork: 4 },
};

/** What is expected of a role, nothing rated yet. */
export const expectedOf = (role: Role): Rating[] =>
  Competency.options.flatMap((competency) => {
    const expectation = expectations[role][competency];
    return expectation === undefined ? [] : [{ competency, expectation }];
  });

/** The ratings with others over them, each competency once; those of no former rating need an expectation. */
export const withRatings = (
  before: readonly Rating[],
  given: readonly (Omit<Rating, 'expectation'> & { readonly expectation?: number | undefined })[],
): Rating[] => {
  const known = new Map(before.map((rating) => [rating.competency, rating]));
  const named = given.map(({ competency }) => competency);
  const errors = given.flatMap(({ competency, expectation }, index) => [
    ...(named.indexOf(competency) < index
      ? [{ path: `/ratings/${String(index)}/competency`, message: 'must be rated once' }]
      : []),
    ...(expectation === undefined && !known.has(competency)
      ? [
          {
            path: `/ratings/${String(index)}/expectation`,
            message: `must be given, for the member’s role expects nothing of ${competency}`,
          },
        ]
      : []),
  ]);
  if (errors.length > 0) throw new Unprocessable('The ratings do not fit the role.', errors);
  for (const { expectation, ...rating } of given) {
    const expected = expectation ?? known.get(rating.competency)?.expectation;
    if (expected !== undefined) known.set(rating.competency, { ...rating, expectation: expected });
  }
  return [...known.values()];
};

const MAX_DAYS = 366;

/** Throws Unprocessable for a period that has not begun, or is longer than a year. */
export const assertReviewable = ({ text, from, to }: Period, today: Day): void => {
  const wrong =
    from > today
      ? 'must have begun'
      : daysBetween(from, to) > MAX_DAYS
        ? 'must be a year at most'
        : undefined;
  if (wrong !== undefined)
    throw new Unprocessable(`${text} can’t be reviewed.`, [{ path: '/period', message: wrong }]);
};

/** Throws InvalidTransition once it is completed. */
export const assertDraft = ({ id, status }: Review, doing: string): void => {
  if (status !== 'draft') throw new InvalidTransition(`The review ${id} is ${status} and can’t be ${doing}.`);
};

/** Throws InvalidTransition without numbers or for a second time, Unprocessable with everything that is not rated. */
export const completeReview = <R extends Review>(review: R, now: Instant): R & { overall: number } => {
  assertDraft(review, 'completed');
  if (review.snapshot === undefined)
    throw new InvalidTransition(`The numbers of the review ${review.id} are still on their way.`);
  const { overall } = review;
  const unrated = review.ratings.flatMap(({ rating, competency }, index) =>
    rating === undefined
      ? [{ path: `/ratings/${String(index)}/rating`, message: `${competency} must be rated first` }]
      : [],
  );
  if (overall === undefined || unrated.length > 0)
    throw new Unprocessable('The review is not finished.', [
      ...unrated,
      ...(overall === undefined ? [{ path: '/overall', message: 'must be given first' }] : []),
    ]);
  return { ...review, overall, status: 'completed', completedAt: now };
};

/** Throws InvalidTransition for a draft, or for a second time. */
export const acknowledgeReview = <R extends Review>(
  review: R,
  comment: string | undefined,
  at: Instant,
): R => {
  if (review.status !== 'completed')
    throw new InvalidTransition(`The review ${review.id} is ${review.status} and can’t be acknowledged.`);
  return { ...review, status: 'acknowledged', acknowledgement: { at, ...(comment && { comment }) } };
};

/** Takes the numbers in while the review is a draft; undefined where they are not what it asked for last, or too late. */
export const withSnapshot = <R extends Review>(review: R, snapshot: Snapshot): R | undefined =>
  review.status === 'draft' && review.request === snapshot.requestId ? { ...review, snapshot } : undefined;
