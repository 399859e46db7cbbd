import { describe, expect, it } from 'vitest';
import { countsByType, isMeant, letterOf } from '../../../infra/ops/dead-letters/letter.ts';

const event = {
  'detail-type': 'DealWon.v1',
  detail: { metadata: { id: 'evt_1', subject: 'deal_1', correlationId: 'cor-1', version: 'seven' }, data: 1 },
};
const message = (Body: string) => ({
  MessageId: 'm-1',
  ReceiptHandle: 'r-1',
  Body,
  Attributes: { SentTimestamp: String(Date.parse('2026-11-23T09:30:00Z')), ApproximateReceiveCount: '5' },
});

describe('a dead letter', () => {
  const letter = letterOf(message(JSON.stringify(event)));
  it('tells of its event what can be read, however invalid the rest is', () => {
    expect(letter).toMatchObject({
      messageId: 'm-1',
      sentAt: '2026-11-23T09:30:00.000Z',
      receiveCount: 5,
      detailType: 'DealWon.v1',
      subject: 'deal_1',
      eventId: 'evt_1',
      correlationId: 'cor-1',
      undelivered: undefined,
    });
  });
  it.each(['not json', '"text"', 'null', '{"detail":{"metadata":[]}}'])(
    'may be no event at all: %s',
    (body) => {
      expect(letterOf(message(body))).toMatchObject({ body, detailType: undefined, subject: undefined });
    },
  );
  it('says why its rule could not deliver it', () => {
    const attribute = (StringValue: string) => ({ DataType: 'String', StringValue });
    const MessageAttributes = {
      ERROR_CODE: attribute('NO_PERMISSIONS'),
      ERROR_MESSAGE: attribute('Lack of permissions'),
    };
    expect(letterOf({ ...message('{}'), MessageAttributes }).undelivered).toBe(
      'NO_PERMISSIONS: Lack of permissions',
    );
  });
  it.each(['m-1', 'evt_1', 'deal_1', 'cor-1', 'DealWon.v1', undefined])('is meant by %s', (only) => {
    expect(isMeant(letter, only)).toBe(true);
  });
  it('is not meant by anything else', () => {
    expect(isMeant(letter, 'deal_2')).toBe(false);
    expect(isMeant(letterOf(message('{}')), 'undefined')).toBe(false);
  });
  it('is counted by type, most first', () => {
    expect(countsByType([letterOf(message('x')), letter, letter])).toBe('DealWon.v1 × 2, not an event × 1');
  });
});
