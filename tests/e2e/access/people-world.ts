import * as z from 'zod';
import type { LocalRun } from '../../support/local-run.ts';
import { create } from '../../support/sales-organization.ts';
import { forTargets, month, type OfTarget, type Target, type World } from './world.ts';

/** Records about people: one of each kind for each target. */
export interface PeopleWorld {
  readonly candidates: OfTarget;
  readonly meetings: OfTarget;
  /** The one action of each meeting; the target is to do it. */
  readonly meetingActions: OfTarget;
  readonly reviews: OfTarget;
  /** Members who left their work to the target. */
  readonly departed: OfTarget;
  readonly settingsChange: string;
  readonly privacyJob: string;
  readonly assignmentJob: string;
  readonly program: string;
  readonly assignments: OfTarget;
  readonly coaching: OfTarget;
  /** The one action of each coaching session; the member is to do it. */
  readonly coachingActions: OfTarget;
}

const Assigned = z.object({ items: z.tuple([z.object({ id: z.string() })]) });
const WithActions = z.object({ actions: z.tuple([z.object({ id: z.string() })]) });

export const yesterday = (): string => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

export const makePeopleWorld = async (run: LocalRun, world: World): Promise<PeopleWorld> => {
  const program = await create(run, '/v1/training-programs', {
    name: 'Pasta for beginners',
    modules: [{ key: 'shapes', name: 'Shapes and sauces' }],
  });
  const assign = async (target: Target): Promise<string> => {
    const { body } = await run.request('POST', `/v1/training-programs/${program}/assignments`, {
      memberIds: [world.members[target]],
    });
    return Assigned.parse(body).items[0].id;
  };
  const coaching = await forTargets(async (target) =>
    create(run, '/v1/coaching-sessions', {
      memberId: world.members[target],
      coachId: world.managers[target],
      heldOn: yesterday(),
      focusKpi: 'winRate',
      actions: [{ text: 'Ask who decides', ownerId: world.members[target], dueOn: '2099-01-01' }],
    }),
  );
  const meetings = await forTargets(async (target) =>
    create(run, '/v1/meetings', {
      teamId: world.teams[target],
      title: 'Monday round',
      startsAt: '2099-11-23T08:00:00Z',
      actions: [{ text: 'Call the hotel', ownerId: world.members[target], dueOn: '2099-11-30' }],
    }),
  );
  const onlyAction = async (path: string): Promise<string> =>
    WithActions.parse((await run.request('GET', path)).body).actions[0].id;
  const leaveTo = async (target: Target): Promise<string> => {
    const id = await create(run, '/v1/members', { name: `Lea ${target}`, teamId: world.teams[target] });
    await run.idle();
    const { status } = await run.request('POST', `/v1/members/${id}/depart`, {
      on: yesterday(),
      reassignTo: world.members[target],
    });
    if (status !== 200) throw new Error(`departure: ${String(status)}`);
    return id;
  };
  const started = async (path: string, body?: object): Promise<string> => {
    const answer = await run.request('POST', path, body);
    if (answer.status !== 202) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
    return z.object({ id: z.string() }).parse(answer.body).id;
  };
  const departed = await forTargets(leaveTo);
  await run.idle();
  return {
    settingsChange: await started('/v1/organization/changes', { timeZone: 'Europe/Rome' }),
    privacyJob: await started(`/v1/privacy/member/${world.members.own}/export`),
    assignmentJob: await started('/v1/account-assignments', {}),
    departed,
    reviews: await forTargets(async (target) =>
      create(run, '/v1/reviews', { memberId: world.members[target], period: month() }),
    ),
    program,
    candidates: await forTargets(async (target) =>
      create(run, '/v1/candidates', {
        name: `Livia ${target}`,
        email: `livia.${target}@example.com`,
        role: 'Account executive',
        teamId: world.teams[target],
      }),
    ),
    assignments: await forTargets(assign),
    coaching,
    coachingActions: await forTargets(async (target) =>
      onlyAction(`/v1/coaching-sessions/${coaching[target]}`),
    ),
    meetings,
    meetingActions: await forTargets(async (target) => onlyAction(`/v1/meetings/${meetings[target]}`)),
  };
};
