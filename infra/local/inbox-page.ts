import type { Mail } from './aws/mail.ts';

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export const STYLE = `
  :root { color-scheme: light dark; --ink: #1b1f24; --soft: #667085; --line: #e4e7ec; --ground: #f6f7f9; --card: #fff; --mark: #2456c9; }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #e6e8ec; --soft: #98a2b3; --line: #2b313b; --ground: #12151a; --card: #1a1f27; --mark: #8ab0ff; }
  }
  * { box-sizing: border-box; }
  body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
  main { max-width: 56rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
  h1 { font-size: 1.4rem; margin: 0 0 .25rem; }
  h2 { font-size: 1rem; margin: 2rem 0 .5rem; }
  a { color: var(--mark); }
  code, pre { font: 13px/1.5 ui-monospace, monospace; }
  pre { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .75rem 1rem; overflow-x: auto; white-space: pre-wrap; }
  .soft { color: var(--soft); margin: 0 0 1.5rem; }
  details { background: var(--card); border: 1px solid var(--line); border-radius: 8px; margin: .5rem 0; overflow: hidden; }
  summary { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; padding: .75rem 1rem; cursor: pointer; list-style: none; }
  summary::-webkit-details-marker { display: none; }
  summary:focus-visible { outline: 2px solid var(--mark); outline-offset: -2px; }
  summary b { font-weight: 600; }
  summary span { color: var(--soft); font-size: .9rem; }
  iframe { display: block; width: 100%; height: 34rem; border: 0; border-top: 1px solid var(--line); background: #fff; }
  details pre { margin: 1rem; background: none; }
`;

const item = ({ at, from, to, subject, text, html }: Mail, isFirst: boolean): string => `
  <details${isFirst ? ' open' : ''}>
    <summary>
      <b>${escaped(subject)}</b> <span>${escaped(at.replace('T', ' ').slice(0, 19))} UTC</span>
      <span>to ${escaped(to.join(', '))}</span> <span>from ${escaped(from)}</span>
    </summary>
    ${html === '' ? '' : `<iframe sandbox title="${escaped(subject)}" srcdoc="${escaped(html)}" loading="lazy"></iframe>`}
    <details${html === '' ? ' open' : ''} style="margin:1rem"><summary><span>Text part</span></summary><pre>${escaped(text)}</pre></details>
  </details>`;

export const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${STYLE}</style></head>
<body><main>${body}</main></body>
</html>`;

const NEWEST = 100;

/** The inbox: newest mail first and open, HTML in a frame that may run nothing. */
export const inboxPage = (mails: readonly Mail[]): string => {
  const newest = mails.slice(-NEWEST).reverse();
  const list = newest.map((mail, at) => item(mail, at === 0)).join('');
  const count = mails.length === 1 ? '1 mail' : `${String(mails.length)} mails`;
  const more =
    mails.length > NEWEST
      ? `, the newest ${String(NEWEST)} shown; all are at <a href="/_local/mail">/_local/mail</a>`
      : '';
  const empty = '<p>Nothing was sent yet. A goal that crosses a milestone mails its owner’s manager.</p>';
  return page(
    'Quotaline inbox',
    `<h1>Inbox</h1><p class="soft">${count}${more}. Nothing leaves this machine.</p>${list === '' ? empty : list}`,
  );
};
