import * as z from 'zod';
import { NotFound } from '../../../shared/errors/errors.ts';
import { page, pageQuery } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { PipelineId } from '../../../shared/ids/id.ts';
import { Pipeline, pipelines } from '../domain/pipeline.ts';

/** The pipelines that there are have never been changed. */
const shown = (pipeline: Pipeline) => ({ ...pipeline, version: 1 });
const PipelineResource = Pipeline.extend({ version: z.int() }).meta({ id: 'Pipeline' });

const listPipelines = route({
  method: 'GET',
  path: '/v1/pipelines',
  scope: 'sales/deals.read',
  summary: 'List the pipelines with their stages',
  query: pageQuery,
  response: page(PipelineResource),
  handle: async () => Promise.resolve({ items: pipelines.map(shown) }),
});

const getPipeline = route({
  method: 'GET',
  path: '/v1/pipelines/{id}',
  scope: 'sales/deals.read',
  summary: 'Get a pipeline with its stages',
  params: z.object({ id: PipelineId }),
  response: PipelineResource,
  async handle({ params }) {
    const pipeline = pipelines.find(({ id }) => id === params.id);
    if (pipeline === undefined) throw new NotFound(`pipeline ${params.id}`);
    return Promise.resolve(shown(pipeline));
  },
});

export const pipelineRoutes = [listPipelines, getPipeline] as const;
