/** Swagger UI, as its package ships it. */
export interface SwaggerUi {
  readonly css: string;
  readonly js: string;
}

/** Text within a script element can't hold its own end tag. */
const inScript = (text: string): string =>
  text.replaceAll(/<\/(script)/gi, '<\\/$1').replaceAll('<!--', '<\\!--');
const inStyle = (text: string): string => text.replaceAll(/<\/(style)/gi, '<\\/$1');

/** What the page may load: itself and the document it shows. */
export const docsPagePolicy = [
  "default-src 'none'",
  "script-src 'unsafe-inline'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  'font-src data:',
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page that shows the OpenAPI document, whole in one answer: it asks nothing of foreign hosts. */
export const docsPage = ({ css, js }: SwaggerUi): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Quotaline API</title>
<link rel="icon" href="data:,">
<style>${inStyle(css)}</style>
</head>
<body>
<div id="api"></div>
<script>${inScript(js)}</script>
<script>
SwaggerUIBundle({ url: 'openapi.json', dom_id: '#api', deepLinking: true, validatorUrl: null, tagsSorter: 'alpha' });
</script>
</body>
</html>
`;
