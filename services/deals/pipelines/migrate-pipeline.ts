import * as z from 'zod';
import type { Directory } from '../../../shared/directory/directory.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { untilSaved } from '../../../shared/dynamodb/until-saved.ts';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import { DealStageChanged, DealUpdated } from '../../../shared/events/deals.ts';
import { DealId, type JobId, type PipelineId } from '../../../shared/ids/id.ts';
import type { JobHandler, JobPage } from '../../../shared/jobs/handler.ts';
import { broughtTo, MIGRATE_PIPELINE, MigrationInput } from '../domain/pipeline-migration.ts';
import { dealChanger } from '../follow-ups/settled-deals.ts';
import { dealPage, DealPosition, partitionsOfOwners } from '../store/deal-pages.ts';
import { Pipelines } from '../store/pipelines.ts';

/** Deals that go on changing hands behind the page that is read are found by the next pass. */
const MOST_PASSES = 10;
/** So many are listed, and no more. */
const MOST_REFUSED = 100;

const Position = DealPosition.extend({
  pass: z.int().default(1),
  /** Deals written in this pass. */
  written: z.int().default(0),
  refused: z.array(DealId).default([]),
});

/** Brings the open deals of a pipeline to what it has become, owner by owner, until a pass finds nothing to do. */
export const migratePipeline = (sources: {
  readonly table: Table;
  readonly directory: Directory;
}): JobHandler => ({
  kind: MIGRATE_PIPELINE,
  async page(job, run): Promise<JobPage> {
    const { pipelineId } = MigrationInput.parse(job.input);
    const { pass, written, refused, ...position } = Position.parse(job.position ?? {});
    const pipelines = new Pipelines(sources.table, run.cause);
    const pipeline = await pipelines.get(pipelineId);
    const change = dealChanger(sources, run);
    const members = (await sources.directory.snapshot()).members();
    const partitions = partitionsOfOwners(members.map(({ id }) => id));
    const { deals, next } = await dealPage(sources.table, partitions, { status: 'open', position });
    const notBrought = new Set(refused);
    let count = 0;
    for (const { id } of deals.filter((deal) => deal.pipelineId === pipelineId))
      try {
        const isWritten = await change(id, (deal) => broughtTo(deal, pipeline, run.clock.now()), {
          event: (before, after) => (before.stage === after.stage ? DealUpdated : DealStageChanged),
        });
        count += isWritten ? 1 : 0;
      } catch (error) {
        // One that can't be counted as it is must not keep the others from where they go.
        if (!(error instanceof Unprocessable)) throw error;
        if (notBrought.size < MOST_REFUSED) notBrought.add(id);
      }
    const inPass = written + count;
    const isOver = next === undefined && (inPass === 0 || pass >= MOST_PASSES);
    if (isOver) await finish(pipelines, pipelineId, job.id);
    const going = { refused: [...notBrought] };
    const following =
      next === undefined ? { ...going, pass: pass + 1 } : { ...going, ...next, pass, written: inPass };
    return {
      ...(!isOver && { position: following }),
      counts: { deals: count },
      ...(notBrought.size > 0 && { found: { refusedDeals: [...notBrought] } }),
    };
  },
});

/** The pipeline takes the old stages no more; another change of it, which may have come since, is left alone. */
const finish = async (pipelines: Pipelines, id: PipelineId, jobId: JobId): Promise<void> =>
  untilSaved(async () => {
    const { migration, ...pipeline } = await pipelines.get(id);
    if (migration?.id === jobId) await pipelines.save(pipeline);
  });
