import { describe, expect, it } from 'vitest';
import { AlreadyExists } from '../../../shared/errors/errors.ts';

describe('an error about something that is there already', () => {
  it('hands over what is there, and shows nothing of it where it is logged', () => {
    const error = new AlreadyExists('member mem_1', { email: 'rosa@pastapro.example' });
    expect(error.existing).toEqual({ email: 'rosa@pastapro.example' });
    expect(JSON.stringify(Object.entries(error))).not.toContain('rosa');
  });
});
