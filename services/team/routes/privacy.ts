import { GetObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import * as z from 'zod';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import type { ServiceName } from '../../../shared/events/contract.ts';
import { type PersonalDataAction, PersonKind } from '../../../shared/events/privacy.ts';
import { idOfNew } from '../../../shared/http/idempotency.ts';
import { type RequestFacts, route } from '../../../shared/http/route.ts';
import { CandidateId, JobId, MemberId } from '../../../shared/ids/id.ts';
import type { ImportStorage } from '../../../shared/imports/storage.ts';
import { exportKey } from '../../../shared/privacy/personal-data-job.ts';
import { assertErasable, PersonalDataJob } from '../domain/personal-data.ts';
import { PersonalDataRequests } from '../privacy/requests.ts';
import { Candidates } from '../store/candidates.ts';
import type { TeamDeps } from './deps.ts';

/** How long a link to what is held of a person can be followed. */
const LINK_SECONDS = 15 * 60;

const params = z.object({ kind: z.union([PersonKind, z.literal('contact')]), id: z.string().max(100) });
type Person = z.infer<typeof params>;

const Links = z.object({
  team: z.string().optional(),
  deals: z.string().optional(),
  goals: z.string().optional(),
  metrics: z.string().optional(),
});

const Shown = PersonalDataJob.extend({
  version: z.int(),
  files: Links.optional().describe(
    'Of an export: where to fetch what each service holds. The links end after 15 minutes, the files after 7 days.',
  ),
}).meta({ id: 'PersonalDataJob' });

/** Throws NotFound, Unprocessable for contacts, Conflict for erasing someone who works here. */
const assertPerson = async ({ kind, id }: Person, action: PersonalDataAction, deps: TeamDeps) => {
  if (kind === 'contact')
    throw new Unprocessable(
      'Contacts of accounts are not kept yet, so nothing of them can be erased or exported.',
      [{ path: '/kind', message: 'must be member or candidate' }],
    );
  if (kind === 'candidate')
    await new Candidates(deps.table, deps.cause).get(CandidateId.safeParse(id).data ?? id);
  else {
    const member = await deps.members.get(MemberId.safeParse(id).data ?? id);
    if (action === 'erase') assertErasable(member);
  }
  return kind;
};

const request = async (
  { params: person, ...facts }: Pick<RequestFacts, 'idempotencyKey' | 'requestHash'> & { params: Person },
  action: PersonalDataAction,
  deps: TeamDeps,
) => {
  const kind = await assertPerson(person, action, deps);
  return new PersonalDataRequests(deps.table, deps.cause).start(
    {
      id: idOfNew(JobId, facts, deps.clock),
      kind,
      subjectId: person.id,
      action,
      status: 'running',
      services: {},
      createdAt: deps.clock.now(),
    },
    facts,
  );
};

const erasePerson = route({
  method: 'POST',
  path: '/v1/privacy/{kind}/{id}/erase',
  via: '/v1/privacy/{kind}/{id}/{step}',
  scope: 'sales/admin',
  adminsOnly: true,
  summary: 'Erase who somebody was, in every service',
  description:
    'Names and addresses go, numbers stay, and nobody can undo it. A member has to have departed. Answers a job; see there what each service did.',
  params,
  response: Shown,
  status: 202,
  idempotent: true,
  handle: async (facts, deps: TeamDeps) => request(facts, 'erase', deps),
});

const exportPerson = route({
  method: 'POST',
  path: '/v1/privacy/{kind}/{id}/export',
  via: '/v1/privacy/{kind}/{id}/{step}',
  scope: 'sales/admin',
  adminsOnly: true,
  summary: 'Export what is held of somebody, from every service',
  description: 'Answers a job, which has links to the files once it has succeeded.',
  params,
  response: Shown,
  status: 202,
  idempotent: true,
  handle: async (facts, deps: TeamDeps) => request(facts, 'export', deps),
});

const linksTo = async (id: string, { s3, bucket }: Pick<ImportStorage, 's3' | 'bucket'>) => {
  const link = async (service: ServiceName) =>
    getSignedUrl(s3, new GetObjectCommand({ Bucket: bucket, Key: exportKey(id, service) }), {
      expiresIn: LINK_SECONDS,
    });
  const [team, deals, goals, metrics] = await Promise.all([
    link('team'),
    link('deals'),
    link('goals'),
    link('metrics'),
  ]);
  return { team, deals, goals, metrics };
};

const getPersonalDataJob = route({
  method: 'GET',
  path: '/v1/privacy/jobs/{id}',
  scope: 'sales/admin',
  adminsOnly: true,
  summary: 'Get what came of a request to erase or export',
  params: z.object({ id: JobId }),
  response: Shown,
  async handle({ params: { id } }, { table, cause, storage }: TeamDeps) {
    const job = await new PersonalDataRequests(table, cause).get(id);
    const isReady = job.action === 'export' && job.status === 'succeeded';
    return isReady ? { ...job, files: await linksTo(id, storage) } : job;
  },
});

export const privacyRoutes = [erasePerson, exportPerson, getPersonalDataJob] as const;
