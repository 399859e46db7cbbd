import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { NotRunLocally } from './not-run-locally.ts';

const TemplateDocument = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: z.record(z.string(), z.unknown()).default({}),
      Condition: z.string().optional(),
      Metadata: z.unknown().optional(),
    }),
  ),
  Parameters: z.record(z.string(), z.object({ Default: z.unknown().optional() })).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Outputs: z
    .record(
      z.string(),
      z.object({
        Value: z.unknown(),
        Description: z.string().optional(),
        Condition: z.string().optional(),
      }),
    )
    .default({}),
});
export type TemplateDocument = z.infer<typeof TemplateDocument>;

const AssetManifest = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.object({ path: z.string() }),
      destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
    }),
  ),
});

const Manifest = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      properties: z
        .looseObject({ templateFile: z.string().optional(), stackName: z.string().optional() })
        .optional(),
    }),
  ),
});

export interface CloudAssembly {
  /** As the stack is deployed: `quotaline-dev`. */
  readonly stackName: string;
  readonly document: TemplateDocument;
  /** Folders of assets below the assembly's, by object key. */
  readonly assets: ReadonlyMap<string, string>;
}

/** Reads a synthesized app of one stack. Throws NotRunLocally when it holds another number of them. */
export const readAssembly = (folder: string): CloudAssembly => {
  const json = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const stacks = Object.entries(Manifest.parse(json('manifest.json')).artifacts).flatMap(
    ([name, { type, properties: { stackName = name, templateFile } = {} }]) =>
      type === 'aws:cloudformation:stack' && templateFile !== undefined ? [{ stackName, templateFile }] : [],
  );
  const [stack, ...more] = stacks;
  if (stack === undefined || more.length > 0)
    throw new NotRunLocally(`${folder} holds ${String(stacks.length)} stacks; the local run takes one`);
  const assets = readdirSync(folder)
    .filter((name) => name.endsWith('.assets.json'))
    .flatMap((name) => Object.values(AssetManifest.parse(json(name)).files))
    .flatMap(({ source, destinations }) =>
      Object.values(destinations).map(({ objectKey }): [string, string] => [objectKey, source.path]),
    );
  return {
    stackName: stack.stackName,
    document: TemplateDocument.parse(json(stack.templateFile)),
    assets: new Map(assets),
  };
};
