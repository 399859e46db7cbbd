import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { ACCOUNT, named, pseudoParameters, REGION } from './local-names.ts';

/** Something in the template that the local run can't stand in for; the message names it. */
export class NotRunLocally extends Error {
  override readonly name = 'NotRunLocally';
}

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
});
type TemplateDocument = z.infer<typeof TemplateDocument>;

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
      properties: z.looseObject({ templateFile: z.string().optional() }).optional(),
    }),
  ),
});

export interface Resource {
  readonly id: string;
  readonly type: string;
  /** Properties with every intrinsic function resolved. */
  readonly properties: Readonly<Record<string, unknown>>;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A synthesized stack's template with its assets; values are resolved as CloudFormation would, to local names. */
export class Template {
  readonly #document: TemplateDocument;
  readonly #folder: string;
  readonly #assets: ReadonlyMap<string, string>;
  /** What a reference to the HTTP API's endpoint resolves to. */
  readonly #url: string;

  private constructor(
    document: TemplateDocument,
    assets: ReadonlyMap<string, string>,
    folder: string,
    url: string,
  ) {
    this.#document = document;
    this.#assets = assets;
    this.#folder = folder;
    this.#url = url;
  }

  /** Reads a cloud assembly that holds one stack; `url` is where this run's API answers. */
  static read(folder: string, url: string): Template {
    const json = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const stacks = Object.values(Manifest.parse(json('manifest.json')).artifacts).filter(
      ({ type }) => type === 'aws:cloudformation:stack',
    );
    const [file, ...more] = stacks.flatMap(({ properties }) => properties?.templateFile ?? []);
    if (file === undefined || more.length > 0)
      throw new NotRunLocally(`${folder} holds ${String(stacks.length)} stacks; the local run takes one`);
    const assets = readdirSync(folder)
      .filter((name) => name.endsWith('.assets.json'))
      .flatMap((name) => Object.values(AssetManifest.parse(json(name)).files))
      .flatMap(({ source, destinations }) =>
        Object.values(destinations).map(({ objectKey }): [string, string] => [objectKey, source.path]),
      );
    return new Template(TemplateDocument.parse(json(file)), new Map(assets), folder, url);
  }

  resources(): readonly Resource[] {
    return Object.entries(this.#document.Resources)
      .filter(([, { Condition }]) => Condition === undefined || this.#holds(Condition))
      .map(([id, { Type, Properties }]) => ({
        id,
        type: Type,
        properties: this.#resolve(Properties) as Resource['properties'],
      }));
  }

  /** Types alone, without resolving anything. */
  types(): readonly { readonly id: string; readonly type: string }[] {
    return Object.entries(this.#document.Resources).map(([id, { Type }]) => ({ id, type: Type }));
  }

  nameOf(id: string): string {
    const resource = this.#document.Resources[id];
    const property = resource === undefined ? undefined : named[resource.Type]?.name;
    const given = property === undefined ? undefined : this.#resolve(resource?.Properties[property]);
    return typeof given === 'string' ? given : id;
  }

  /** The folder of the asset that a function's `Code.S3Key` names. */
  assetFolder(objectKey: string): string {
    const path = this.#assets.get(objectKey);
    if (path === undefined) throw new NotRunLocally(`asset ${objectKey} is not in the cloud assembly`);
    return join(this.#folder, path);
  }

  #holds(condition: string): boolean {
    return this.#resolve(this.#document.Conditions[condition]) === true;
  }

  #resolve(value: unknown): unknown {
    if (Array.isArray(value))
      return value.map((entry) => this.#resolve(entry)).filter((entry) => entry !== undefined);
    if (!isRecord(value)) return value;
    const entries = Object.entries(value);
    const [first] = entries;
    if (first !== undefined && entries.length === 1 && (first[0] === 'Ref' || first[0].startsWith('Fn::'))) {
      return this.#call(first[0], first[1]);
    }
    const resolved = entries.map(([key, entry]) => [key, this.#resolve(entry)] as const);
    return Object.fromEntries(resolved.filter(([, entry]) => entry !== undefined));
  }

  #call(name: string, argument: unknown): unknown {
    if (name === 'Ref') return this.#reference(z.string().parse(argument));
    if (name === 'Fn::GetAtt') return this.#attribute(argument);
    if (name === 'Fn::Sub') return this.#substitute(argument);
    const list = Array.isArray(argument) ? argument.map((entry) => this.#resolve(entry)) : [];
    switch (name) {
      case 'Fn::Join':
        return this.#localUrl(z.array(z.coerce.string()).parse(list[1]).join(z.string().parse(list[0])));
      case 'Fn::Select':
        return z.array(z.unknown()).parse(list[1])[Number(list[0])];
      case 'Fn::Split':
        return z.string().parse(list[1]).split(z.string().parse(list[0]));
      case 'Fn::FindInMap':
        return this.#document.Mappings[String(list[0])]?.[String(list[1])]?.[String(list[2])];
      case 'Fn::If': {
        const branches = z.tuple([z.string(), z.unknown(), z.unknown()]).parse(argument);
        return this.#resolve(this.#holds(branches[0]) ? branches[1] : branches[2]);
      }
      case 'Fn::Equals':
        return list[0] === list[1];
      case 'Fn::Or':
        return list.includes(true);
      case 'Fn::And':
        return !list.includes(false);
      case 'Fn::Not':
        return list[0] !== true;
      default:
        throw new NotRunLocally(`the template uses ${name}, which the local run does not resolve`);
    }
  }

  #reference(id: string): unknown {
    if (id in pseudoParameters) return pseudoParameters[id];
    const parameter = this.#document.Parameters[id];
    if (parameter !== undefined) return parameter.Default;
    const name = this.nameOf(id);
    const type = this.#document.Resources[id]?.Type;
    if (type === 'AWS::SQS::Queue') return `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${name}`;
    if (type === 'AWS::SecretsManager::Secret') return this.#arn(id);
    return name;
  }

  #attribute(argument: unknown): unknown {
    const [id = '', ...path] =
      typeof argument === 'string' ? argument.split('.') : z.array(z.string()).parse(argument);
    const attribute = path.join('.');
    const name = this.nameOf(id);
    switch (attribute) {
      case 'Arn':
        return this.#arn(id);
      case 'StreamArn':
        return `${this.#arn(id)}/stream/local`;
      case 'QueueName':
      case 'Name':
      case 'UserPoolId':
      case 'ClientId':
        return name;
      case 'ApiEndpoint':
        return this.#url;
      case 'ProviderName':
        return `cognito-idp.${REGION}.amazonaws.com/${name}`;
      case 'ProviderURL':
        return `https://cognito-idp.${REGION}.amazonaws.com/${name}`;
      default:
        return `local:${id}:${attribute}`;
    }
  }

  #arn(id: string): string {
    const type = this.#document.Resources[id]?.Type ?? 'unknown';
    return named[type]?.arn(this.nameOf(id)) ?? `arn:aws:local:${REGION}:${ACCOUNT}:${id}`;
  }

  #substitute(argument: unknown): string {
    const [text, variables] = Array.isArray(argument)
      ? [argument[0] as unknown, argument[1] as unknown]
      : [argument, {}];
    const given = z.record(z.string(), z.unknown()).parse(this.#resolve(variables));
    const filled = z
      .string()
      .parse(text)
      .replaceAll(/\$\{(!?)([^}]+)\}/g, (whole, literal: string, name: string) => {
        if (literal !== '') return whole.replace('!', '');
        return String(
          name in given ? given[name] : name.includes('.') ? this.#attribute(name) : this.#reference(name),
        );
      });
    return this.#localUrl(filled);
  }

  /** The deployed API's address, built from its id, is this run's address here. */
  #localUrl(text: string): string {
    return text.replaceAll(/https:\/\/[A-Za-z0-9]+\.execute-api\.[a-z0-9-]+\.amazonaws\.com/g, this.#url);
  }
}
