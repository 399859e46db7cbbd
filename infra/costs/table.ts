import { type Measured } from './measured.ts';
import { type Assumptions, assumed, fitting, monthlyCosts, quantities, type StackFacts } from './monthly.ts';
import { PRICES_OF } from './prices.ts';

/** The sizes of organizations that the table compares, in deals a year. */
export const SIZES = [10_000, 1_000_000, 100_000_000] as const;

const count = new Intl.NumberFormat('en-US');

const dollars = (amount: number): string =>
  amount < 10 ? amount.toFixed(2) : count.format(Math.round(amount));

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** A Markdown table: US dollars a month by service, a column for each size; then what it rests on. */
export const costTable = (
  measured: Measured,
  stack: StackFacts,
  sizes: readonly number[] = SIZES,
  change: Partial<Assumptions> = {},
): string => {
  const columns = sizes.map((size) => {
    const given = { ...assumed(size), ...change, dealsPerYear: size };
    const lines = monthlyCosts(quantities(measured, stack, given));
    return { size, given, lines, total: lines.reduce((sum, line) => sum + line.dollars, 0) };
  });
  const [first] = columns;
  if (first === undefined) throw new RangeError('Costs need a number of deals.');
  const cells = (text: (column: (typeof columns)[number]) => string) => columns.map(text);
  return [
    row(['US dollars a month, at deals a year', ...cells(({ size }) => count.format(size))]),
    row(['---', ...columns.map(() => '---:')]),
    ...first.lines.map(({ name }, at) =>
      row([name, ...cells(({ lines }) => dollars(lines[at]?.dollars ?? 0))]),
    ),
    row(['**together**', ...cells(({ total }) => `**${dollars(total)}**`)]),
    row(['for a thousand deals', ...cells(({ size, total }) => dollars((total * 12 * 1000) / size))]),
    '',
    `Prices: us-east-1, ${PRICES_OF}, without free tiers. Measured: ${measured.measuredAt}, ${measured.machine}.`,
    `Deals that go through together: ${cells(({ size }) => String(fitting(measured.deals, size).together)).join(', ')}. People: ${cells(({ given }) => count.format(given.people)).join(', ')}.`,
    '',
  ].join('\n');
};
