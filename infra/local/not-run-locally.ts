/** Something in the template that the local run can't stand in for; the message names it. */
export class NotRunLocally extends Error {
  override readonly name = 'NotRunLocally';
}
