import * as z from 'zod';
import type { MappingSpec, FunctionSpec } from './stack-functions.ts';
import type { RunnerState } from './state.ts';

const OFF = 'off';
const Tags = z.record(z.string(), z.string());
type Tags = z.infer<typeof Tags>;

/**
 * What an operator has set on functions and their mappings, over what the template says. It stays so over a restart, as a deployment
 * leaves it on AWS.
 */
export class LambdaControls {
  readonly #state: RunnerState;
  readonly #reserved: ReadonlyMap<string, number>;
  /** Of mappings that are off, and of functions with a concurrency of their own: asked at each message and invocation. */
  readonly #off = new Set<string>();
  readonly #concurrency = new Map<string, number>();
  /** Called when something may go on that had to wait. */
  onChange: () => void = () => undefined;

  constructor(state: RunnerState, functions: readonly FunctionSpec[], mappings: readonly MappingSpec[]) {
    this.#state = state;
    this.#reserved = new Map(
      functions.flatMap(({ name, reservedConcurrency }) =>
        reservedConcurrency === undefined ? [] : [[name, reservedConcurrency]],
      ),
    );
    for (const { uuid } of mappings) if (state.setting(`mapping ${uuid}`) === OFF) this.#off.add(uuid);
    for (const { name } of functions) {
      const limit = state.setting(`concurrency ${name}`);
      if (limit !== undefined) this.#concurrency.set(name, Number(limit));
    }
  }

  isOn(uuid: string): boolean {
    return !this.#off.has(uuid);
  }

  switch(uuid: string, on: boolean): void {
    if (on) {
      this.#off.delete(uuid);
      this.#state.dropSetting(`mapping ${uuid}`);
    } else {
      this.#off.add(uuid);
      this.#state.keepSetting(`mapping ${uuid}`, OFF);
    }
    this.onChange();
  }

  /** Reserved concurrency of a function; undefined when nothing limits it. */
  concurrency(name: string): number | undefined {
    return this.#concurrency.get(name) ?? this.#reserved.get(name);
  }

  /** Sets the concurrency; undefined gives back what the template says. */
  limit(name: string, most: number | undefined): void {
    if (most === undefined) {
      this.#concurrency.delete(name);
      this.#state.dropSetting(`concurrency ${name}`);
    } else {
      this.#concurrency.set(name, most);
      this.#state.keepSetting(`concurrency ${name}`, String(most));
    }
    this.onChange();
  }

  /** Whether a mapping has to wait: it is off, or its function may not run. */
  isPaused({ uuid, functionName }: MappingSpec): boolean {
    return this.#off.has(uuid) || this.concurrency(functionName) === 0;
  }

  tags(resource: string): Tags {
    const kept = this.#state.setting(`tags ${resource}`);
    return kept === undefined ? {} : Tags.parse(JSON.parse(kept));
  }

  keepTags(resource: string, tags: Tags): void {
    this.#state.keepSetting(`tags ${resource}`, JSON.stringify(tags));
  }
}
