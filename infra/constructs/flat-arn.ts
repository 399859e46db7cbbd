import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

const flatten = (node: unknown): string => {
  if (typeof node === 'string') return node.replaceAll('${', '<').replaceAll('}', '>');
  if (typeof node !== 'object' || node === null) return String(node);
  if ('Ref' in node) return `<${String(node.Ref)}>`;
  if ('Fn::GetAtt' in node && Array.isArray(node['Fn::GetAtt'])) return `<${node['Fn::GetAtt'].join('.')}>`;
  if ('Fn::Join' in node && Array.isArray(node['Fn::Join'])) {
    const [separator, parts] = node['Fn::Join'].map((part: unknown) => part);
    if (Array.isArray(parts)) return parts.map(flatten).join(String(separator));
  }
  return JSON.stringify(node);
};

/** An ARN with its references written as `<LogicalId.Attribute>`: the form in which cdk-nag names what it finds. */
export const flatArn = (scope: IConstruct, arn: string): string => flatten(Stack.of(scope).resolve(arn));
