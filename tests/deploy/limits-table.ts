import { behaviourLimits, templateLimits, type Limit } from './emulator-limits.ts';

const HEAD = ['what', 'because', 'here', 'proven by'] as const;
type Row = readonly [what: string, because: string, here: string, provenBy: string];

const rowOf = ({ what, reason, proofs }: Limit, here: string): Row => [
  what,
  reason,
  here,
  proofs.map(({ file, title }) => `\`${file}\`: ${title}`).join('; '),
];

/** The limits as the README shows them, with columns as wide as the formatter makes them. */
export const limitsTable = (): string => {
  const rows: readonly Row[] = [
    HEAD,
    ...templateLimits.map((limit) => rowOf(limit, limit.change === 'out' ? 'left out' : 'changed')),
    ...behaviourLimits.map((limit) => rowOf(limit, 'deployed')),
  ];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const [head, ...body] = rows.map((row) =>
    line(row.map((cell, column) => cell.padEnd(widths[column] ?? 0))),
  );
  return [head, line(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
};
