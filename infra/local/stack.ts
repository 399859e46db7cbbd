import { readAlarms, type AlarmSpec } from './stack-alarms.ts';
import { readSchedules, type ScheduleSpec } from './stack-schedules.ts';
import { readCognito, type SignInSpec } from './stack-sign-in.ts';
import {
  readFunctions,
  readMappings,
  type FunctionSpec,
  type QueueMappingSpec,
  type StreamMappingSpec,
} from './stack-functions.ts';
import { readGateway, type GatewaySpec } from './stack-gateway.ts';
import { readMessaging, type ArchiveSpec, type QueueSpec, type RuleSpec } from './stack-messaging.ts';
import { readTables, type TableSpec } from './stack-tables.ts';
import { INTERPRETED, WITHOUT_LOCAL_EFFECT } from './resource-types.ts';
import { NotRunLocally } from './not-run-locally.ts';
import type { Output, Template } from './template.ts';

/** A resource as CloudFormation lists it. */
export interface StackResource {
  readonly id: string;
  readonly type: string;
  readonly physicalId: string;
}

/** What the local run needs to know of the stack: typed, checked, with all references resolved to local names. */
export interface Stack {
  /** As it is deployed: `quotaline-dev`. */
  readonly name: string;
  readonly outputs: readonly Output[];
  readonly resources: readonly StackResource[];
  readonly tables: readonly TableSpec[];
  readonly functions: readonly FunctionSpec[];
  readonly queueMappings: readonly QueueMappingSpec[];
  readonly streamMappings: readonly StreamMappingSpec[];
  readonly queues: readonly QueueSpec[];
  readonly buses: readonly string[];
  readonly rules: readonly RuleSpec[];
  readonly archives: readonly ArchiveSpec[];
  readonly buckets: readonly string[];
  /** Those whose new objects the account's own bus hears of. */
  readonly tellingBuckets: readonly string[];
  readonly gateway: GatewaySpec;
  readonly signIn: SignInSpec;
  readonly schedules: readonly ScheduleSpec[];
  readonly alarms: readonly AlarmSpec[];
}

/** Reads the stack from its template. Throws NotRunLocally, naming every type or property that would be left out. */
export const readStack = (template: Template): Stack => {
  const unknown = template
    .types()
    .filter(({ type }) => !INTERPRETED.has(type) && !WITHOUT_LOCAL_EFFECT.has(type));
  if (unknown.length > 0) {
    const list = unknown.map(({ id, type }) => `  ${type} (${id})`).join('\n');
    throw new NotRunLocally(
      `the local run does not know these resources; see infra/local/resource-types.ts:\n${list}`,
    );
  }
  const resources = template.resources();
  const { queues, buses, rules, archives, buckets, tellingBuckets } = readMessaging(resources, template);
  return {
    name: template.stackName,
    outputs: template.outputs(),
    resources: resources.map(({ id, type }) => ({ id, type, physicalId: template.physicalId(id) })),
    tables: readTables(resources, template),
    functions: readFunctions(resources, template),
    ...readMappings(resources),
    queues,
    buses,
    rules,
    archives,
    buckets,
    tellingBuckets,
    gateway: readGateway(resources),
    signIn: readCognito(resources, template),
    schedules: readSchedules(resources),
    alarms: readAlarms(resources),
  };
};
