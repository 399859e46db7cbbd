import * as z from 'zod';
import { JobId } from '../ids/id.ts';
import { event, type ServiceName } from './contract.ts';

/** Whom personal data is about; the id says who. */
export const PersonKind = z.enum(['member', 'candidate']);
export type PersonKind = z.infer<typeof PersonKind>;

export const PersonalDataAction = z.enum(['erase', 'export']);
export type PersonalDataAction = z.infer<typeof PersonalDataAction>;

export const PersonalDataRequest = z.object({
  id: JobId,
  kind: PersonKind,
  subjectId: z.string(),
  action: PersonalDataAction,
});
export type PersonalDataRequest = z.infer<typeof PersonalDataRequest>;

export const PersonalDataRequested = event({
  service: 'team',
  name: 'PersonalDataRequested',
  major: 1,
  description: 'A person’s data is to be erased or exported, by every service that holds some.',
  data: PersonalDataRequest,
});

/** What a service did. A job that failed may still succeed, and tells so again. */
export const PersonalDataOutcome = z.object({
  /** The request’s. */
  jobId: JobId,
  status: z.enum(['succeeded', 'failed']),
  /** How many of what, under names of the service’s own. */
  counts: z.record(z.string(), z.int()),
  problem: z.string().optional(),
});
export type PersonalDataOutcome = z.infer<typeof PersonalDataOutcome>;

const handled = (service: ServiceName, name: string) =>
  event({
    service,
    name,
    major: 1,
    description: `What ${service} did about a request for a person’s data.`,
    data: PersonalDataOutcome,
  });

export const TeamPersonalDataHandled = handled('team', 'TeamPersonalDataHandled');
export const DealsPersonalDataHandled = handled('deals', 'DealsPersonalDataHandled');
export const GoalsPersonalDataHandled = handled('goals', 'GoalsPersonalDataHandled');
export const MetricsPersonalDataHandled = handled('metrics', 'MetricsPersonalDataHandled');
