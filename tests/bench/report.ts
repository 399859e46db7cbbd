import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Figure, Goal, Outcome } from './benchmark.ts';
import type { Machine } from './machine.ts';

export interface Result extends Outcome {
  readonly name: string;
  readonly title: string;
  readonly seconds: number;
  /** Present if what was measured did the wrong thing. */
  readonly failure?: string;
}

export interface Report {
  readonly at: string;
  readonly machine: Machine;
  readonly results: readonly Result[];
}

/** Three significant digits say all that such a measurement can. */
const numberText = (value: number): string =>
  new Intl.NumberFormat(
    'en-US',
    value >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 },
  ).format(value);

const isReached = (value: number, goal: Goal): boolean =>
  'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;

const goalText = ({ value, unit, goal }: Figure): string => {
  if (goal === undefined) return '';
  const bound = 'atMost' in goal ? `≤ ${numberText(goal.atMost)}` : `≥ ${numberText(goal.atLeast)}`;
  return `  (goal ${bound} ${unit}: ${isReached(value, goal) ? 'reached' : 'MISSED'})`;
};

const textOf = (figure: Figure | undefined): string =>
  figure === undefined ? '' : `${numberText(figure.value)} ${figure.unit}${goalText(figure)}`;

/** Columns of even width; the first to the left, the others to the right. */
const aligned = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('   ')
        .trimEnd(),
    )
    .map((line) => `  ${line}`)
    .join('\n');
};

/** One row per subject, where several subjects share their names; else one line per figure. */
const tableOf = (figures: readonly Figure[]): string => {
  const subjects = [...new Set(figures.map(({ subject }) => subject))];
  const names = [...new Set(figures.map(({ name }) => name))];
  if (subjects.length * names.length > figures.length || subjects.length === 1) {
    return aligned(figures.map((figure) => [`${figure.subject}: ${figure.name}`, textOf(figure)]));
  }
  const rows = subjects.map((subject) => [
    subject,
    ...names.map((name) =>
      textOf(figures.find((figure) => figure.subject === subject && figure.name === name)),
    ),
  ]);
  return aligned([['', ...names], ...rows]);
};

/** Subjects of which the same was measured belong in one table. */
const tablesOf = (figures: readonly Figure[]): readonly string[] => {
  const namesOf = (subject: string) =>
    figures.flatMap((figure) => (figure.subject === subject ? figure.name : [])).join('\0');
  return [...Map.groupBy(figures, ({ subject }) => namesOf(subject)).values()].map(tableOf);
};

/** A result for people. */
export const resultText = ({ title, seconds, figures, notes = [], failure }: Result): string =>
  [
    `${title}  [${numberText(seconds)} s]`,
    ...tablesOf(figures),
    ...notes.map((note) => `  ${note}`),
    ...(failure === undefined ? [] : [`  FAILED: ${failure}`]),
  ].join('\n');

/** A report for programs. */
export const writeReport = (file: string, report: Report): void => {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
};
