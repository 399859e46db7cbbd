import * as z from 'zod';

/** Environment variables that every function has. */
export const baseConfig = z.object({
  STAGE: z.string().min(1),
  SERVICE: z.enum(['team', 'deals', 'metrics', 'goals']),
  TABLE_NAME: z.string().min(1),
  /** Raised by hand when the table is restored from a backup. */
  EPOCH: z.coerce.number().int().min(0).default(0),
  LOG_LEVEL: z.string().default('INFO'),
  /** For S3 look-alikes that have no host per bucket. */
  S3_PATH_STYLE: z.stringbool().default(false),
});
export type BaseConfig = z.infer<typeof baseConfig>;

/** A function was deployed without what it needs; names every variable that is missing or wrong, and no values. */
export class ConfigInvalid extends Error {
  readonly variables: readonly string[];

  constructor(issues: readonly z.core.$ZodIssue[]) {
    const lines = issues.map((issue) => `${issue.path.join('.') || '(environment)'}: ${issue.message}`);
    super(`The environment is not as it should be. ${lines.join('; ')}`);
    this.name = 'ConfigInvalid';
    this.variables = [...new Set(issues.map(({ path }) => String(path[0] ?? '')))];
  }
}

/** Reads the environment once per cold start. @throws ConfigInvalid naming all that is missing or wrong */
export const parseConfig = <Schema extends z.ZodType>(
  schema: Schema,
  env: Readonly<Record<string, string | undefined>>,
): z.infer<Schema> => {
  const parsed = schema.safeParse(env);
  if (!parsed.success) throw new ConfigInvalid(parsed.error.issues);
  return parsed.data;
};
