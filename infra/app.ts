import { bundle } from './bundle.ts';
import { quotalineApp } from './quotaline-app.ts';
import { StageError } from './stage.ts';

try {
  const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;
  quotalineApp({ bundles: bundle, place: { account, region } }).synth();
} catch (error) {
  if (!(error instanceof StageError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
