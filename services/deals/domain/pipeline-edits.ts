import * as z from 'zod';
import { type InputError, Unprocessable } from '../../../shared/errors/errors.ts';
import type { JobId } from '../../../shared/ids/id.ts';
import type { Instant } from '../../../shared/time/instant.ts';
import { isSame, patched } from './patch.ts';
import { Pipeline, Stage, stageOf } from './pipeline.ts';

/** Bounds the item; the oldest go first. */
const MAX_FORMER_STAGES = 100;

const Text = z.string().trim().min(1, 'must not be empty').max(200);

/** What callers say of a pipeline. */
export const PipelineDetails = z.strictObject({
  name: z.string().trim().min(1, 'must not be empty').max(100),
  stages: z.array(Stage).min(1, 'must be 1 at least').max(20, 'must be 20 at most'),
  lostReasons: z.array(Text).min(1, 'must be 1 at least').max(50, 'must be 50 at most'),
  competitors: z
    .array(Text)
    .max(200, 'must be 200 at most')
    .describe('What a lost deal’s competitor may be; empty: any.'),
  discountApprovalAbove: Pipeline.shape.discountApprovalAbove.unwrap(),
});

export const PipelineEdit = PipelineDetails.extend({
  discountApprovalAbove: PipelineDetails.shape.discountApprovalAbove.nullable(),
  archived: z.boolean(),
}).partial();
export type PipelineEdit = z.output<typeof PipelineEdit>;

const repeated = (texts: readonly string[], path: (index: number) => string): InputError[] =>
  texts.flatMap((text, index) =>
    texts.indexOf(text) < index
      ? [{ path: path(index), message: `names “${text}” again; once is enough` }]
      : [],
  );

/** @throws Unprocessable naming whatever is there twice */
export const assertSound = ({
  stages,
  lostReasons,
  competitors,
}: Pick<Pipeline, 'stages' | 'lostReasons' | 'competitors'>): void => {
  const keys = stages.map(({ key }) => key);
  const errors = [
    ...repeated(keys, (index) => `/stages/${index}/key`),
    ...repeated(lostReasons, (index) => `/lostReasons/${index}`),
    ...repeated(competitors, (index) => `/competitors/${index}`),
  ];
  if (errors.length > 0) throw new Unprocessable('The pipeline names something twice.', errors);
};

/** Stages that there would be no more. */
export const goingStages = (
  before: Pick<Pipeline, 'stages'>,
  { stages }: Pick<PipelineEdit, 'stages'>,
): readonly string[] =>
  stages === undefined
    ? []
    : before.stages.map(({ key }) => key).filter((key) => stageOf({ stages }, key) === undefined);

/** Where the deals of stages that go are to go, by the stage's key. */
export type Migration = Readonly<Record<string, string>>;

/** @throws Unprocessable for a stage that stays, or one that deals can't go to */
export const assertMigration = (before: Pipeline, edit: PipelineEdit, migrate: Migration): void => {
  const going = new Set(goingStages(before, edit));
  const after = { stages: edit.stages ?? before.stages };
  const errors = Object.entries(migrate).flatMap(([from, to]) => [
    ...(going.has(from) ? [] : [{ path: `/migrate/${from}`, message: 'must be a stage that goes' }]),
    ...(stageOf(after, to) === undefined
      ? [{ path: `/migrate/${from}`, message: `must go to a stage that there will be, not “${to}”` }]
      : []),
  ]);
  if (errors.length > 0) throw new Unprocessable('The deals can’t go where they are to go.', errors);
};

/** Whether open deals have to be written again: their stages go, or what they take from them changes. */
export const concernsDeals = (before: Pipeline, after: Pipeline, migrate: Migration): boolean =>
  Object.keys(migrate).length > 0 ||
  before.stages.some((stage) => {
    const now = stageOf(after, stage.key);
    return (
      now !== undefined &&
      (now.probability !== stage.probability || now.forecastCategory !== stage.forecastCategory)
    );
  });

/** The pipeline as edited; the very same object where nothing changes. @throws Unprocessable for one that names something twice */
export const editedPipeline = (before: Pipeline, edit: PipelineEdit, migrate: Migration): Pipeline => {
  const after = patched(before, edit);
  if (after === before) return before;
  assertSound(after);
  const former = Object.entries({
    ...before.formerStages,
    ...Object.fromEntries(goingStages(before, edit).map((key) => [key, migrate[key] ?? ''])),
  }).filter(([key, to]) => to !== '' && stageOf(after, key) === undefined);
  const formerStages = Object.fromEntries(former.slice(-MAX_FORMER_STAGES));
  return isSame(formerStages, before.formerStages) ? after : { ...after, formerStages };
};

/** The pipeline while its deals are brought to it by a job; stages that an earlier, failed one left go on with it. */
export const migrating = (pipeline: Pipeline, id: JobId, migrate: Migration): Pipeline => ({
  ...pipeline,
  migration: { id, stages: { ...pipeline.migration?.stages, ...migrate } },
});

/** A pipeline to be stored. @throws Unprocessable for one that names something twice */
export const newPipeline = (
  fresh: Pick<Pipeline, 'id' | 'name' | 'stages' | 'lostReasons'> &
    Partial<Pick<Pipeline, 'competitors' | 'discountApprovalAbove'>>,
  now: Instant,
): Pipeline => {
  const pipeline = {
    competitors: [],
    ...fresh,
    archived: false,
    formerStages: {},
    createdAt: now,
    updatedAt: now,
  };
  assertSound(pipeline);
  return pipeline;
};
