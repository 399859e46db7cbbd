import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { ERASED, withOpened, withSealed } from '../../../shared/privacy/sealed-fields.ts';
import { newSealingKey, seal, unseal } from '../../../shared/privacy/sealing.ts';

const key = newSealingKey();

test('any value opens with its key, at its place, as it was sealed', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (value, place) => {
      expect(unseal(key, seal(key, value, place), place)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('a value is sealed alike at one place only, and under one key only', () => {
  const sealed = seal(key, 'Rosa Conti', 'mem_1 name');
  expect(seal(key, 'Rosa Conti', 'mem_1 name')).toBe(sealed);
  const ivOf = (text: string) => text.slice(0, 16);
  for (const other of [
    seal(key, 'Rosa Conti', 'mem_2 name'),
    seal(key, 'Rosa Bianchi', 'mem_1 name'),
    seal(newSealingKey(), 'Rosa Conti', 'mem_1 name'),
  ])
    expect(ivOf(other)).not.toBe(ivOf(sealed));
});

test('a sealed value opens with no other key, at no other place, and not when altered', () => {
  const sealed = seal(key, 'Rosa Conti', 'mem_1 name');
  const altered = Buffer.from(sealed, 'base64url');
  altered.writeUInt8(altered.readUInt8(altered.length - 1) ^ 1, altered.length - 1);
  expect(() => unseal(newSealingKey(), sealed, 'mem_1 name')).toThrow();
  expect(() => unseal(key, sealed, 'mem_2 name')).toThrow();
  expect(() => unseal(key, altered.toString('base64url'), 'mem_1 name')).toThrow();
  expect(() => unseal(key, sealed.slice(0, 20), 'mem_1 name')).toThrow();
});

const member = { id: 'mem_1', name: 'Rosa Conti', email: 'rosa@example.com', rampMonths: 3 };

test('of a state only the personal fields are sealed, and they can be opened', () => {
  const sealed = withSealed(member, { subject: 'mem_1', fields: ['name', 'email', 'absences'], key });
  expect(JSON.stringify(sealed)).not.toMatch(/Rosa|rosa/);
  expect(sealed).toMatchObject({ id: 'mem_1', rampMonths: 3 });
  expect(sealed).not.toHaveProperty('absences');
  expect(withOpened(sealed, { subject: 'mem_1', key })).toEqual(member);
});

test('without the key the fields say that they were erased, and numbers stay', () => {
  const sealed = withSealed(member, { subject: 'mem_1', fields: ['name', 'email'], key });
  const shown = { ...member, name: ERASED, email: ERASED };
  expect(withOpened(sealed, { subject: 'mem_1', key: undefined })).toEqual(shown);
});

test('what comes in after the erasure is not kept at all', () => {
  const late = withSealed(member, { subject: 'mem_1', fields: ['name', 'email'], key: undefined });
  expect(JSON.stringify(late)).not.toMatch(/Rosa|rosa/);
  expect(withOpened(late, { subject: 'mem_1', key })).toMatchObject({ name: ERASED, email: ERASED });
});
