// Lints the templates of all stages with cfn-lint, in regions that differ in what they offer. Fails on errors and warnings.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { bundle } from '../infra/bundle.ts';
import { quotalineApp } from '../infra/quotaline-app.ts';

const root = path.resolve(import.meta.dirname, '..');
const folder = path.join(root, '.quotaline', 'templates');
const addresses = { mailFrom: 'deals@acme.com', alarmEmail: 'ops@acme.com' };
const stages = {
  dev: { stage: 'dev' },
  staging: { stage: 'staging', ...addresses },
  prod: { stage: 'prod', ...addresses },
};
const regions = ['us-east-1', 'eu-central-1', 'ap-southeast-2'];
/** The CDK also lists dependencies that a reference implies already; that is its way, and does no harm. */
const ignored = ['W3005'];

rmSync(folder, { recursive: true, force: true });
const bundles = bundle(path.join(folder, 'bundles'));
const templates = Object.entries(stages).map(([name, context]) => {
  const outdir = path.join(folder, name);
  quotalineApp({ context, outdir, bundles: () => bundles }).synth();
  return path.join(outdir, `quotaline-${context.stage}.template.json`);
});
const { status, error } = spawnSync(
  path.join(root, '.quotaline', 'python', 'bin', 'cfn-lint'),
  [
    '--non-zero-exit-code',
    'warning',
    '--ignore-checks',
    ...ignored,
    '--regions',
    ...regions,
    '--',
    ...templates,
  ],
  { stdio: 'inherit' },
);
if (error !== undefined) {
  console.error(`cfn-lint could not be run (${error.message}): install it with .ci/python-tools`);
  process.exit(1);
}
if (status === 0) console.log(`cfn-lint: ${String(templates.length)} templates, nothing to complain about`);
process.exit(status ?? 1);
