import * as z from 'zod';
import { FaultBody, UnknownFunction } from './faults.ts';
import { jsonAnswer, jsonBody, problem, type LocalAnswer, type LocalRequest } from './local-http.ts';
import type { Runner } from './runner.ts';
import type { AlarmStatus } from './watch/alarms.ts';

const instant = (ms: number): string => new Date(ms).toISOString();

const alarmItem = ({ spec, state, reason, since, notFed }: AlarmStatus) => ({
  name: spec.name,
  state,
  reason,
  since: instant(since),
  description: spec.description,
  ...(notFed === undefined ? {} : { neverRaisedHere: notFed }),
});

/** `GET /_local/alarms`: every alarm as it stands, and the newest changes of their states. */
export const alarmsAnswer = ({ watch }: Runner): LocalAnswer => {
  watch.catchUp();
  return jsonAnswer(200, {
    items: watch.alarms.statuses().map(alarmItem),
    changes: watch.alarms.changes().map((change) => ({ ...change, at: instant(change.at) })),
  });
};

export const faultsAnswer = ({ faults }: Runner): LocalAnswer => jsonAnswer(200, { items: faults.list() });

/** `POST /_local/faults`: makes something fail, or lets it work again; answers all faults that are set. */
export const setFault = (runner: Runner, request: LocalRequest): LocalAnswer => {
  const body = FaultBody.safeParse(jsonBody(request));
  if (!body.success) {
    return problem(
      400,
      'Bad Request',
      `send {"function":"deals-relay","fault":"error"}, "throttle" or null, or {"mail":"reject"}, "throttle" or null: ${z.prettifyError(body.error)}`,
    );
  }
  try {
    runner.faults.set(body.data);
  } catch (error) {
    if (error instanceof UnknownFunction) return problem(404, 'Not Found', error.message);
    throw error;
  }
  return faultsAnswer(runner);
};
