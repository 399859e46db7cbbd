import * as z from 'zod';
import type { Archive } from '../archive.ts';
import type { Buses } from '../bus.ts';
import { named, nameIn, ruleArn } from '../local-names.ts';
import type { Replay, Replays } from '../replays.ts';
import type { RuleSpec } from '../stack-messaging.ts';
import { AwsError, noSuchOperation } from './aws-error.ts';
import { putEvents } from './put-events.ts';

const RUNNING_AT_ONCE = 10;

/** The SDK sends seconds since the epoch. */
const Time = z.number().transform((seconds) => Math.round(seconds * 1000));
const OnBus = z.object({ EventBusName: z.string().default('default'), NamePrefix: z.string().default('') });
const OfRule = z.object({ Rule: z.string(), EventBusName: z.string().default('default') });
const OfArchive = z.object({ ArchiveName: z.string() });
const ListArchives = z.object({ NamePrefix: z.string().default(''), EventSourceArn: z.string().optional() });
const OfReplay = z.object({ ReplayName: z.string() });
const ListReplays = z.object({
  NamePrefix: z.string().default(''),
  State: z.string().optional(),
  EventSourceArn: z.string().optional(),
});
const StartReplay = z.object({
  ReplayName: z.string().regex(/^[.\-_A-Za-z0-9]{1,64}$/, 'must be up to 64 letters, digits and .-_'),
  Description: z.string().max(512).optional(),
  EventSourceArn: z.string(),
  EventStartTime: Time,
  EventEndTime: Time,
  Destination: z.object({ Arn: z.string(), FilterArns: z.array(z.string()).optional() }),
});

const arnOf = (type: string, name: string): string => named[type]?.arn(name) ?? name;
const archiveArn = (name: string): string => arnOf('AWS::Events::Archive', name);
const busArn = (name: string): string => arnOf('AWS::Events::EventBus', name);
const replayArn = (name: string): string => archiveArn(name).replace(':archive/', ':replay/');

const invalid = (parameter: string, reason: string): AwsError =>
  new AwsError('ValidationException', `Parameter ${parameter} is not valid. Reason: ${reason}`);

const missing = (what: string): AwsError =>
  new AwsError('ResourceNotFoundException', `${what} does not exist.`);

const seconds = (ms: number | undefined) => (ms === undefined ? undefined : ms / 1000);

const summaryOf = ({ name, archive, from, to, state, startedAt, endedAt, position }: Replay) => ({
  ReplayName: name,
  EventSourceArn: archiveArn(archive),
  State: state,
  EventStartTime: seconds(from),
  EventEndTime: seconds(to),
  EventLastReplayedTime: seconds(position),
  ReplayStartTime: seconds(startedAt),
  ReplayEndTime: seconds(endedAt),
});

interface EventsParts {
  readonly buses: Buses;
  readonly rules: readonly RuleSpec[];
  readonly archives: readonly Archive[];
  readonly replays: Replays;
  /** When the stack was made, in milliseconds since the epoch. */
  readonly createdAt: number;
}

/** EventBridge: PutEvents for functions; rules, archives and replays for operators. */
export class Events {
  readonly #parts: EventsParts;
  readonly #put: (operation: string, input: unknown) => unknown;

  constructor(parts: EventsParts) {
    this.#parts = parts;
    this.#put = putEvents(parts.buses);
  }

  /** Runs one operation of the API. Throws AwsError. */
  readonly call = (operation: string, input: unknown): unknown => {
    switch (operation) {
      case 'PutEvents':
        return this.#put(operation, input);
      case 'ListRules':
        return this.#rules(OnBus.parse(input));
      case 'ListTargetsByRule':
        return this.#targets(OfRule.parse(input));
      case 'DescribeArchive':
        return this.#archive(OfArchive.parse(input).ArchiveName);
      case 'ListArchives':
        return this.#archives(ListArchives.parse(input));
      case 'StartReplay':
        return this.#start(StartReplay.parse(input));
      case 'DescribeReplay':
        return this.#replay(OfReplay.parse(input).ReplayName);
      case 'ListReplays':
        return this.#replays(ListReplays.parse(input));
      case 'CancelReplay':
        return this.#cancel(OfReplay.parse(input).ReplayName);
      default:
        throw noSuchOperation('EventBridge', operation);
    }
  };

  #rules({ EventBusName, NamePrefix }: z.infer<typeof OnBus>) {
    const bus = nameIn(EventBusName);
    return {
      Rules: this.#parts.rules
        .filter((rule) => rule.bus === bus && rule.name.startsWith(NamePrefix))
        .map(({ name, pattern }) => ({
          Name: name,
          Arn: ruleArn(bus, name),
          EventBusName: bus,
          EventPattern: JSON.stringify(pattern),
          State: 'ENABLED',
        })),
    };
  }

  #targets({ Rule, EventBusName }: z.infer<typeof OfRule>) {
    const bus = nameIn(EventBusName);
    const rule = this.#parts.rules.find((one) => one.bus === bus && one.name === Rule);
    if (rule === undefined) throw missing(`Rule ${Rule} on EventBus ${bus}`);
    return {
      Targets: rule.targetQueues.map((queue, at) => ({
        Id: `Target${String(at)}`,
        Arn: arnOf('AWS::SQS::Queue', queue),
      })),
    };
  }

  #archiveNamed(name: string): Archive {
    const found = this.#parts.archives.find(({ spec }) => spec.name === name);
    if (found === undefined) throw missing(`Archive ${name}`);
    return found;
  }

  #archiveSummary(archive: Archive) {
    const { name, bus, retentionDays } = archive.spec;
    const { events, bytes } = archive.totals();
    return {
      ArchiveName: name,
      EventSourceArn: busArn(bus),
      State: 'ENABLED',
      RetentionDays: retentionDays,
      EventCount: events,
      SizeBytes: bytes,
      CreationTime: seconds(this.#parts.createdAt),
    };
  }

  #archive(name: string) {
    const archive = this.#archiveNamed(name);
    return {
      ArchiveArn: archiveArn(name),
      EventPattern: archive.spec.pattern === undefined ? undefined : JSON.stringify(archive.spec.pattern),
      ...this.#archiveSummary(archive),
    };
  }

  #archives({ NamePrefix, EventSourceArn }: z.infer<typeof ListArchives>) {
    return {
      Archives: this.#parts.archives
        .filter(({ spec }) => spec.name.startsWith(NamePrefix))
        .filter(({ spec }) => EventSourceArn === undefined || EventSourceArn === busArn(spec.bus))
        .map((archive) => this.#archiveSummary(archive)),
    };
  }

  #start({
    ReplayName,
    Description,
    EventSourceArn,
    EventStartTime,
    EventEndTime,
    Destination,
  }: z.infer<typeof StartReplay>) {
    const { replays } = this.#parts;
    const { spec } = this.#archiveNamed(nameIn(EventSourceArn));
    if (EventStartTime >= EventEndTime)
      throw invalid('EventEndTime', 'EventStartTime must be before EventEndTime.');
    if (Destination.Arn !== busArn(spec.bus))
      throw invalid('Destination.Arn', `Cross event bus replay is not permitted: it is ${busArn(spec.bus)}.`);
    const rules = Destination.FilterArns?.map((arn) => {
      const rule = this.#parts.rules.find(({ bus, name }) => bus === spec.bus && ruleArn(bus, name) === arn);
      if (rule === undefined) throw invalid('Destination.FilterArns', `${arn} is no rule of ${spec.bus}.`);
      return rule.name;
    });
    if (replays.find(ReplayName) !== undefined)
      throw new AwsError('ResourceAlreadyExistsException', `Replay ${ReplayName} already exists.`);
    if (replays.running >= RUNNING_AT_ONCE)
      throw new AwsError(
        'LimitExceededException',
        `The requested resource exceeds the maximum number allowed: ${String(RUNNING_AT_ONCE)} replays at once.`,
      );
    const replay = replays.start({
      name: ReplayName,
      archive: spec.name,
      from: EventStartTime,
      to: EventEndTime,
      ...(Description === undefined ? {} : { description: Description }),
      ...(rules === undefined ? {} : { rules }),
    });
    return {
      ReplayArn: replayArn(ReplayName),
      State: 'STARTING',
      ReplayStartTime: seconds(replay.startedAt),
    };
  }

  #replayNamed(name: string): Replay {
    const found = this.#parts.replays.find(name);
    if (found === undefined) throw missing(`Replay ${name}`);
    return found;
  }

  #replay(name: string) {
    const replay = this.#replayNamed(name);
    const bus = this.#archiveNamed(replay.archive).spec.bus;
    return {
      ReplayArn: replayArn(name),
      Description: replay.description,
      Destination: {
        Arn: busArn(bus),
        ...(replay.rules === undefined ? {} : { FilterArns: replay.rules.map((rule) => ruleArn(bus, rule)) }),
      },
      ...summaryOf(replay),
    };
  }

  #replays({ NamePrefix, State, EventSourceArn }: z.infer<typeof ListReplays>) {
    return {
      Replays: this.#parts.replays
        .all()
        .filter(({ name }) => name.startsWith(NamePrefix))
        .filter(({ state }) => State === undefined || State === state)
        .filter(({ archive }) => EventSourceArn === undefined || EventSourceArn === archiveArn(archive))
        .map(summaryOf),
    };
  }

  #cancel(name: string) {
    const { state } = this.#replayNamed(name);
    if (state !== 'RUNNING')
      throw new AwsError(
        'IllegalStatusException',
        `Replay ${name} is ${state}: only a running one can be cancelled.`,
      );
    this.#parts.replays.cancel(name);
    return { ReplayArn: replayArn(name), State: 'CANCELLING' };
  }
}
