import { escaped, page } from './inbox-page.ts';

const LINKS: readonly (readonly [string, string])[] = [
  ['/docs', 'the HTTP interface, to read and to try'],
  ['/openapi.json', 'the same as OpenAPI 3.1'],
  ['/health', 'whether the run is ready'],
  ['/_local/inbox', 'mails that went out'],
  ['/_local/mail', 'the same as JSON'],
  ['/_local/dead-letters', 'messages that nobody could handle'],
  ['/_local/alarms', 'every alarm as it stands, and the newest changes'],
  ['/_local/faults', 'what was made to fail'],
  ['/_local/events', 'the newest event of each type on the bus'],
  ['/_local/idle?timeout=30', 'answers 200 once all work is done'],
];

/** How to get a token from this run with curl. */
export const tokenCommand = (url: string, client: string): string =>
  `curl -s ${url}/oauth2/token -d grant_type=client_credentials -d client_id=${client} -d client_secret=${client}`;

/** `alarms` is HTML, a section of its own. */
export const indexPage = (url: string, clients: readonly string[], folder: string, alarms: string): string =>
  page(
    'Quotaline local run',
    `<h1>Quotaline, on this machine</h1>
    <p class="soft">Data: <code>${escaped(folder)}</code></p>
    <ul>${LINKS.map(([path, what]) => `<li><a href="${path}">${path}</a>: ${what}</li>`).join('')}</ul>
    <h2>A token with every scope</h2><pre>${escaped(tokenCommand(url, 'local-admin'))}</pre>
    <h2>A token of a member</h2><pre>${escaped(`curl -s ${url}/oauth2/token -d grant_type=password -d username=member@example.com`)}</pre>
    <p>Clients: ${clients.map((client) => `<code>${escaped(client)}</code>`).join(', ')}; each one’s secret is its name.</p>
    <h2>Time</h2><pre>${escaped(`curl -s ${url}/_local/clock -H 'content-type: application/json' -d '{"now":"2027-01-04T09:00:00Z"}'`)}</pre>
    ${alarms}`,
  );
