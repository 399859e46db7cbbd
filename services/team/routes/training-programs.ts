import * as z from 'zod';
import { administers } from '../../../shared/auth/actor.ts';
import { NotFound } from '../../../shared/errors/errors.ts';
import { TrainingProgramChanged, TrainingProgramState } from '../../../shared/events/people.ts';
import { createOnce, idOfNew } from '../../../shared/http/idempotency.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { TrainingProgramId } from '../../../shared/ids/id.ts';
import { withChanges } from '../domain/changes.ts';
import { Name } from '../domain/name.ts';
import { textOf } from '../domain/text.ts';
import { PROGRAMS } from '../store/training-entities.ts';
import type { TeamDeps } from './deps.ts';
import { programsOf } from './training.ts';

const TrainingProgram = TrainingProgramState.extend({ version: z.int() }).meta({ id: 'TrainingProgram' });
export const programParams = z.object({ id: TrainingProgramId });

const modules = z
  .array(
    z.strictObject({
      key: z
        .string()
        .regex(
          /^[a-z0-9][a-z0-9-]{0,63}$/,
          'must be lower-case letters, digits and hyphens, as pasta-basics',
        ),
      name: Name,
      minutes: z.int().min(1).max(10_000).optional(),
      passScore: z.int().min(0).max(100).optional(),
    }),
  )
  .min(1, 'must hold at least one module')
  .max(50, 'must hold at most 50 modules')
  .refine((all) => new Set(all.map(({ key }) => key)).size === all.length, 'must have each key once');
const description = textOf(2000);
const dueDays = z.int().min(0).max(730).describe('Days from its assignment until it is due.');
const onboarding = z.boolean().describe('Whether everyone who is hired gets it.');

export const createProgram = route({
  method: 'POST',
  path: '/v1/training-programs',
  scope: 'sales/team.write',
  adminsOnly: true,
  summary: 'Create a training program',
  body: z.strictObject({
    name: Name,
    description: description.optional(),
    modules,
    onboarding: onboarding.default(false),
    dueDays: dueDays.default(30),
  }),
  response: TrainingProgram,
  status: 201,
  idempotent: true,
  example: {
    name: 'Pasta for beginners',
    modules: [{ key: 'shapes', name: 'Shapes and sauces', minutes: 45, passScore: 80 }],
    onboarding: true,
    dueDays: 14,
  },
  async handle(request, deps: TeamDeps) {
    const id = idOfNew(TrainingProgramId, request, deps.clock);
    const program: TrainingProgramState = { id, ...request.body, status: 'active' };
    return createOnce(programsOf(deps), program, request, TrainingProgramChanged);
  },
});

export const listPrograms = route({
  method: 'GET',
  path: '/v1/training-programs',
  scope: 'sales/team.read',
  summary: 'List training programs by name',
  description: 'Reps see active ones.',
  query: pageQuery.extend({ status: TrainingProgramState.shape.status.optional() }),
  response: page(TrainingProgram),
  async handle({ query }, deps: TeamDeps) {
    const { limit, status } = query;
    const binding = { list: 'training-programs', status };
    const { items, lastKey } = await programsOf(deps).queryIndex('gsi1', PROGRAMS, {
      limit,
      cursor: positionOf(query, binding),
    });
    const isSeen = (program: TrainingProgramState): boolean =>
      (program.status === 'active' || seesRetired(deps)) &&
      (status === undefined || program.status === status);
    // Retired ones are few: a page that is short for them has a next one all the same.
    return pageOf(items.filter(isSeen), lastKey, binding);
  },
});

const seesRetired = ({ access: { actor } }: TeamDeps): boolean =>
  administers(actor) || (actor.kind === 'member' && actor.role === 'manager');

export const getProgram = route({
  method: 'GET',
  path: '/v1/training-programs/{id}',
  scope: 'sales/team.read',
  summary: 'Get a training program',
  params: programParams,
  response: TrainingProgram,
  async handle({ params: { id } }, deps: TeamDeps) {
    const program = await programsOf(deps).get(id);
    if (program.status === 'retired' && !seesRetired(deps)) throw new NotFound(`training-program ${id}`);
    return program;
  },
});

export const changeProgram = route({
  method: 'PATCH',
  path: '/v1/training-programs/{id}',
  scope: 'sales/team.write',
  adminsOnly: true,
  summary: 'Change or retire a training program',
  description: 'Null empties a field. What is assigned keeps the modules that it began with.',
  params: programParams,
  body: z.strictObject({
    name: Name.optional(),
    description: description.nullable().optional(),
    modules: modules.optional(),
    onboarding: onboarding.optional(),
    dueDays: dueDays.optional(),
    status: TrainingProgramState.shape.status.optional(),
  }),
  example: { name: 'Selling to wholesalers' },
  response: TrainingProgram,
  async handle({ params, body, ifMatch }, deps: TeamDeps) {
    const programs = programsOf(deps);
    const program = await programs.get(params.id, { ifMatch });
    return programs.save(withChanges(program, body), TrainingProgramChanged);
  },
});
