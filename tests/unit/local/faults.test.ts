import { describe, expect, test } from 'vitest';
import { Mailbox } from '../../../infra/local/aws/mail.ts';
import { LocalClock } from '../../../infra/local/clock.ts';
import { FaultBody, Faults, UnknownFunction } from '../../../infra/local/faults.ts';
import type { FunctionPool } from '../../../infra/local/function-pool.ts';
import { THROTTLED, type Outcome } from '../../../infra/local/function-pool.ts';
import { QueueMapping } from '../../../infra/local/queue-mapping.ts';
import { Queues } from '../../../infra/local/queues.ts';
import { RunnerState } from '../../../infra/local/state.ts';
import { eventually } from '../../support/eventually.ts';

const relay = {
  name: 'quotaline-dev-deals-relay',
  arn: 'arn:aws:lambda:us-east-1:000000000000:function:quotaline-dev-deals-relay',
  label: 'deals-relay',
  assetFolder: '/nowhere',
  module: 'index.mjs',
  handler: 'handler',
  environment: {},
  timeoutSeconds: 3,
  memoryMb: 128,
};

describe('faults', () => {
  test('are set by a function’s label or whole name, listed, and taken away', () => {
    const faults = new Faults([relay]);
    faults.set({ function: 'deals-relay', fault: 'error' });
    faults.set({ mail: 'reject' });
    expect(faults.of(relay.name)).toBe('error');
    expect(faults.list()).toEqual([{ function: 'deals-relay', fault: 'error' }, { mail: 'reject' }]);
    faults.set({ function: relay.name, fault: null });
    faults.set({ mail: null });
    expect(faults.list()).toEqual([]);
  });

  test('of a function that isn’t there name those that are', () => {
    expect(() => new Faults([relay]).set({ function: 'relay', fault: 'error' })).toThrow(UnknownFunction);
    expect(() => new Faults([relay]).set({ function: 'relay', fault: 'error' })).toThrow('deals-relay');
  });

  test.each([{}, { function: 'deals-relay' }, { function: 'deals-relay', fault: 'slow' }, { mail: 'lost' }])(
    '%j is none',
    (body) => {
      expect(FaultBody.safeParse(body).success).toBe(false);
    },
  );

  test.each([
    ['reject', 400, 'MessageRejected'],
    ['throttle', 429, 'TooManyRequestsException'],
  ] as const)('of mail, %s, answer as SES does', (fault, status, type) => {
    const state = new RunnerState(':memory:');
    const mailbox = new Mailbox(state, new LocalClock(state), { fault: () => fault });
    const body = JSON.stringify({
      FromEmailAddress: 'a@example.com',
      Destination: { ToAddresses: ['b@example.com'] },
      Content: { Simple: { Subject: { Data: 's' }, Body: { Text: { Data: 't' } } } },
    });
    const answer = mailbox.serve({
      method: 'POST',
      path: '/v2/email/outbound-emails',
      rawQuery: '',
      query: new URLSearchParams(),
      headers: {},
      body: Buffer.from(body),
      sourceIp: '127.0.0.1',
    });
    expect([answer.status, answer.headers['x-amzn-errortype']]).toEqual([status, type]);
    expect(mailbox.items()).toEqual([]);
    state.close();
  });
});

describe('a throttled function', () => {
  test('leaves its messages in the queue, uncounted, and takes them once it runs', async () => {
    const state = new RunnerState(':memory:');
    const queues = new Queues(state, [{ name: 'facts', visibilityTimeoutSeconds: 30, maxReceiveCount: 2 }]);
    const received: string[] = [];
    let outcome: Outcome = THROTTLED;
    let tries = 0;
    const functions: Pick<FunctionPool, 'invoke' | 'isStopping'> = {
      isStopping: false,
      invoke: (_name, event) => {
        tries += 1;
        if (outcome.kind === 'done') received.push(event);
        return Promise.resolve(outcome);
      },
    };
    const mapping = new QueueMapping(
      {
        id: 'facts',
        uuid: 'facts',
        sourceArn: 'arn:aws:sqs:us-east-1:000000000000:facts',
        functionName: 'metrics-facts',
        batchSize: 10,
        reportsFailures: false,
        region: 'us-east-1',
        queue: 'facts',
        batchWindowSeconds: 0,
        maxConcurrency: 2,
      },
      queues,
      functions,
      () => false,
    );
    mapping.start();
    queues.send([{ queue: 'facts', body: 'one' }]);
    await eventually('three tries', 10_000, () => Promise.resolve(tries >= 3 ? true : undefined));
    expect(queues.counts('facts')).toMatchObject({ visible: 1, inFlight: 0, delayed: 0 });
    outcome = { kind: 'done', result: null };
    await eventually('the message', 10_000, () => Promise.resolve(received[0]));
    expect(received[0]).toContain('"ApproximateReceiveCount":"1"');
    await mapping.stop();
    state.close();
  });
});

describe('messages', () => {
  test('grow old by the local clock', () => {
    const state = new RunnerState(':memory:');
    const clock = new LocalClock(state);
    const queues = new Queues(
      state,
      [{ name: 'facts', visibilityTimeoutSeconds: 30, maxReceiveCount: 2 }],
      clock,
    );
    clock.moveTo(Date.now() + 3_600_000);
    queues.send([{ queue: 'facts', body: 'one' }]);
    const { oldestSentAt = 0, visible } = queues.counts('facts');
    expect(visible).toBe(1);
    expect(Math.abs(clock.now() - oldestSentAt)).toBeLessThan(1_000);
    state.close();
  });
});

describe('the clock', () => {
  test('tells what it showed at an earlier time of the machine', () => {
    const state = new RunnerState(':memory:');
    const clock = new LocalClock(state);
    const before = Date.now() - 5_000;
    clock.moveTo(Date.now() + 600_000);
    expect(clock.localTimeOf(before)).toBe(before);
    expect(Math.abs(clock.localTimeOf(Date.now()) - clock.now())).toBeLessThan(1_000);
    state.close();
  });
});
