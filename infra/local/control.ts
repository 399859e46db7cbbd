import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { ClockOnlyMovesForward } from './clock.ts';
import { inboxPage } from './inbox-page.ts';
import { indexPage } from './index-page.ts';
import {
  htmlAnswer,
  jsonAnswer,
  jsonBody,
  problem,
  type LocalAnswer,
  type LocalRequest,
} from './local-http.ts';
import type { Runner } from './runner.ts';
import { alarmsSection } from './alarms-page.ts';
import { alarmsAnswer, faultsAnswer, setFault } from './watch-control.ts';

const ClockBody = z.strictObject({ now: z.iso.datetime({ offset: true }) });
const EventsBody = z.array(
  z.strictObject({
    source: z.string().min(1),
    detailType: z.string().min(1),
    detail: z.record(z.string(), z.unknown()),
    bus: z.string().optional(),
  }),
);

const badRequest = (detail: string) => problem(400, 'Bad Request', detail);

const LONGEST_WAIT_SECONDS = 300;
const IDLE_CHECK_MS = 25;

const whenIdle = async (runner: Runner, query: URLSearchParams): Promise<LocalAnswer> => {
  const seconds = Number(query.get('timeout') ?? 30);
  if (!(seconds >= 0 && seconds <= LONGEST_WAIT_SECONDS)) {
    return badRequest(`timeout is a number of seconds, at most ${String(LONGEST_WAIT_SECONDS)}`);
  }
  const until = Date.now() + seconds * 1000;
  for (;;) {
    const work = runner.workLeft();
    const paused = runner.paused();
    const besides = paused === undefined ? {} : { paused };
    if (Object.values(work).every((n) => n === 0)) return jsonAnswer(200, { idle: true, ...besides });
    if (Date.now() >= until) return jsonAnswer(504, { idle: false, ...work, ...besides });
    if (work.invocations === 0 && work.streams === 0) runner.endWindows();
    await delay(IDLE_CHECK_MS);
  }
};

const moveClock = (runner: Runner, request: LocalRequest): LocalAnswer => {
  const body = ClockBody.safeParse(jsonBody(request));
  if (!body.success) return badRequest(`send {"now":"2027-01-04T09:00:00Z"}: ${z.prettifyError(body.error)}`);
  try {
    runner.moveClock(Date.parse(body.data.now));
  } catch (error) {
    if (error instanceof ClockOnlyMovesForward) return problem(409, 'Conflict', error.message);
    throw error;
  }
  return jsonAnswer(200, { now: new Date(runner.clock.now()).toISOString() });
};

const putEvents = (runner: Runner, request: LocalRequest): LocalAnswer => {
  const body = EventsBody.safeParse(jsonBody(request));
  if (!body.success)
    return badRequest(`send an array of { source, detailType, detail }: ${z.prettifyError(body.error)}`);
  const answers = runner.buses.put(
    body.data.map(({ source, detailType, detail, bus }) => ({
      bus: bus ?? runner.stack.buses[0] ?? 'default',
      source,
      detailType,
      detail: JSON.stringify(detail),
      resources: [],
    })),
  );
  const refused = answers.flatMap((answer) => ('ErrorMessage' in answer ? answer.ErrorMessage : []));
  return refused.length > 0 ? badRequest(refused.join('; ')) : jsonAnswer(200, { items: answers });
};

const parsedBody = (body: string): unknown => {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
};

const deadLetters = (runner: Runner): LocalAnswer =>
  jsonAnswer(200, {
    items: runner.queues.deadLetters().map(({ queue, messageId, body, sentAt, receiveCount }) => ({
      queue,
      messageId,
      sentAt: new Date(sentAt).toISOString(),
      receiveCount,
      body: parsedBody(body),
    })),
  });

/** Everything under `/_local`: what a deployed stage has no counterpart of. */
export const control = async (runner: Runner, request: LocalRequest): Promise<LocalAnswer> => {
  switch (`${request.method} ${request.path.replace(/\/$/, '')}`) {
    case 'GET /_local':
      runner.watch.catchUp();
      return htmlAnswer(
        indexPage(
          runner.url,
          runner.clientIds,
          runner.folder,
          alarmsSection(runner.watch.alarms.statuses(), runner.faults.list()),
        ),
      );
    case 'GET /_local/mail':
      return jsonAnswer(200, { items: runner.mailbox.items() });
    case 'GET /_local/inbox':
      return htmlAnswer(inboxPage(runner.mailbox.items()));
    case 'GET /_local/idle':
      return whenIdle(runner, request.query);
    case 'GET /_local/dead-letters':
      return deadLetters(runner);
    case 'GET /_local/clock':
      return jsonAnswer(200, { now: new Date(runner.clock.now()).toISOString() });
    case 'POST /_local/clock':
      return moveClock(runner, request);
    case 'GET /_local/alarms':
      return alarmsAnswer(runner);
    case 'GET /_local/faults':
      return faultsAnswer(runner);
    case 'POST /_local/faults':
      return setFault(runner, request);
    case 'GET /_local/events':
      return jsonAnswer(200, { items: runner.buses.latest() });
    case 'POST /_local/events':
      return putEvents(runner, request);
    default:
      return problem(
        404,
        'Not Found',
        `the local run has no ${request.method} ${request.path}; GET /_local lists what there is`,
      );
  }
};
