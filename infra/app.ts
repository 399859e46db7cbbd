import { bundle } from './bundle.ts';
import { quotalineApp } from './quotaline-app.ts';
import { StageError } from './stage.ts';

try {
  quotalineApp({ bundles: bundle }).synth();
} catch (error) {
  if (!(error instanceof StageError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
