import { nameKey } from '../../../shared/directory/name-key.ts';
import { PipelineId } from '../../../shared/ids/id.ts';
import { defaultPipeline, type Pipeline } from './pipeline.ts';

/** All pipelines, looked up once: for rules that go over many deals. */
export class PipelineBook {
  readonly #byId: ReadonlyMap<string, Pipeline>;

  /** The default is in it, stored or not. */
  constructor(stored: readonly Pipeline[] = []) {
    this.#byId = new Map([defaultPipeline, ...stored].map((pipeline) => [pipeline.id, pipeline]));
  }

  /** The default one first, the others by name. */
  list(): readonly Pipeline[] {
    const rank = ({ id, name }: Pipeline) => `${id === defaultPipeline.id ? 0 : 1}${nameKey(name)}#${id}`;
    return [...this.#byId.values()].toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
  }

  /** Where deals go that name none, as it is now. */
  get default(): Pipeline {
    return this.#byId.get(defaultPipeline.id) ?? defaultPipeline;
  }

  /** A deal's own; pipelines are archived, never removed. */
  of({ pipelineId }: { readonly pipelineId: PipelineId }): Pipeline {
    return this.#byId.get(pipelineId) ?? this.default;
  }

  /** By id or name, in any case; more than one where pipelines share a name. */
  referred(text: string): readonly Pipeline[] {
    const id = PipelineId.safeParse(text);
    if (id.success) return this.list().filter((pipeline) => pipeline.id === id.data);
    return this.list().filter(({ name }) => nameKey(name) === nameKey(text));
  }
}
