import type { DirectorySnapshot } from '../../../shared/directory/snapshot.ts';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { Conflict } from '../../../shared/errors/errors.ts';
import type { JobId } from '../../../shared/ids/id.ts';
import { newJob } from '../../../shared/jobs/job.ts';
import type { Jobs } from '../../../shared/jobs/jobs.ts';
import type { Clock } from '../../../shared/time/instant.ts';
import { assertDefaultStays, type Pipeline } from '../domain/pipeline.ts';
import {
  assertMigration,
  concernsDeals,
  editedPipeline,
  goingStages,
  migrating,
  type Migration,
  type PipelineEdit,
} from '../domain/pipeline-edits.ts';
import { MIGRATE_PIPELINE } from '../domain/pipeline-migration.ts';
import type { Pipelines } from '../store/pipelines.ts';
import { countInStages } from '../store/stage-count.ts';

export interface PipelineChange {
  readonly edit: PipelineEdit;
  /** Where the deals of stages that go are to go. */
  readonly migrate: Migration;
  /** Of the job that brings the deals along, if one has to. */
  readonly jobId: JobId;
}

interface Sources {
  readonly table: Table;
  readonly pipelines: Pipelines;
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly directory: { snapshot(): Promise<DirectorySnapshot> };
}

/**
 * Changes a pipeline. One whose open deals have to be brought along is written together with the job that does so.
 * @throws Conflict while a former change is being carried out, and where stages go that deals stand in and nobody said
 * where to; Unprocessable
 */
export const changePipeline = async (
  pipeline: Stored<Pipeline>,
  { edit, migrate, jobId }: PipelineChange,
  sources: Sources,
): Promise<Stored<Pipeline>> => {
  const { pipelines, clock } = sources;
  assertDefaultStays(pipeline, edit);
  assertMigration(pipeline, edit, migrate);
  const edited = editedPipeline(pipeline, edit, migrate);
  if (edited === pipeline) return pipeline;
  if (edit.stages !== undefined) await assertNoMigration(pipeline, sources.jobs);
  await assertEmpty(
    pipeline,
    goingStages(pipeline, edit).filter((key) => !(key in migrate)),
    sources,
  );
  const changed = { ...edited, version: pipeline.version, updatedAt: clock.now() };
  if (!concernsDeals(pipeline, edited, migrate)) return pipelines.save(changed);
  const input = { pipelineId: pipeline.id, stages: { ...migrate } };
  return pipelines.saveWith(
    { ...migrating(changed, jobId, migrate), version: pipeline.version },
    newJob({ id: jobId, kind: MIGRATE_PIPELINE, input }, clock),
  );
};

/** One that failed is in nobody's way: the next one brings its deals along. */
const assertNoMigration = async ({ migration }: Pipeline, jobs: Jobs): Promise<void> => {
  if (migration === undefined) return;
  const job = await jobs.find(migration.id);
  if (job === undefined || job.status === 'failed') return;
  throw new Conflict(
    `The pipeline’s deals are being brought to its last change by ${migration.id}; change its stages once that is done.`,
  );
};

const assertEmpty = async (
  { id, name }: Pipeline,
  going: readonly string[],
  { table, directory }: Sources,
): Promise<void> => {
  if (going.length === 0) return;
  const { stages, isWhole } = await countInStages(table, await directory.snapshot(), {
    pipelineId: id,
    stages: going,
  });
  const counts = going.flatMap((key) => (stages.has(key) ? [`${stages.get(key) ?? 0} in ${key}`] : []));
  const total = [...stages.values()].reduce((sum, count) => sum + count, 0);
  const how = `Say where deals go, as in migrate: { "${going[0] ?? ''}": "<stage>" }.`;
  if (total > 0)
    throw new Conflict(
      `${isWhole ? '' : 'At least '}${total} open deals of the pipeline ${name} stand in stages that would go: ${counts.join(', ')}. ${how}`,
    );
  if (!isWhole)
    throw new Conflict(
      `There are too many open deals to be sure that none stands in a stage that would go: ${going.join(', ')}. ${how}`,
    );
};
