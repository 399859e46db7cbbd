import * as z from 'zod';
import { NotRunLocally } from './not-run-locally.ts';
import type { Resource } from './template.ts';

/**
 * A reader of one resource type: `shape` holds the properties that are interpreted, `harmless` names those that make no difference
 * on one machine. Anything else is an error that names it. Throws NotRunLocally.
 */
export const reader = <Shape extends z.ZodRawShape>(
  type: string,
  shape: Shape,
  harmless: readonly string[],
) => {
  const schema = z.object(shape);
  return (
    resources: readonly Resource[],
  ): readonly { readonly id: string; readonly properties: z.infer<typeof schema> }[] =>
    resources
      .filter((resource) => resource.type === type)
      .map(({ id, properties }) => {
        const unknown = Object.keys(properties).filter(
          (name) => !(name in shape) && !harmless.includes(name),
        );
        if (unknown.length > 0)
          throw new NotRunLocally(`${type} ${id}: the local run does not interpret ${unknown.join(', ')}`);
        const parsed = schema.safeParse(properties);
        if (!parsed.success) throw new NotRunLocally(`${type} ${id}: ${z.prettifyError(parsed.error)}`);
        return { id, properties: parsed.data };
      });
};
