import type { DirectorySnapshot } from '../../../shared/directory/snapshot.ts';
import { storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { PipelineId } from '../../../shared/ids/id.ts';
import type { Deal } from '../domain/deal.ts';
import { dealsOfOwner } from './entities.ts';
import { mergedQuery } from './merged-query.ts';

/** So many open deals are looked at, and no more: what a request costs is bounded. */
const MAX_EXAMINED = 5_000;

export interface StageCount {
  /** Open deals, by the key of their stage; stages without any are left out. */
  readonly stages: ReadonlyMap<string, number>;
  /** Whether every open deal was looked at. */
  readonly isWhole: boolean;
}

/** How many open deals of a pipeline stand in these stages: of every owner, departed ones too, by the index. */
export const countInStages = async (
  table: Table,
  directory: DirectorySnapshot,
  { pipelineId, stages }: { readonly pipelineId: PipelineId; readonly stages: readonly string[] },
): Promise<StageCount> => {
  const counted = new Map<string, number>();
  const partitions = directory.members().map(({ id }) => dealsOfOwner(id));
  const range = { from: 'open#', to: 'open#\uffff' };
  let examined = 0;
  const all = mergedQuery({
    table,
    index: 'gsi1',
    partitions,
    range,
    descending: false,
    expected: MAX_EXAMINED,
  });
  for await (const item of all) {
    if (examined >= MAX_EXAMINED) return { stages: counted, isWhole: false };
    examined += 1;
    const deal = storedFrom<Deal>(item);
    if (deal.pipelineId === pipelineId && stages.includes(deal.stage))
      counted.set(deal.stage, (counted.get(deal.stage) ?? 0) + 1);
  }
  return { stages: counted, isWhole: true };
};
