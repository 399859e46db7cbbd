import * as z from 'zod';
import { Conflict, InvalidTransition, Unprocessable } from '../../../shared/errors/errors.ts';
import { Actor } from '../../../shared/events/contract.ts';
import { CandidateStage, OpenStage } from '../../../shared/events/people.ts';
import { CandidateId, MemberId, TeamId } from '../../../shared/ids/id.ts';
import { Instant, instantFrom } from '../../../shared/time/instant.ts';

export const Recommendation = z.enum(['strongYes', 'yes', 'no', 'strongNo']);

/** What one person found in one stage. */
export const Scorecard = z.object({
  stage: OpenStage,
  by: Actor,
  at: Instant,
  /** Scores are 1–5. */
  criteria: z.array(z.object({ name: z.string(), score: z.int() })),
  recommendation: Recommendation,
  comment: z.string().optional(),
});
export type Scorecard = z.infer<typeof Scorecard>;

export const CandidateState = z.object({
  id: CandidateId,
  name: z.string(),
  email: z.string(),
  phone: z.string().optional(),
  source: z.string().optional(),
  /** What the candidate applied for: `Account executive`. */
  role: z.string(),
  teamId: TeamId.optional(),
  stage: CandidateStage,
  stageHistory: z.array(
    z.object({ stage: CandidateStage, at: Instant, by: Actor, reason: z.string().optional() }),
  ),
  notes: z.array(z.object({ text: z.string(), at: Instant, by: Actor })),
  scorecards: z.array(Scorecard),
  memberId: MemberId.optional(),
  /** From when on nothing may be known of a rejected one. */
  expiresAt: Instant.optional(),
});
export type CandidateState = z.infer<typeof CandidateState>;

/** By whom and when something is done. */
export interface Deed {
  readonly at: Instant;
  readonly by: Actor;
}

/** One item holds it all, and takes 400 KB. */
export const MOST_NOTES = 100;
const MOST_SCORECARDS = 100;
const MOST_STAGES = 200;

export const isOpen = (stage: CandidateStage): stage is OpenStage => OpenStage.safeParse(stage).success;

const entered = <Candidate extends CandidateState>(
  candidate: Candidate,
  stage: CandidateStage,
  { at, by }: Deed,
  reason?: string,
): Candidate => {
  if (candidate.stageHistory.length >= MOST_STAGES)
    throw new Conflict(`${candidate.id} has changed its stage ${String(MOST_STAGES)} times; that is enough.`);
  const entry = { stage, at, by, ...(reason === undefined ? {} : { reason }) };
  return { ...candidate, stage, stageHistory: [...candidate.stageHistory, entry] };
};

const assertOpen = ({ id, stage }: CandidateState, what: string): void => {
  if (!isOpen(stage)) throw new InvalidTransition(`${id} is ${stage} and can’t be ${what}.`);
};

export const newCandidate = (
  details: Omit<CandidateState, 'stage' | 'stageHistory' | 'notes' | 'scorecards'>,
  deed: Deed,
): CandidateState =>
  entered({ ...details, stage: 'applied', stageHistory: [], notes: [], scorecards: [] }, 'applied', deed);

/**
 * Moves on by one stage or several, or back with a reason. Throws InvalidTransition for one who is hired or rejected, or
 * there already; Unprocessable for going back without a reason.
 */
export const moveCandidate = <Candidate extends CandidateState>(
  candidate: Candidate,
  { stage, reason }: { readonly stage: OpenStage; readonly reason?: string | undefined },
  deed: Deed,
): Candidate => {
  assertOpen(candidate, 'moved');
  if (stage === candidate.stage) throw new InvalidTransition(`${candidate.id} is in ${stage} already.`);
  const order: readonly string[] = OpenStage.options;
  if (order.indexOf(stage) < order.indexOf(candidate.stage) && reason === undefined)
    throw new Unprocessable(`Going back from ${candidate.stage} to ${stage} needs a reason.`, [
      { path: '/reason', message: 'must be given when a candidate goes back' },
    ]);
  return entered(candidate, stage, deed, reason);
};

/** What is known of the candidate ends `retentionDays` later. Throws InvalidTransition for one who is hired or rejected. */
export const rejectCandidate = <Candidate extends CandidateState>(
  candidate: Candidate,
  { reason, retentionDays }: { readonly reason: string; readonly retentionDays: number },
  deed: Deed,
): Candidate => {
  assertOpen(candidate, 'rejected');
  const expiresAt = instantFrom(Date.parse(deed.at) + retentionDays * 86_400_000);
  return { ...entered(candidate, 'rejected', deed, reason), expiresAt };
};

/** Back to the stage in which the candidate was rejected. Throws InvalidTransition for one who is not rejected. */
export const reopenCandidate = <Candidate extends CandidateState>(
  candidate: Candidate,
  reason: string,
  deed: Deed,
): Candidate => {
  if (candidate.stage !== 'rejected')
    throw new InvalidTransition(`${candidate.id} is in ${candidate.stage}; only a rejected one is reopened.`);
  const last = candidate.stageHistory.findLast(({ stage }) => isOpen(stage));
  return { ...entered(candidate, last?.stage ?? 'applied', deed, reason), expiresAt: undefined };
};

/** Throws InvalidTransition unless an offer has been made. */
export const assertHireable = ({ id, stage }: CandidateState): void => {
  if (stage !== 'offer') throw new InvalidTransition(`${id} is in ${stage}; hire from offer.`);
};

export const hireCandidate = <Candidate extends CandidateState>(
  candidate: Candidate,
  memberId: MemberId,
  deed: Deed,
): Candidate => {
  assertHireable(candidate);
  return { ...entered(candidate, 'hired', deed), memberId };
};

/** Throws Conflict for more notes than one item holds. */
export const noteOn = <Candidate extends CandidateState>(
  candidate: Candidate,
  text: string,
  { at, by }: Deed,
): Candidate => {
  if (candidate.notes.length >= MOST_NOTES)
    throw new Conflict(`${candidate.id} has ${String(MOST_NOTES)} notes; that is the most.`);
  return { ...candidate, notes: [...candidate.notes, { text, at, by }] };
};

/** In the present stage; an author’s second one there replaces the first. Throws InvalidTransition, Conflict. */
export const scoreCandidate = <Candidate extends CandidateState>(
  candidate: Candidate,
  card: Pick<Scorecard, 'criteria' | 'recommendation' | 'comment'>,
  { at, by }: Deed,
): Candidate => {
  const { id, stage, scorecards } = candidate;
  if (!isOpen(stage)) throw new InvalidTransition(`${id} is ${stage} and can’t be scored.`);
  const others = scorecards.filter((each) => each.by !== by || each.stage !== stage);
  if (others.length >= MOST_SCORECARDS)
    throw new Conflict(`${id} has ${String(MOST_SCORECARDS)} scorecards; that is the most.`);
  return { ...candidate, scorecards: [...others, { ...card, stage, by, at }] };
};

/** Whether it has been forgotten who this was: everyone else has an address. */
export const isErased = ({ email }: CandidateState): boolean => email === '';

/** Throws InvalidTransition for one of whom nothing may be written down any more. */
export const assertNotErased = (candidate: CandidateState): void => {
  if (isErased(candidate))
    throw new InvalidTransition(`${candidate.id} has been erased; a new application is a new candidate.`);
};

/** DynamoDB deletes what has expired within days; until then it must look as if it had. */
export const hasExpired = ({ expiresAt }: CandidateState, now: Instant): boolean =>
  expiresAt !== undefined && expiresAt <= now;
