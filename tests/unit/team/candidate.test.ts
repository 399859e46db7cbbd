import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CandidateState,
  hasExpired,
  hireCandidate,
  isOpen,
  MOST_NOTES,
  moveCandidate,
  newCandidate,
  noteOn,
  rejectCandidate,
  reopenCandidate,
  scoreCandidate,
} from '../../../services/team/domain/candidate.ts';
import { OpenStage } from '../../../shared/events/people.ts';
import { CandidateId, derivedId, MemberId } from '../../../shared/ids/id.ts';
import { Instant } from '../../../shared/time/instant.ts';

const deed = { at: Instant.parse('2026-11-23T09:30:00Z'), by: 'mem_giulia' } as const;
const livia = newCandidate(
  { id: derivedId(CandidateId, 'livia'), name: 'Livia Serra', email: 'livia@example.com', role: 'Rep' },
  deed,
);
const inStage = (stage: OpenStage): CandidateState =>
  stage === 'applied' ? livia : moveCandidate(livia, { stage }, deed);
const rejected = rejectCandidate(inStage('interview'), { reason: 'too far', retentionDays: 180 }, deed);

describe('a candidate', () => {
  it('passes the stages one by one or several at once, and each is kept with when and by whom', () => {
    const offered = moveCandidate(inStage('screening'), { stage: 'offer' }, deed);
    expect(offered.stageHistory.map(({ stage }) => stage)).toEqual(['applied', 'screening', 'offer']);
    expect(offered.stageHistory.at(-1)).toEqual({ stage: 'offer', ...deed });
  });

  it('goes back for a reason alone, and nowhere twice', () => {
    expect(() => moveCandidate(inStage('offer'), { stage: 'applied' }, deed)).toThrow('needs a reason');
    const back = moveCandidate(inStage('offer'), { stage: 'applied', reason: 'other role' }, deed);
    expect(back).toMatchObject({ stage: 'applied' });
    expect(() => moveCandidate(back, { stage: 'applied', reason: 'again' }, deed)).toThrow('already');
  });

  it('is hired from an offer alone, once', () => {
    const memberId = derivedId(MemberId, 'livia');
    expect(() => hireCandidate(inStage('interview'), memberId, deed)).toThrow('hire from offer');
    const hired = hireCandidate(inStage('offer'), memberId, deed);
    expect(hired).toMatchObject({ stage: 'hired', memberId });
    expect(() => hireCandidate(hired, memberId, deed)).toThrow('hire from offer');
    expect(() => rejectCandidate(hired, { reason: 'x', retentionDays: 1 }, deed)).toThrow(
      'can’t be rejected',
    );
  });

  it('who was rejected is known until the retention ends, and comes back where they were', () => {
    expect(rejected.expiresAt).toBe('2027-05-22T09:30:00.000Z');
    expect(hasExpired(rejected, Instant.parse('2027-05-22T09:29:59Z'))).toBe(false);
    expect(hasExpired(rejected, Instant.parse('2027-05-22T09:30:00Z'))).toBe(true);
    expect(() => moveCandidate(rejected, { stage: 'offer' }, deed)).toThrow('can’t be moved');
    const reopened = reopenCandidate(rejected, 'a place came free', deed);
    expect(reopened).toMatchObject({ stage: 'interview', expiresAt: undefined });
    expect(() => reopenCandidate(reopened, 'again', deed)).toThrow('only a rejected one');
  });

  it('has one scorecard of each author in each stage, the last', () => {
    const card = (score: number) => ({
      criteria: [{ name: 'Listening', score }],
      recommendation: 'yes' as const,
    });
    const once = scoreCandidate(livia, card(2), deed);
    const twice = scoreCandidate(once, card(4), deed);
    expect(twice.scorecards).toMatchObject([{ stage: 'applied', criteria: [{ score: 4 }] }]);
    const byAnother = scoreCandidate(twice, card(3), { ...deed, by: 'mem_marta' });
    const later = scoreCandidate(moveCandidate(byAnother, { stage: 'offer' }, deed), card(5), deed);
    expect(later.scorecards.map(({ stage, by }) => `${stage} ${by}`)).toEqual([
      'applied mem_giulia',
      'applied mem_marta',
      'offer mem_giulia',
    ]);
    expect(() => scoreCandidate(rejected, card(1), deed)).toThrow('can’t be scored');
  });

  it('has as many notes as one item holds', () => {
    let full: CandidateState = livia;
    for (let n = 0; n < MOST_NOTES; n += 1) full = noteOn(full, `note ${String(n)}`, deed);
    expect(full.notes).toHaveLength(MOST_NOTES);
    expect(() => noteOn(full, 'one more', deed)).toThrow('that is the most');
  });

  it('is open, hired, or rejected with an end, whatever is tried in whatever order', () => {
    const reason = 'because';
    const step = fc.oneof(
      fc
        .constantFrom(...OpenStage.options)
        .map((stage) => (one: CandidateState) => moveCandidate(one, { stage, reason }, deed)),
      fc.constant((one: CandidateState) => rejectCandidate(one, { reason, retentionDays: 30 }, deed)),
      fc.constant((one: CandidateState) => reopenCandidate(one, reason, deed)),
      fc.constant((one: CandidateState) => hireCandidate(one, derivedId(MemberId, 'livia'), deed)),
    );
    const attempt = (one: CandidateState, take: (one: CandidateState) => CandidateState): CandidateState => {
      try {
        return take(one);
      } catch {
        return one;
      }
    };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const end = steps.reduce(attempt, livia);
        expect(end.stageHistory.at(-1)?.stage).toBe(end.stage);
        expect(end.expiresAt !== undefined).toBe(end.stage === 'rejected');
        expect(end.memberId !== undefined).toBe(end.stage === 'hired');
        expect(isOpen(end.stage)).toBe(!['hired', 'rejected'].includes(end.stage));
      }),
    );
  });
});
