/** The command line can’t be carried out as it stands; the message says what would be right. Exit code 2. */
export class NotUnderstood extends Error {
  override readonly name = 'NotUnderstood';
}

/** Understood, but it failed, or something needs a person; the message says what to do. Exit code 1. */
export class Failed extends Error {
  override readonly name = 'Failed';
}
