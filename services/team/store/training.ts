import type { Stored } from '../../../shared/dynamodb/entity.ts';
import type { Item } from '../../../shared/dynamodb/item.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { AlreadyExists } from '../../../shared/errors/errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { TrainingAssignmentChanged, TrainingCompleted } from '../../../shared/events/people.ts';
import type { MemberId, TrainingProgramId } from '../../../shared/ids/id.ts';
import type { Day } from '../../../shared/time/instant.ts';
import { addDays } from '../../../shared/time/zone.ts';
import type { AssignmentState } from '../domain/training.ts';
import { askEffect, markEffectDue } from './training-effects.ts';
import { assignmentEntity, ofMember, ofProgram, position } from './training-entities.ts';

/** Which part of a list is wanted. */
export type AssignmentFilter = 'all' | 'open' | 'completed' | { readonly dueBefore: Day };

const rangeOf = (filter: AssignmentFilter) => {
  if (filter === 'all') return {};
  if (typeof filter === 'string') return { skPrefix: `${filter}#` };
  return { skFrom: 'open#', skTo: `open#${addDays(filter.dueBefore, -1)}#~` };
};

interface ListQuery {
  readonly filter: AssignmentFilter;
  readonly isWanted: (assignment: AssignmentState) => Promise<boolean>;
  readonly limit: number;
  readonly cursor?: Item | undefined;
}
interface AssignmentPage {
  readonly items: readonly Stored<AssignmentState>[];
  readonly lastKey?: Item;
}

const PAGE = 100;

export class Assignments {
  readonly repository: Repository<AssignmentState>;
  readonly #table: Table;

  constructor(table: Table, cause: Cause) {
    this.#table = table;
    this.repository = new Repository(table, assignmentEntity, cause);
  }

  /** Once for each program, member and round: repeated, it answers the one that is there, as it stands. */
  async assign(assignment: AssignmentState): Promise<Stored<AssignmentState>> {
    try {
      return await this.repository.create(assignment, TrainingAssignmentChanged);
    } catch (error) {
      if (!(error instanceof AlreadyExists)) throw error;
      return this.repository.get(assignment.id);
    }
  }

  /**
   * After an attempt. If it was the last, metrics is asked how the member did before. Throws PreconditionFailed if the
   * assignment has changed since it was read.
   */
  async saveAttempt(assignment: Stored<AssignmentState>): Promise<Stored<AssignmentState>> {
    const { id: assignmentId, memberId, completedOn } = assignment;
    if (completedOn === undefined) return this.repository.save(assignment, TrainingAssignmentChanged);
    const completed = { id: assignmentId, memberId, completedOn };
    await markEffectDue(this.#table, completed);
    return this.repository.save(assignment, [
      TrainingAssignmentChanged,
      { contract: TrainingCompleted, change: { assignmentId } },
      askEffect(completed, 'before'),
    ]);
  }

  async ofMember(memberId: MemberId, query: ListQuery): Promise<AssignmentPage> {
    return this.#list('gsi2', [ofMember(memberId)], query);
  }

  /** Those of the programs, one program after the other. */
  async ofPrograms(ids: readonly TrainingProgramId[], query: ListQuery): Promise<AssignmentPage> {
    return this.#list('gsi1', ids.map(ofProgram), query);
  }

  /** Reads on until the page is full, or nothing is left. */
  async #list(index: 'gsi1' | 'gsi2', pks: readonly string[], query: ListQuery): Promise<AssignmentPage> {
    const items: Stored<AssignmentState>[] = [];
    const begin = query.cursor === undefined ? 0 : pks.indexOf(String(query.cursor[`${index}pk`]));
    let cursor = query.cursor;
    for (const pk of pks.slice(Math.max(0, begin))) {
      do {
        const page = await this.repository.queryIndex(index, pk, {
          ...rangeOf(query.filter),
          limit: Math.min(PAGE, query.limit + 1),
          cursor,
        });
        for (const each of page.items) if (await query.isWanted(each)) items.push(each);
        cursor = page.lastKey;
      } while (cursor !== undefined && items.length <= query.limit);
      if (items.length > query.limit) break;
    }
    const shown = items.slice(0, query.limit);
    const last = shown.at(-1);
    return items.length > query.limit && last !== undefined
      ? { items: shown, lastKey: positionIn(index, last) }
      : { items: shown };
  }
}

const positionIn = (index: 'gsi1' | 'gsi2', assignment: AssignmentState): Item => ({
  ...assignmentEntity.key(assignment.id),
  [`${index}pk`]: index === 'gsi1' ? ofProgram(assignment.programId) : ofMember(assignment.memberId),
  [`${index}sk`]: position(assignment),
});
