import { Aspects, CfnResource, Stack, type IAspect } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import * as z from 'zod';
import { bundle } from '../../infra/bundle.ts';
import { quotalineApp } from '../../infra/quotaline-app.ts';
import { templateLimits } from './emulator-limits.ts';

const Rendered = z.object({
  Resources: z.record(z.string(), z.looseObject({ Properties: z.unknown() })),
});

/** As the template will have them. */
const propertiesOf = (resource: CfnResource): unknown => {
  const { Resources } = Rendered.parse(Stack.of(resource).resolve(resource._toCloudFormation()));
  return Object.values(Resources)[0]?.Properties;
};

/** Takes out of the stack, or changes in it, what the emulator refuses. */
const withoutLimits: IAspect = {
  visit(node: IConstruct): void {
    if (!CfnResource.isCfnResource(node)) return;
    const properties = propertiesOf(node);
    for (const limit of templateLimits.filter((each) => each.concerns(node.cfnResourceType, properties))) {
      if (limit.change === 'out') node.node.scope?.node.tryRemoveChild(node.node.id);
      else limit.change(node, properties);
    }
  },
};

/** The very app that is deployed to AWS, fitted to the emulator from outside. */
const { CDK_OUTDIR: assembly } = process.env;
if (assembly === undefined)
  throw new Error('Run it by cdk synth --app "node tests/deploy/app.ts" --output <folder>');
// Beside the assembly: whoever else synthesizes meanwhile has bundles of his own.
const app = quotalineApp({ bundles: () => bundle(`${assembly}.bundles`) });
Aspects.of(app).add(withoutLimits);
app.synth();
