import * as z from 'zod';
import type { LambdaControls } from '../lambda-controls.ts';
import { jsonAnswer, jsonBody, type LocalAnswer, type LocalRequest } from '../local-http.ts';
import { nameIn } from '../local-names.ts';
import type { FunctionSpec, MappingSpec } from '../stack-functions.ts';
import { AwsError, noSuchOperation } from './aws-error.ts';

/** An event source mapping as it runs. */
export interface RunningMapping {
  readonly spec: MappingSpec & {
    readonly batchWindowSeconds?: number;
    readonly maxConcurrency?: number;
  };
  readonly isUnderWay: boolean;
}

interface LambdaParts {
  readonly functions: readonly FunctionSpec[];
  readonly mappings: () => readonly RunningMapping[];
  readonly controls: LambdaControls;
}

const Concurrency = z.object({ ReservedConcurrentExecutions: z.int().min(0) });
const Update = z.strictObject({ Enabled: z.boolean() });
const TagBody = z.object({ Tags: z.record(z.string(), z.string()) });

const NOT_FOUND = 'ResourceNotFoundException';

const configuration = (spec: FunctionSpec) => ({
  FunctionName: spec.name,
  FunctionArn: spec.arn,
  Runtime: 'nodejs24.x',
  Handler: `${spec.module.replace(/\.[^.]+$/, '')}.${spec.handler}`,
  Timeout: spec.timeoutSeconds,
  MemorySize: spec.memoryMb,
  Environment: { Variables: spec.environment },
  PackageType: 'Zip',
  State: 'Active',
  LastUpdateStatus: 'Successful',
  Version: '$LATEST',
});

/** Lambda for whoever operates the stack: what there is, and switching it off and on. Functions are not invoked through it. */
export class LambdaControl {
  readonly #parts: LambdaParts;

  constructor(parts: LambdaParts) {
    this.#parts = parts;
  }

  /** The operations by their places: `/<version of the API>/functions/…`, `…/event-source-mappings/…`, `…/tags/…`. */
  readonly serve = (request: LocalRequest): LocalAnswer => {
    const [, , kind = '', ...rest] = request.path.split('/').map(decodeURIComponent);
    try {
      return this.#answer(
        `${request.method} ${kind}`,
        rest.filter((part) => part !== ''),
        request,
      );
    } catch (error) {
      if (error instanceof AwsError)
        return jsonAnswer(
          error.code === NOT_FOUND ? 404 : 400,
          { Type: 'User', Message: error.message },
          { 'x-amzn-errortype': error.code },
        );
      if (error instanceof z.ZodError)
        return jsonAnswer(
          400,
          { Type: 'User', Message: z.prettifyError(error) },
          { 'x-amzn-errortype': 'InvalidParameterValueException' },
        );
      throw error;
    }
  };

  #answer(what: string, [name = '', part = '']: readonly string[], request: LocalRequest): LocalAnswer {
    switch (what) {
      case 'GET functions':
        if (name === '') return jsonAnswer(200, { Functions: this.#parts.functions.map(configuration) });
        if (part === 'concurrency') return this.#concurrency(name);
        if (part === 'configuration') return jsonAnswer(200, configuration(this.#function(name)));
        if (part === '') return jsonAnswer(200, this.#whole(name));
        break;
      case 'PUT functions':
      case 'DELETE functions':
        if (part === 'concurrency') return this.#limit(name, request);
        break;
      case 'GET event-source-mappings':
        return jsonAnswer(
          200,
          name === '' ? this.#mappings(request.query) : this.#mappingAnswer(this.#mapping(name)),
        );
      case 'PUT event-source-mappings':
        return this.#update(this.#mapping(name), request);
      case 'GET tags':
      case 'POST tags':
      case 'DELETE tags':
        return this.#tags(name, request);
    }
    throw noSuchOperation('Lambda', `${request.method} ${request.path}`);
  }

  #function(name: string): FunctionSpec {
    const found = this.#parts.functions.find((spec) => spec.name === nameIn(name));
    if (found === undefined) throw new AwsError(NOT_FOUND, `Function not found: ${name}`);
    return found;
  }

  #whole(name: string) {
    const spec = this.#function(name);
    const most = this.#parts.controls.concurrency(spec.name);
    return {
      Configuration: configuration(spec),
      Tags: this.#parts.controls.tags(spec.arn),
      ...(most === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: most } }),
    };
  }

  #concurrency(name: string): LocalAnswer {
    const most = this.#parts.controls.concurrency(this.#function(name).name);
    return jsonAnswer(200, most === undefined ? {} : { ReservedConcurrentExecutions: most });
  }

  #limit(name: string, request: LocalRequest): LocalAnswer {
    const spec = this.#function(name);
    if (request.method === 'DELETE') {
      this.#parts.controls.limit(spec.name, undefined);
      return { status: 204, headers: {}, body: '' };
    }
    const { ReservedConcurrentExecutions } = Concurrency.parse(jsonBody(request));
    this.#parts.controls.limit(spec.name, ReservedConcurrentExecutions);
    return jsonAnswer(200, { ReservedConcurrentExecutions });
  }

  #mapping(uuid: string): RunningMapping {
    const found = this.#parts.mappings().find(({ spec }) => spec.uuid === uuid);
    if (found === undefined)
      throw new AwsError(
        NOT_FOUND,
        `The resource you requested does not exist: event source mapping ${uuid}`,
      );
    return found;
  }

  #mappings(query: URLSearchParams) {
    const name = query.get('FunctionName');
    const source = query.get('EventSourceArn');
    const wanted = name === null ? undefined : this.#function(name).name;
    return {
      EventSourceMappings: this.#parts
        .mappings()
        .filter(({ spec }) => wanted === undefined || spec.functionName === wanted)
        .filter(({ spec }) => source === null || spec.sourceArn === source)
        .map((mapping) => this.#mappingAnswer(mapping)),
    };
  }

  #mappingAnswer({ spec, isUnderWay }: RunningMapping) {
    const isOn = this.#parts.controls.isOn(spec.uuid);
    return {
      UUID: spec.uuid,
      EventSourceArn: spec.sourceArn,
      FunctionArn: this.#function(spec.functionName).arn,
      BatchSize: spec.batchSize,
      MaximumBatchingWindowInSeconds: spec.batchWindowSeconds ?? 0,
      FunctionResponseTypes: spec.reportsFailures ? ['ReportBatchItemFailures'] : [],
      ...(spec.maxConcurrency === undefined
        ? {}
        : { ScalingConfig: { MaximumConcurrency: spec.maxConcurrency } }),
      // What is under way is finished first.
      State: isOn ? 'Enabled' : isUnderWay ? 'Disabling' : 'Disabled',
      StateTransitionReason: 'USER_INITIATED',
    };
  }

  #update(mapping: RunningMapping, request: LocalRequest): LocalAnswer {
    const { FunctionName: _, ...changes } = z.looseObject({}).parse(jsonBody(request));
    const parsed = Update.safeParse(changes);
    if (!parsed.success)
      throw new AwsError(
        'InvalidParameterValueException',
        `the local run changes Enabled of a mapping, and nothing else: ${z.prettifyError(parsed.error)}`,
      );
    this.#parts.controls.switch(mapping.spec.uuid, parsed.data.Enabled);
    return jsonAnswer(202, this.#mappingAnswer(mapping));
  }

  #tags(resource: string, request: LocalRequest): LocalAnswer {
    const { arn } = this.#function(resource);
    const tags = this.#parts.controls.tags(arn);
    if (request.method === 'GET') return jsonAnswer(200, { Tags: tags });
    const gone = request.query.getAll('tagKeys');
    const left =
      request.method === 'POST'
        ? { ...tags, ...TagBody.parse(jsonBody(request)).Tags }
        : Object.fromEntries(Object.entries(tags).filter(([key]) => !gone.includes(key)));
    this.#parts.controls.keepTags(arn, left);
    return { status: 204, headers: {}, body: '' };
  }
}
