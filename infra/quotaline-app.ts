import { Annotations, App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import * as z from 'zod';
import type { BundleFolder } from './constructs/service-function.ts';
import { QuotalineStack } from './quotaline-stack.ts';
import { stageConfig } from './stage.ts';
import type { Place } from './stage/rules.ts';
import { warningsOf } from './stage/warnings.ts';

interface QuotalineAppProps {
  /** What `-c name=value` gives on the command line. */
  readonly context?: Readonly<Record<string, string>>;
  /** Where the synthesized stack goes; as the CDK's command says unless given. */
  readonly outdir?: string;
  /** Where the CDK's command would deploy, as far as it knows. */
  readonly place?: Place;
  readonly bundles: () => BundleFolder;
}

/** Set here, not in cdk.json, so that tests and the local run synthesize the very template that is deployed. */
const FLAGS = {
  '@aws-cdk/core:checkSecretUsage': true,
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/core:target-partitions': ['aws', 'aws-cn', 'aws-us-gov'],
};

const Context = z.record(z.string(), z.unknown());

/** The CDK app, checked by both rule packs. Throws StageError before anything is built when the stage can't be. */
export const quotalineApp = ({ context, outdir, place, bundles }: QuotalineAppProps): App => {
  const app = new App({
    // The same sources give the same template, whoever synthesizes it.
    analyticsReporting: false,
    context: { ...FLAGS, ...context },
    ...(outdir !== undefined && { outdir }),
  });
  const stage = stageConfig(Context.parse(app.node.getAllContext()), place);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  const stack = new QuotalineStack(app, stage, bundles());
  for (const { name, says } of warningsOf(stage)) {
    Annotations.of(stack).addWarningV2(`quotaline:${name}`, says);
  }
  return app;
};
