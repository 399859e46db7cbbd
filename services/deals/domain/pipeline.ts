import * as z from 'zod';
import { Conflict, Unprocessable } from '../../../shared/errors/errors.ts';
import { derivedId, JobId, PipelineId } from '../../../shared/ids/id.ts';
import { Instant } from '../../../shared/time/instant.ts';
import { ExitCriterion } from './exit-criterion.ts';

/** Keys that stand for the close in a deal's stage history. */
const RESERVED = new Set(['won', 'lost']);

const StageKey = z
  .string()
  .regex(/^[A-Za-z][\w-]{0,49}$/, 'must be letters, digits, - and _, 50 at most, a letter first')
  .refine((key) => !RESERVED.has(key), 'must not be won or lost, which stand for the close');

export const StageCategory = z.enum(['omitted', 'pipeline', 'bestCase', 'commit']);

const ratio = z.number().min(0, 'must be from 0 to 1').max(1, 'must be from 0 to 1');

export const Stage = z.strictObject({
  key: StageKey,
  name: z.string().trim().min(1, 'must not be empty').max(100),
  /** Chance of winning a deal that stands here, 0–1, unless the deal has its own. */
  probability: ratio,
  /** A deal that doesn't move for longer than this many days is rotting. */
  rottingDays: z.int().min(1).max(3_650),
  /** What has to be there before a deal goes on from here. */
  exitCriteria: z.array(ExitCriterion).max(20, 'must be 20 at most').default([]),
  /** Of a deal that stands here, unless it was set by hand. */
  forecastCategory: StageCategory.default('pipeline'),
});
export type Stage = z.output<typeof Stage>;

const Migration = z.object({
  id: JobId,
  /** Where the deals of a retired stage go, by its key. */
  stages: z.record(z.string(), z.string()),
});

export const Pipeline = z.object({
  id: PipelineId,
  name: z.string(),
  stages: z.array(Stage),
  /** What a lost deal's reason may be. */
  lostReasons: z.array(z.string()),
  /** What a lost deal's competitor may be; empty: any. */
  competitors: z.array(z.string()),
  /** 0–1: a deal with a line discounted by more needs approval to be won; absent: none does. */
  discountApprovalAbove: ratio.optional(),
  /** Takes no more deals; those in it go on. */
  archived: z.boolean(),
  /** While deals are brought to a change of it. */
  migration: Migration.optional(),
  /** What became of stages that there are no more, by their keys: a deal that is reopened may have stood in one. */
  formerStages: z.record(z.string(), z.string()).default({}),
  createdAt: Instant.optional(),
  updatedAt: Instant.optional(),
});
export type Pipeline = z.output<typeof Pipeline>;

const stage = (
  key: string,
  probability: number,
  rottingDays: number,
  forecastCategory: Stage['forecastCategory'],
  exitCriterion: string,
): Stage => ({
  key,
  name: key.charAt(0).toUpperCase() + key.slice(1),
  probability,
  rottingDays,
  exitCriteria: [{ kind: 'note', text: exitCriterion }],
  forecastCategory,
});

/** The same id in every organization, so that nothing has to be set up before the first deal. Not stored until it is changed. */
export const defaultPipeline: Pipeline = {
  id: derivedId(PipelineId, 'pipeline', 'default'),
  name: 'Sales',
  stages: [
    stage('prospecting', 0.1, 30, 'pipeline', 'The contact is known'),
    stage('qualification', 0.25, 30, 'pipeline', 'Need and budget are confirmed'),
    stage('presentation', 0.5, 21, 'pipeline', 'The offer was presented'),
    stage('negotiation', 0.75, 14, 'bestCase', 'Terms are agreed'),
    stage('closing', 0.9, 14, 'commit', 'The contract is out for signature'),
  ],
  lostReasons: ['price', 'competitor', 'no budget', 'no decision', 'timing', 'missing feature', 'other'],
  competitors: [],
  archived: false,
  formerStages: {},
};

export const noPipeline = (id: string): Unprocessable =>
  new Unprocessable('There is no such pipeline.', [
    { path: '/pipelineId', message: `there is no pipeline ${id}; see GET /v1/pipelines` },
  ]);

/** The stage that a deal without one starts in. */
export const firstStage = ({ stages: [first] }: Pipeline): string => {
  if (first === undefined) throw new TypeError('A pipeline without stages.');
  return first.key;
};

/** Undefined for a stage that there is no more. */
export const stageOf = ({ stages }: Pick<Pipeline, 'stages'>, key: string): Stage | undefined =>
  stages.find((each) => each.key === key);

/** Where a stage stands, from 0; −1 for one that there is not. */
export const placeOf = ({ stages }: Pick<Pipeline, 'stages'>, key: string): number =>
  stages.findIndex((each) => each.key === key);

/** The stage that a key stands for now: itself, what became of it, or else the first one. */
export const presentStage = (pipeline: Pipeline, key: string): string => {
  let present = key;
  // A chain of stages that followed one another, each of them once.
  for (let steps = 0; steps <= Object.keys(pipeline.formerStages).length; steps += 1) {
    if (stageOf(pipeline, present) !== undefined) return present;
    const next = pipeline.formerStages[present];
    if (next === undefined || !Object.hasOwn(pipeline.formerStages, present)) break;
    present = next;
  }
  return firstStage(pipeline);
};

/** Whether a stage can be named: there it is, or it is being retired. */
export const isNamed = (pipeline: Pipeline, key: string): boolean =>
  stageOf(pipeline, key) !== undefined ||
  (pipeline.migration !== undefined && Object.hasOwn(pipeline.migration.stages, key));

/** The stage that a caller names; one that is being retired is taken for what follows it. @throws Unprocessable naming the stages that there are */
export const namedStage = (pipeline: Pipeline, key: string): string => {
  if (isNamed(pipeline, key)) return presentStage(pipeline, key);
  const keys = pipeline.stages.map((each) => each.key).join(', ');
  throw new Unprocessable(`The pipeline ${pipeline.name} has no stage “${key}”.`, [
    { path: '/stage', message: `must be one of ${keys}` },
  ]);
};

/** @throws Unprocessable naming the stages that there are */
export const assertStage = (pipeline: Pipeline, key: string): void => {
  namedStage(pipeline, key);
};

/** @throws Conflict for archiving the default pipeline, where deals begin that name none */
export const assertDefaultStays = (
  { id }: Pick<Pipeline, 'id'>,
  { archived }: { readonly archived?: boolean | undefined },
): void => {
  if (archived === true && id === defaultPipeline.id)
    throw new Conflict('The default pipeline can’t be archived: deals that name no pipeline go there.');
};

/** @throws Unprocessable for a pipeline that takes no more deals */
export const assertTakesDeals = ({ archived, name }: Pipeline): void => {
  if (!archived) return;
  throw new Unprocessable(`The pipeline ${name} is archived and takes no more deals.`, [
    { path: '/pipelineId', message: 'must be a pipeline that is not archived' },
  ]);
};

/** @throws Unprocessable naming the reasons that there are */
export const assertLostReason = (pipeline: Pipeline, reason: string, path: string): void => {
  if (pipeline.lostReasons.includes(reason)) return;
  throw new Unprocessable(`“${reason}” is none of the configured reasons for losing a deal.`, [
    { path, message: `must be one of ${pipeline.lostReasons.join(', ')}` },
  ]);
};

/** The reason of a loss that nobody gave one for. */
export const unsaidReason = ({ lostReasons }: Pipeline): string =>
  lostReasons.includes('other') ? 'other' : (lostReasons.at(-1) ?? 'other');

/** @throws Unprocessable naming the competitors that there are, where they are configured */
export const assertCompetitor = (
  { competitors }: Pick<Pipeline, 'competitors'>,
  competitor: string | null | undefined,
): void => {
  if (competitor == null || competitors.length === 0 || competitors.includes(competitor)) return;
  const shown = competitors.slice(0, 20).join(', ');
  throw new Unprocessable(`“${competitor}” is none of the configured competitors.`, [
    {
      path: '/competitor',
      message: `must be one of ${shown}${competitors.length > 20 ? ' …, see GET /v1/pipelines' : ''}`,
    },
  ]);
};
