import { readFileSync } from 'node:fs';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
} from '@aws-sdk/client-cloudformation';
import { describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { synthesized } from '../support/synthesized.ts';
import { behaviourLimits, templateLimits } from './emulator-limits.ts';
import { limitsTable } from './limits-table.ts';
import { awsClient } from './support/aws.ts';
import { trustCertificate } from './support/trust-certificate.ts';

const limits = [...templateLimits, ...behaviourLimits];

describe('what the emulator can’t do', () => {
  it.each(limits.flatMap(({ what, proofs }) => proofs.map((proof) => ({ what, ...proof }))))(
    '$what is proven in $file: “$title”',
    ({ file, title }) => {
      const source = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
      const titles = [...source.matchAll(/\(\s*['`](.+?)['`],/g)].map(([, each]) => each);
      expect(titles).toContain(title);
    },
  );

  it.each(limits)('$what has a proof', ({ proofs }) => {
    expect(proofs).not.toEqual([]);
  });

  it.each(templateLimits)('$what is in the stack: what it isn’t needs no exception', (limit) => {
    const { Resources } = synthesized();
    const concerned = Object.values(Resources).filter(({ Type, Properties }) =>
      limit.concerns(Type, Properties),
    );
    expect(concerned).not.toEqual([]);
  });

  it.each(templateLimits.flatMap(({ what, shownBy }) => (shownBy === undefined ? [] : { what, shownBy })))(
    '$what is refused still: what no longer is needs no exception',
    async ({ shownBy: { type, properties, says } }) => {
      const emulator = inject('emulator');
      if (emulator === undefined) throw new Error('Run it in the project deploy');
      trustCertificate(emulator.certificateFile);
      const cloudFormation = new CloudFormationClient(awsClient(emulator));
      const StackName = `limit-${type.replaceAll('::', '-')}`;
      const TemplateBody = JSON.stringify({ Resources: { It: { Type: type, Properties: properties } } });
      const refusal = await cloudFormation
        .send(new CreateStackCommand({ StackName, TemplateBody, OnFailure: 'DO_NOTHING' }))
        .then(
          () =>
            eventually('the end of the stack’s creation', 30_000, async () => {
              const { StackEvents = [] } = await cloudFormation.send(
                new DescribeStackEventsCommand({ StackName }),
              );
              const failed = StackEvents.find(
                ({ ResourceStatus, LogicalResourceId }) =>
                  LogicalResourceId === 'It' && /_(FAILED|COMPLETE)$/.test(ResourceStatus ?? ''),
              );
              return failed === undefined
                ? undefined
                : `${failed.ResourceStatus ?? ''}: ${failed.ResourceStatusReason ?? ''}`;
            }),
          String,
        );
      expect(refusal).toMatch(says);
    },
  );

  it('stands in the README', () => {
    const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
    expect(readme).toContain(limitsTable());
  });
});
