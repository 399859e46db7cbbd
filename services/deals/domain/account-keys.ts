/** A name of at least two labels, in ASCII. */
export const HOST_NAME =
  /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{2,59})$/;

/** How a domain is kept and looked up: `Café.Example` is `xn--caf-dma.example`. What is no host name stays, for others to judge. */
export const domainKey = (domain: string): string => {
  const text = domain.trim().toLowerCase().replace(/\.$/, '');
  return /[^\p{ASCII}]/u.test(text) ? inAscii(text) : text;
};

/** By the rules that addresses of the web go by; nothing that would be more of an address than its host. */
const inAscii = (text: string): string =>
  !/[/:@?#\\\s]/.test(text) && URL.canParse(`http://${text}`) ? new URL(`http://${text}`).hostname : text;

/** How a tax id is kept and looked up: `it 012.345-67` is `IT01234567`. */
export const taxIdKey = (taxId: string): string => taxId.replace(/[\s.\-‐-―]/g, '').toUpperCase();
