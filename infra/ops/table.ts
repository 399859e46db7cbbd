/** Rows as text, their columns aligned; two spaces between. */
export const table = (rows: readonly (readonly string[])[]): string => {
  const widths = rows
    .reduce<readonly string[]>((longest, row) => (row.length > longest.length ? row : longest), [])
    .map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};
