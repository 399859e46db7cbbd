import * as z from 'zod';
import type { Directory } from '../../../shared/directory/directory.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { untilSaved } from '../../../shared/dynamodb/until-saved.ts';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import { DealStageChanged, DealUpdated } from '../../../shared/events/deals.ts';
import { DealId, type JobId, MemberId } from '../../../shared/ids/id.ts';
import type { JobHandler, JobPage } from '../../../shared/jobs/handler.ts';
import type { Pipeline } from '../domain/pipeline.ts';
import { broughtTo, MIGRATE_PIPELINE, MigrationInput } from '../domain/pipeline-migration.ts';
import { openDealsOf } from '../follow-ups/open-deals.ts';
import { dealChanger } from '../follow-ups/settled-deals.ts';
import { Pipelines } from '../store/pipelines.ts';

/** Owners looked at in one page, at most; and so many pages of their deals. */
const OWNERS = 50;
const DEAL_PAGES = 4;
/** Deals that go on changing hands behind the page that is read are found by the next pass. */
const MOST_PASSES = 10;
/** So many are listed, and no more. */
const MOST_REFUSED = 100;

const Position = z.object({
  pass: z.int().default(1),
  /** The owner whose deals come next, or after whom the next one comes. */
  owner: MemberId.optional(),
  /** Within the owner's deals. */
  after: z.record(z.string(), z.unknown()).optional(),
  /** Deals written in this pass. */
  written: z.int().default(0),
  refused: z.array(DealId).default([]),
});
type Position = z.infer<typeof Position>;

/** Brings the open deals of a pipeline to what it has become, owner by owner, until a pass finds nothing to do. */
export const migratePipeline = (sources: {
  readonly table: Table;
  readonly directory: Directory;
}): JobHandler => ({
  kind: MIGRATE_PIPELINE,
  async page(job, run): Promise<JobPage> {
    const { pipelineId } = MigrationInput.parse(job.input);
    const pipelines = new Pipelines(sources.table, run.cause);
    const pipeline = await pipelines.get(pipelineId);
    const position = Position.parse(job.position ?? {});
    const change = dealChanger(sources, run);
    const owners = (await sources.directory.snapshot())
      .members()
      .map(({ id }) => id)
      .toSorted()
      .filter((id) => position.owner === undefined || id >= position.owner);
    const refused = new Set(position.refused);

    const bring = async (id: DealId): Promise<boolean> => {
      try {
        return await change(id, (deal) => broughtTo(deal, pipeline, run.clock.now()), {
          event: (before, after) => (before.stage === after.stage ? DealUpdated : DealStageChanged),
        });
      } catch (error) {
        // One that can't be counted as it is must not keep the others from where they go.
        if (!(error instanceof Unprocessable)) throw error;
        if (refused.size < MOST_REFUSED) refused.add(id);
        return false;
      }
    };

    let written = 0;
    let pages = 0;
    let next: Pick<Position, 'owner' | 'after'> | undefined;
    for (const [index, owner] of owners.entries()) {
      if (index >= OWNERS || pages >= DEAL_PAGES) {
        next = { owner };
        break;
      }
      const page = await openDealsOf(
        sources.table,
        owner,
        owner === position.owner ? position.after : undefined,
      );
      if (page.ids.length > 0) pages += 1;
      for (const id of page.ids) written += (await bring(id)) ? 1 : 0;
      if (page.after !== undefined) {
        next = { owner, after: page.after };
        break;
      }
    }
    const inPass = position.written + written;
    const isOver = next === undefined && (inPass === 0 || position.pass >= MOST_PASSES);
    if (isOver) await finish(pipelines, pipeline, job.id);
    const going = { refused: [...refused] };
    return {
      ...(!isOver && {
        position:
          next === undefined
            ? { ...going, pass: position.pass + 1, written: 0 }
            : { ...going, ...next, pass: position.pass, written: inPass },
      }),
      counts: { deals: written },
      ...(refused.size > 0 && { found: { refusedDeals: [...refused] } }),
    };
  },
});

/** The pipeline takes the old stages no more; another change of it, which may have come since, is left alone. */
const finish = async (pipelines: Pipelines, { id }: Pipeline, jobId: JobId): Promise<void> =>
  untilSaved(async () => {
    const { migration, ...pipeline } = await pipelines.get(id);
    if (migration?.id !== jobId) return;
    await pipelines.save(pipeline);
  });
