import { aboutOf } from '../observability/about.ts';
import type { Step } from '../observability/steps.ts';
import type { Outgoing } from './coalesce.ts';

/** What the log tells of an event that got onto the bus. */
export const stepOf = ({ event: { detailType, detail }, mergedCorrelationIds }: Outgoing): Step => ({
  correlationId: detail.metadata.correlationId,
  causationId: detail.metadata.causationId,
  eventId: detail.metadata.id,
  detailType,
  subject: detail.metadata.subject,
  version: detail.metadata.version,
  about: aboutOf(detail.data),
  ...(mergedCorrelationIds && { mergedCorrelationIds: [...mergedCorrelationIds] }),
});

/** As many as a line about trouble names; what goes out later has lines of its own. */
const NAMED_CHAINS = 100;

/** The chains of these events, each once. */
export const chainsOf = (outgoing: readonly Outgoing[]): readonly string[] =>
  [...new Set(outgoing.map(({ event }) => event.detail.metadata.correlationId))].slice(0, NAMED_CHAINS);
