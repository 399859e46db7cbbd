/**
 * Whether an address, host name or URL is in a domain that nobody can own (RFC 2606): the configuration as it came,
 * not yet made one's own.
 */
export const isPlaceholder = (address: string): boolean =>
  /(^|[@./])(example\.(com|org|net)|[a-z0-9-]+\.(example|invalid))(?=$|[:/])/i.test(address);
