/** Errors of others name the addresses that they are about; logs and ledgers hold ids, not personal data. */
export const withoutAddresses = (text: string): string =>
  text.replace(/[^\s<>,;:"'()]+@[^\s<>,;:"'()]+\.[^\s<>,;:"'()]+/g, '(address)');
