import { type Step, stepsOf } from '../../shared/observability/steps.ts';
import type { LocalRun } from './local-run.ts';

/** One step of a chain, and which function told it. */
export interface LoggedStep extends Step {
  /** `deals-api` */
  readonly unit: string;
  readonly message: string;
}

const LINE = /^\[([\w-]+)\] (\{.*\})$/;

/** JSON lines of the functions with their units; embedded metrics are among them. */
export const logLines = async (
  run: Pick<LocalRun, 'functionsLog'>,
): Promise<readonly { readonly unit: string; readonly line: Readonly<Record<string, unknown>> }[]> =>
  (await run.functionsLog()).split('\n').flatMap((text) => {
    const [, unit, json] = LINE.exec(text) ?? [];
    return unit === undefined || json === undefined
      ? []
      : [{ unit, line: JSON.parse(json) as Record<string, unknown> }];
  });

/** As the saved query: every step in whose telling this text stands. */
export const stepsLike = async (
  run: Pick<LocalRun, 'functionsLog'>,
  text: string,
): Promise<readonly LoggedStep[]> =>
  (await logLines(run))
    .flatMap(({ unit, line }) => stepsOf(line).map((step): LoggedStep => ({ ...step, unit })))
    .filter((step) => JSON.stringify(step).includes(text));
