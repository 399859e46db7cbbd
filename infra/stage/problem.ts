/** A setting that can't be right. */
export interface Problem {
  /** `mailFrom`, or an option as it was given: `-c mailfrom` */
  readonly setting: string;
  /** Why not, and what to write instead. */
  readonly says: string;
}

/** The stage's settings can't be used; the message says which, why, and what to write instead. */
export class StageError extends Error {
  override readonly name = 'StageError';
}

/** All problems of a stage in one error. */
export const refusal = (stage: string, problems: readonly Problem[]): StageError =>
  new StageError(
    [
      `Stage ${stage} can’t be configured like this:`,
      ...problems.map(({ setting, says }) => `  ${setting}: ${says}`),
      'Settings stand in infra/stage/stages.ts; an option replaces one, as in -c mailFrom=sales@acme.com.',
    ].join('\n'),
  );
