/** How a name is looked up: without regard to case, to spaces around and doubled spaces within. */
export const nameKey = (name: string): string =>
  name.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase();

/** How an e-mail address is looked up and held unique: without regard to case. */
export const emailKey = (email: string): string => email.normalize('NFC').trim().toLowerCase();
