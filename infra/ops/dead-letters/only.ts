import type { Option } from '../command.ts';

export const ONLY: Option = {
  type: 'string',
  value: '<id>',
  says: 'only of this message id, event id, subject, correlation id or event type, as in DealWon.v1',
};
