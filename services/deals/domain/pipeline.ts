import * as z from 'zod';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import { derivedId, PipelineId } from '../../../shared/ids/id.ts';

export const Stage = z.object({
  key: z.string(),
  name: z.string(),
  /** Chance of winning a deal that stands here, 0–1, unless the deal has its own. */
  probability: z.number(),
  /** A deal that stands here longer is rotting. */
  rottingDays: z.int(),
  exitCriteria: z.array(z.string()),
});

export const Pipeline = z.object({
  id: PipelineId,
  name: z.string(),
  stages: z.array(Stage),
  /** What a lost deal's reason may be. */
  lostReasons: z.array(z.string()),
});
export type Pipeline = z.infer<typeof Pipeline>;

const stage = (
  key: string,
  probability: number,
  rottingDays: number,
  exitCriteria: string,
): z.infer<typeof Stage> => ({
  key,
  name: key.charAt(0).toUpperCase() + key.slice(1),
  probability,
  rottingDays,
  exitCriteria: [exitCriteria],
});

/** The same id in every organization, so that nothing has to be set up before the first deal. */
export const defaultPipeline: Pipeline = {
  id: derivedId(PipelineId, 'pipeline', 'default'),
  name: 'Sales',
  stages: [
    stage('prospecting', 0.1, 30, 'The contact is known'),
    stage('qualification', 0.25, 30, 'Need and budget are confirmed'),
    stage('presentation', 0.5, 21, 'The offer was presented'),
    stage('negotiation', 0.75, 14, 'Terms are agreed'),
    stage('closing', 0.9, 14, 'The contract is out for signature'),
  ],
  lostReasons: ['price', 'competitor', 'no budget', 'no decision', 'timing', 'missing feature', 'other'],
};

export const pipelines: readonly Pipeline[] = [defaultPipeline];

/** What a record without a pipeline of its own falls back on. @throws Unprocessable for a pipeline that there is not */
export const pipelineOf = (id: PipelineId | undefined): Pipeline => {
  const found = id === undefined ? defaultPipeline : pipelines.find((pipeline) => pipeline.id === id);
  if (found === undefined)
    throw new Unprocessable('There is no such pipeline.', [
      { path: '/pipelineId', message: `there is no pipeline ${String(id)}; see GET /v1/pipelines` },
    ]);
  return found;
};

/** The stage that a deal without one starts in. */
export const firstStage = ({ stages: [first] }: Pipeline): string => {
  if (first === undefined) throw new TypeError('A pipeline without stages.');
  return first.key;
};

/** @throws Unprocessable naming the stages that there are */
export const assertStage = (pipeline: Pipeline, key: string): void => {
  if (pipeline.stages.some((each) => each.key === key)) return;
  const keys = pipeline.stages.map((each) => each.key).join(', ');
  throw new Unprocessable(`The pipeline ${pipeline.name} has no stage “${key}”.`, [
    { path: '/stage', message: `must be one of ${keys}` },
  ]);
};

/** @throws Unprocessable naming the reasons that there are */
export const assertLostReason = (pipeline: Pipeline, reason: string, path: string): void => {
  if (pipeline.lostReasons.includes(reason)) return;
  throw new Unprocessable(`“${reason}” is none of the configured reasons for losing a deal.`, [
    { path, message: `must be one of ${pipeline.lostReasons.join(', ')}` },
  ]);
};
