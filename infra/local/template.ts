import { join } from 'node:path';
import * as z from 'zod';
import { readAssembly, type TemplateDocument } from './cloud-assembly.ts';
import {
  ACCOUNT,
  mappingUuid,
  named,
  nameIn,
  pseudoParameters,
  queueUrl,
  REGION,
  ruleArn,
} from './local-names.ts';
import { NotRunLocally } from './not-run-locally.ts';

export interface Output {
  readonly name: string;
  readonly value: string;
  readonly description?: string;
}

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
  /** As it is deployed: `quotaline-dev`. */
  readonly stackName: string;
  readonly #document: TemplateDocument;
  readonly #folder: string;
  readonly #assets: ReadonlyMap<string, string>;
  /** What a reference to the HTTP API's endpoint resolves to. */
  readonly #url: string;
  readonly #pseudoParameters: Readonly<Record<string, unknown>>;

  private constructor(
    stackName: string,
    document: TemplateDocument,
    assets: ReadonlyMap<string, string>,
    folder: string,
    url: string,
  ) {
    this.stackName = stackName;
    this.#pseudoParameters = pseudoParameters(stackName);
    this.#document = document;
    this.#assets = assets;
    this.#folder = folder;
    this.#url = url;
  }

  /** Reads a cloud assembly that holds one stack; `url` is where this run's API answers. */
  static read(folder: string, url: string): Template {
    const { stackName, document, assets } = readAssembly(folder);
    return new Template(stackName, document, assets, folder, url);
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

  outputs(): readonly Output[] {
    return Object.entries(this.#document.Outputs)
      .filter(([, { Condition }]) => Condition === undefined || this.#holds(Condition))
      .map(([name, { Value, Description }]) => ({
        name,
        value: String(this.#resolve(Value)),
        ...(Description === undefined ? {} : { description: Description }),
      }));
  }

  /** What CloudFormation shows as the resource's physical id, which is what a `Ref` to it gives. */
  physicalId(id: string): string {
    return String(this.#reference(id));
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
    if (id in this.#pseudoParameters) return this.#pseudoParameters[id];
    const parameter = this.#document.Parameters[id];
    if (parameter !== undefined) return parameter.Default;
    const name = this.nameOf(id);
    switch (this.#document.Resources[id]?.Type) {
      case 'AWS::SQS::Queue':
        return queueUrl(name);
      case 'AWS::SecretsManager::Secret':
      case 'AWS::SNS::Topic':
        return this.#arn(id);
      case 'AWS::Events::Rule': {
        const bus = this.#busOf(id);
        return bus === 'default' ? name : `${bus}|${name}`;
      }
      case 'AWS::Lambda::EventSourceMapping':
        return mappingUuid(
          nameIn(this.#property(id, 'FunctionName', '')),
          this.#property(id, 'EventSourceArn', ''),
        );
      default:
        return name;
    }
  }

  #property(id: string, name: string, otherwise: string): string {
    return z.string().default(otherwise).parse(this.#resolve(this.#document.Resources[id]?.Properties[name]));
  }

  #busOf(rule: string): string {
    return nameIn(this.#property(rule, 'EventBusName', 'default'));
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
    if (type === 'AWS::Events::Rule') return ruleArn(this.#busOf(id), this.nameOf(id));
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

  /**
   * The addresses of the deployed API and of its sign-in, built from their ids, are this run's address here; so is the
   * API's own domain.
   */
  #localUrl(text: string): string {
    const [own] = this.types().filter(({ type }) => type === 'AWS::ApiGatewayV2::DomainName');
    if (own !== undefined && text === `https://${this.nameOf(own.id)}`) return this.#url;
    return text.replaceAll(
      /https:\/\/([A-Za-z0-9]+\.execute-api\.[a-z0-9-]+\.amazonaws|[A-Za-z0-9-]+\.auth\.[a-z0-9-]+\.amazoncognito)\.com/g,
      this.#url,
    );
  }
}
