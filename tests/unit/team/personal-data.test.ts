import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import {
  othersAreDone,
  type Part,
  type PersonalDataJob,
  withPart,
} from '../../../services/team/domain/personal-data.ts';
import { derivedId, JobId, MemberId } from '../../../shared/ids/id.ts';
import { Instant } from '../../../shared/time/instant.ts';

const now = Instant.parse('2026-11-23T09:30:00Z');
const asked: PersonalDataJob = {
  id: derivedId(JobId, 'erasure'),
  kind: 'member',
  subjectId: derivedId(MemberId, 'rosa'),
  action: 'erase',
  status: 'running',
  services: {},
  createdAt: now,
};
const done: Part = { status: 'succeeded', counts: {} };
const failed: Part = {
  status: 'failed',
  counts: {},
  problem: 'The job met an internal error; start it again.',
};
const all = ['deals', 'goals', 'metrics', 'team'] as const;

test.prop([fc.shuffledSubarray([...all, ...all], { minLength: 8 })])(
  'a request has succeeded once all services have, in whatever order and however often they say so',
  (order) => {
    let job = asked;
    const heard = new Set<string>();
    for (const service of order) {
      job = withPart(job, service, done, now);
      heard.add(service);
      expect(job.status).toBe(heard.size === all.length ? 'succeeded' : 'running');
      expect(othersAreDone(job)).toBe(['deals', 'goals', 'metrics'].every((each) => heard.has(each)));
    }
  },
);

test('a service that failed keeps the request from its end, until it succeeds after all', () => {
  const first = withPart(asked, 'deals', failed, now);
  expect(first.status).toBe('failed');
  expect(withPart(first, 'deals', done, now).status).toBe('running');
});

test('nothing that is heard late undoes a success', () => {
  const first = withPart(asked, 'deals', done, now);
  expect(withPart(first, 'deals', failed, now)).toBe(first);
});
