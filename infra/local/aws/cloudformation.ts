import * as z from 'zod';
import { ACCOUNT, nameIn, REGION, stackArn } from '../local-names.ts';
import type { Stack } from '../stack.ts';
import { AwsError, noSuchOperation } from './aws-error.ts';
import type { XmlContent } from './aws-query.ts';

const OfStack = z.object({ StackName: z.string(), LogicalResourceId: z.string().optional() });
const OfAnyStack = OfStack.partial();

/** What runs is what was deployed last, and whole: a template that could not be run would not have started. */
const DONE = 'CREATE_COMPLETE';

/** CloudFormation's view of the one stack that runs: its outputs and its resources. Throws AwsError. */
export const cloudFormation = (stack: Stack, createdAt: number) => {
  const id = stackArn(stack.name);
  const at = new Date(createdAt).toISOString();

  const check = (name: string): void => {
    if (name !== stack.name && name !== id)
      throw new AwsError(
        'ValidationError',
        `Stack with id ${name} does not exist; the local run is ${stack.name} in ${REGION} of account ${ACCOUNT}`,
      );
  };

  const described = (): XmlContent => ({
    StackId: id,
    StackName: stack.name,
    CreationTime: at,
    LastUpdatedTime: at,
    StackStatus: DONE,
    DisableRollback: false,
    EnableTerminationProtection: false,
    Outputs: stack.outputs.map(({ name, value, description }) => ({
      OutputKey: name,
      OutputValue: value,
      Description: description,
    })),
  });

  const resourcesOf = (StackName: string, logicalId?: string) => {
    check(StackName);
    const found = stack.resources.filter((resource) => logicalId === undefined || resource.id === logicalId);
    if (found.length === 0)
      throw new AwsError(
        'ValidationError',
        `Resource ${logicalId ?? ''} does not exist for stack ${nameIn(StackName)}`,
      );
    return found.map((resource) => ({
      LogicalResourceId: resource.id,
      PhysicalResourceId: resource.physicalId,
      ResourceType: resource.type,
      ResourceStatus: DONE,
    }));
  };

  return (action: string, parameters: Readonly<Record<string, string>>): XmlContent => {
    switch (action) {
      case 'DescribeStacks': {
        const { StackName } = OfAnyStack.parse(parameters);
        if (StackName !== undefined) check(StackName);
        return { Stacks: [described()] };
      }
      case 'ListStackResources': {
        const { StackName } = OfStack.parse(parameters);
        return {
          StackResourceSummaries: resourcesOf(StackName).map((resource) => ({
            ...resource,
            LastUpdatedTimestamp: at,
          })),
        };
      }
      case 'DescribeStackResources': {
        const { StackName, LogicalResourceId } = OfStack.parse(parameters);
        return {
          StackResources: resourcesOf(StackName, LogicalResourceId).map((resource) => ({
            StackName: stack.name,
            StackId: id,
            ...resource,
            Timestamp: at,
          })),
        };
      }
      default:
        throw noSuchOperation('CloudFormation', action);
    }
  };
};
