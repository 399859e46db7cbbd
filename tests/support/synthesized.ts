import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import * as z from 'zod';
import { quotalineApp } from '../../infra/quotaline-app.ts';

const Resource = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DependsOn: z.array(z.string()).optional(),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
});
export type Resource = z.infer<typeof Resource>;

const Template = z.looseObject({
  Resources: z.record(z.string(), Resource),
  Outputs: z.record(z.string(), z.looseObject({ Value: z.unknown(), Description: z.string().optional() })),
});
export type Template = z.infer<typeof Template>;

/** Stands in for the bundled code: what the stack looks like doesn't depend on it. */
const emptyBundles = (folder: string) => (name: string) => {
  const bundle = path.join(folder, name);
  mkdirSync(bundle, { recursive: true });
  writeFileSync(path.join(bundle, 'index.mjs'), 'export const handler = () => undefined;\n');
  return bundle;
};

/** What staging and prod can't be without. */
export const ownAddresses = { mailFrom: 'deals@acme.com', alarmEmail: 'ops@acme.com' } as const;

/** A stage's cloud assembly, synthesized anew, checked by the rule packs on the way. */
export const synthesizedAssembly = (context: Readonly<Record<string, string>> = {}): CloudAssembly => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quotaline-synth-'));
  const app = quotalineApp({
    context:
      context.stage === undefined || context.stage === 'dev' ? context : { ...ownAddresses, ...context },
    outdir: path.join(folder, 'out'),
    bundles: () => emptyBundles(path.join(folder, 'bundles')),
  });
  return app.synth();
};

/** The text of a stage's template, synthesized anew. */
export const synthesizedText = (context: Readonly<Record<string, string>> = {}): string => {
  const assembly = synthesizedAssembly(context);
  try {
    return JSON.stringify(assembly.getStackArtifact(`quotaline-${context.stage ?? 'dev'}`).template);
  } finally {
    rmSync(path.dirname(assembly.directory), { recursive: true });
  }
};

/** A stage's template with what the command line gives, synthesized anew. */
export const synthesizedTemplate = (context: Readonly<Record<string, string>>): Template =>
  Template.parse(JSON.parse(synthesizedText(context)));

const kept = new Map<string, string>();

/** The text of a stage's template as it was first synthesized here. */
export const firstText = (stage = 'dev'): string => {
  const text = kept.get(stage) ?? synthesizedText({ stage });
  kept.set(stage, text);
  return text;
};

/** A copy of a stage's template, free to change. */
export const synthesized = (stage = 'dev'): Template => Template.parse(JSON.parse(firstText(stage)));

/** The resources of one type, by logical id. */
export const ofType = ({ Resources }: Template, type: string): readonly (readonly [string, Resource])[] =>
  Object.entries(Resources).filter(([, resource]) => resource.Type === type);

/** A value with its references written as `<LogicalId>` or `<LogicalId.Attribute>`. */
export const flat = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return value.map(flat).join(',');
  if ('Ref' in value) return `<${flat(value.Ref)}>`;
  if ('Fn::GetAtt' in value && Array.isArray(value['Fn::GetAtt']))
    return `<${value['Fn::GetAtt'].join('.')}>`;
  if ('Fn::Sub' in value) return flat(value['Fn::Sub']).replaceAll('${', '<').replaceAll('}', '>');
  if ('Fn::Join' in value && Array.isArray(value['Fn::Join'])) {
    const [separator, parts] = value['Fn::Join'].map((part: unknown) => part);
    if (Array.isArray(parts)) return parts.map(flat).join(String(separator));
  }
  return JSON.stringify(value);
};

/** `Thing` of `<Thing.Arn>` or `<Thing>`. */
export const logicalId = (value: unknown): string | undefined => /^<([^.>]+)/.exec(flat(value))?.[1];

/** What lies under a path of keys and positions, as in `at(resource, 'RedrivePolicy', 'maxReceiveCount')`. */
export const at = (value: unknown, ...keys: readonly (string | number)[]): unknown =>
  keys.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null
        ? new Map(Object.entries(inner)).get(String(key))
        : undefined,
    value,
  );

/** A value that may stand alone or in a list, as a list. */
export const listOf = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
