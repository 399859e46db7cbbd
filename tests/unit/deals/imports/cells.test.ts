import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { optionalCell, requiredCell, RowRefused } from '../../../../services/deals/imports/row.ts';
import { ActivityKind, ActivityStatus } from '../../../../shared/events/activities.ts';
import { BuyingRole } from '../../../../shared/events/leads.ts';

const refused = (take: () => unknown): string => {
  try {
    take();
  } catch (error) {
    if (error instanceof RowRefused) return error.message;
    throw error;
  }
  return '';
};

describe('a cell that is one of a few values', () => {
  it('says which those are', () => {
    const row = { line: 2, cells: { kind: 'dance', status: 'Done' } };
    expect(refused(() => requiredCell(row, 'kind', ActivityKind))).toBe(
      '“dance” must be one of call, email, meeting, demo, note, task',
    );
    expect(refused(() => optionalCell(row, 'status', ActivityStatus))).toBe(
      '“Done” must be one of planned, done',
    );
    expect(refused(() => optionalCell({ line: 2, cells: { role: 'cook' } }, 'role', BuyingRole))).toMatch(
      /^“cook” must be one of [a-zA-Z ,]+$/,
    );
  });

  it('keeps the words of every other rule', () => {
    const text = z.string().max(2, 'is too long');
    expect(refused(() => optionalCell({ line: 2, cells: { name: 'abc' } }, 'name', text))).toBe(
      '“abc” is too long',
    );
  });
});
