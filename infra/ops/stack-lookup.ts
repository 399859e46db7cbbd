import {
  DescribeStacksCommand,
  paginateListStackResources,
  type CloudFormationClient,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { Failed } from './refusals.ts';
import { StackNames, type StackResource } from './stack-names.ts';

/** A deployed stack, as CloudFormation knows it. */
export interface FoundStack {
  readonly status: string;
  readonly partition: string;
  readonly isProtected: boolean;
  readonly names: StackNames;
  readonly apiUrl: string;
  readonly bus: string;
  readonly bucket: string;
  readonly archive: string;
}

const describe = async (
  client: CloudFormationClient,
  stackName: string | undefined,
): Promise<Stack | undefined> => {
  try {
    return (
      await client.send(new DescribeStacksCommand(stackName === undefined ? {} : { StackName: stackName }))
    ).Stacks?.[0];
  } catch (error) {
    // CloudFormation says “not there” as a validation error.
    if (
      error instanceof Error &&
      error.name === 'ValidationError' &&
      error.message.includes('does not exist')
    ) {
      return undefined;
    }
    throw error;
  }
};

/**
 * The stack of this name, or the only one where none is given; undefined when there is none. Throws Failed when its
 * deployment never finished.
 */
export const findStack = async (
  client: CloudFormationClient,
  stackName: string | undefined,
): Promise<FoundStack | undefined> => {
  const stack = await describe(client, stackName);
  if (stack?.StackName === undefined || stack.StackStatus === 'DELETE_COMPLETE') return undefined;
  const { StackName: name } = stack;
  const outputs = new Map(
    (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
  );
  const output = (key: string): string => {
    const value = outputs.get(key);
    if (value !== undefined) return value;
    throw new Failed(
      `The stack ${name} has no output ${key}: it is ${stack.StackStatus ?? 'unknown'}. Deploy it to the end first.`,
    );
  };
  const resources: StackResource[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName: name })) {
    for (const {
      LogicalResourceId = '',
      ResourceType = '',
      PhysicalResourceId,
    } of page.StackResourceSummaries ?? []) {
      if (PhysicalResourceId === undefined) continue;
      resources.push({ logicalId: LogicalResourceId, type: ResourceType, physicalId: PhysicalResourceId });
    }
  }
  const bus = output('BusName');
  return {
    status: stack.StackStatus ?? 'unknown',
    partition: (stack.StackId ?? '').split(':')[1] ?? 'aws',
    isProtected: stack.EnableTerminationProtection === true,
    names: new StackNames(bus, resources),
    apiUrl: output('ApiUrl').replace(/\/$/, ''),
    bus,
    bucket: output('BucketName'),
    archive: `${bus}-events`,
  };
};
