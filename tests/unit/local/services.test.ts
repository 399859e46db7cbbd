import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AwsError } from '../../../infra/local/aws/aws-error.ts';
import { ClockOnlyMovesForward, LocalClock } from '../../../infra/local/clock.ts';
import { inboxPage } from '../../../infra/local/inbox-page.ts';
import { TokenKey } from '../../../infra/local/jwt.ts';
import type { LocalRequest } from '../../../infra/local/local-http.ts';
import { Mailbox } from '../../../infra/local/aws/mail.ts';
import { Objects } from '../../../infra/local/aws/objects.ts';
import { BadOptions, readOptions } from '../../../infra/local/options.ts';
import { Secrets } from '../../../infra/local/aws/secrets.ts';
import { RunnerState } from '../../../infra/local/state.ts';

let state: RunnerState;
let clock: LocalClock;
beforeEach(() => {
  state = new RunnerState(':memory:');
  clock = new LocalClock(state);
});
afterEach(() => {
  state.close();
});

const request = (
  method: string,
  path: string,
  body: string | Buffer = '',
  headers: Record<string, string> = {},
): LocalRequest => {
  const [bare = '', rawQuery = ''] = path.split('?');
  return {
    method,
    path: bare,
    rawQuery,
    query: new URLSearchParams(rawQuery),
    headers,
    body: Buffer.from(body),
    sourceIp: '127.0.0.1',
  };
};

describe('the clock', () => {
  test('moves forward, and stays moved after a restart', () => {
    const target = Date.now() + 86_400_000;
    clock.moveTo(target);
    expect(Math.abs(new LocalClock(state).now() - target)).toBeLessThan(1_000);
  });

  test('does not go back', () => {
    expect(() => clock.moveTo(Date.now() - 60_000)).toThrow(ClockOnlyMovesForward);
  });
});

describe('objects', () => {
  const serve = (...given: Parameters<typeof request>) =>
    new Objects(state, ['files'], clock).serve(request(...given));

  test('come back as they were put, whatever the key', () => {
    expect(serve('PUT', '/files/a%20b/%C3%BC.csv', 'x,y', { 'content-type': 'text/csv' }).status).toBe(200);
    const got = serve('GET', '/files/a%20b/%C3%BC.csv');
    expect([got.headers['content-type'], Buffer.from(got.body).toString()]).toEqual(['text/csv', 'x,y']);
    expect(serve('DELETE', '/files/a%20b/%C3%BC.csv').status).toBe(204);
    expect(serve('GET', '/files/a%20b/%C3%BC.csv').status).toBe(404);
  });

  test('that were sent in chunks lose the chunks’ frames', () => {
    serve(
      'PUT',
      '/files/x',
      '3;chunk-signature=0\r\nabc\r\n2\r\nde\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n',
      { 'content-encoding': 'aws-chunked' },
    );
    expect(Buffer.from(serve('GET', '/files/x').body).toString()).toBe('abcde');
  });

  test('can’t be put with a presigned URL that has expired', () => {
    expect(serve('PUT', '/files/x?X-Amz-Date=20200101T000000Z&X-Amz-Expires=60', 'late').status).toBe(403);
  });
});

describe('secrets', () => {
  test('keep the value before the last as the previous one, for rotation', () => {
    const { call } = new Secrets(state, clock);
    call('CreateSecret', { Name: 'stores/a', SecretString: 'one' });
    call('PutSecretValue', { SecretId: 'stores/a', SecretString: 'two' });
    expect(call('GetSecretValue', { SecretId: 'stores/a' })).toMatchObject({ SecretString: 'two' });
    expect(call('GetSecretValue', { SecretId: 'stores/a', VersionStage: 'AWSPREVIOUS' })).toMatchObject({
      SecretString: 'one',
    });
  });

  test('answer by AWS’s names when there are none', () => {
    const { call } = new Secrets(state, clock);
    expect(() => call('GetSecretValue', { SecretId: 'no' })).toThrow(
      expect.objectContaining({ code: 'ResourceNotFoundException' }),
    );
    expect(() => call('RotateSecret', { SecretId: 'no' })).toThrow(AwsError);
  });
});

describe('the inbox', () => {
  test('keeps a mail, and shows its HTML where no script can run', () => {
    const mailbox = new Mailbox(state, clock);
    const Simple = {
      Subject: { Data: '<b>75 %</b>' },
      Body: { Text: { Data: 'text' }, Html: { Data: '<script>alert(1)</script>' } },
    };
    const body = {
      FromEmailAddress: 'a@example.com',
      Destination: { ToAddresses: ['b@example.com'] },
      Content: { Simple },
    };
    expect(mailbox.serve(request('POST', '/v2/email/outbound-emails', JSON.stringify(body))).status).toBe(
      200,
    );
    expect(mailbox.items()).toMatchObject([
      { from: 'a@example.com', to: ['b@example.com'], subject: '<b>75 %</b>', text: 'text' },
    ]);
    const page = inboxPage(mailbox.items());
    expect(page).toContain('<iframe sandbox ');
    expect(page).not.toMatch(/<script>|<b>75/);
  });

  test('refuses a form of mail that the stack does not send', () => {
    expect(
      new Mailbox(state, clock).serve(request('POST', '/v2/email/outbound-emails', '{"Content":{"Raw":{}}}'))
        .status,
    ).toBe(400);
  });
});

describe('a token', () => {
  test('is accepted unchanged, after a restart too, and from no other key', () => {
    const token = new TokenKey(state).sign({ sub: 'x' });
    expect(new TokenKey(state).verified(token)).toEqual({ sub: 'x' });
    const [header, , signature] = token.split('.');
    const changed = [header, Buffer.from('{"sub":"y"}').toString('base64url'), signature].join('.');
    expect(new TokenKey(state).verified(changed)).toBeUndefined();
    expect(new TokenKey(new RunnerState(':memory:')).verified(token)).toBeUndefined();
  });
});

describe('the command line', () => {
  test('has defaults', () => {
    expect(readOptions([], '/project')).toEqual({
      port: 3000,
      folder: '/project/.quotaline/data',
      fresh: false,
      keepHistory: false,
      context: {},
      help: false,
    });
  });

  test('takes settings of the stage, as often as they are given', () => {
    const given = ['-c', 'epochs.deals=1', '-c', 'publicUrl=https://x.example/?a=b', '--keep-history'];
    expect(readOptions(given, '/project')).toMatchObject({
      keepHistory: true,
      context: { 'epochs.deals': '1', publicUrl: 'https://x.example/?a=b' },
    });
  });

  test.each([
    ['--prot', '3000'],
    ['--port', 'x'],
    ['--port', '70000'],
    ['--data'],
    ['--data', ''],
    ['extra'],
    ['-c', 'canary'],
    ['-c', 'stage=prod'],
  ])('refuses %s %s', (...given) => {
    expect(() => readOptions(given, '/project')).toThrow(BadOptions);
  });
});
