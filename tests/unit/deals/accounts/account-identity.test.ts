import { describe, expect, it, test } from 'vitest';
import { AccountDetails, AccountDomain, AccountDomains } from '../../../../services/deals/domain/account.ts';
import { identitiesOf, identityOf } from '../../../../services/deals/domain/account-identity.ts';

describe('a domain', () => {
  it.each([
    ['Rossi.Example', 'rossi.example'],
    [' rossi.example. ', 'rossi.example'],
    ['café.example', 'xn--caf-dma.example'],
    ['shop.rossi.example', 'shop.rossi.example'],
  ])('%s is kept as %s', (given, kept) => {
    expect(AccountDomain.parse(given)).toBe(kept);
    expect(AccountDomain.parse(kept)).toBe(kept);
  });

  it.each([
    '',
    'rossi',
    'https://rossi.example',
    'rossi.example/menu',
    'info@rossi.example',
    '-a.example',
    'a..b',
    '127.0.0.1',
    `${'a'.repeat(64)}.example`,
  ])('%s is refused', (given) => {
    expect(AccountDomain.safeParse(given).success).toBe(false);
  });

  it('is kept once, and ten at most', () => {
    expect(AccountDomains.parse(['Rossi.example', 'rossi.EXAMPLE'])).toEqual(['rossi.example']);
    const eleven = Array.from({ length: 11 }, (_, index) => `rossi${index}.example`);
    expect(AccountDomains.safeParse(eleven).success).toBe(false);
  });
});

test('a tax id is kept in capitals, without spaces, dots and dashes', () => {
  const { taxId } = AccountDetails.shape;
  expect(taxId.parse('it 012.345-678 90')).toBe('IT01234567890');
  expect(taxId.safeParse('-').success).toBe(false);
  expect(taxId.safeParse('DE;DROP').success).toBe(false);
});

describe('what identifies an account', () => {
  it('are its domains, tax id, e-mail address and ids elsewhere, each once', () => {
    const account = {
      domains: ['www.rossi.example', 'rossi.example'],
      taxId: 'IT1',
      email: 'Info@Rossi.example',
      externalIds: ['crm-1', 'crm-2'],
    };
    expect(identitiesOf(account)).toEqual([
      { kind: 'domain', value: 'rossi.example' },
      { kind: 'taxId', value: 'IT1' },
      { kind: 'email', value: 'info@rossi.example' },
      { kind: 'externalId', value: 'crm-1' },
      { kind: 'externalId', value: 'crm-2' },
    ]);
  });

  it.each(['gmail.com', 'Outlook.com', 'yahoo.co.uk', 'gmx.de', 'web.de'])(
    'is never the domain %s',
    (value) => {
      expect(identityOf({ kind: 'domain', value })).toBeUndefined();
    },
  );

  it('is a domain that only looks like one of a mail service', () => {
    expect(identityOf({ kind: 'domain', value: 'yahoo.rossi.example' })).toBeDefined();
    expect(identityOf({ kind: 'domain', value: 'gmx-pasta.example' })).toBeDefined();
  });
});
