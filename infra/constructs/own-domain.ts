import { CfnOutput } from 'aws-cdk-lib';
import { CfnApiMapping, CfnDomainName, type CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnRecordSet } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import type { StageConfig } from '../stage.ts';

interface OwnDomainProps {
  readonly domain: NonNullable<StageConfig['domain']>;
  readonly apiId: string;
  readonly apiStage: CfnStage;
}

/**
 * The API under a name of one's own. With a hosted zone the name's record is made as well; without, the outputs
 * DomainTarget and DomainTargetZone say where a record made by hand must lead.
 */
export class OwnDomain extends Construct {
  /** `https://…`, without a slash at the end. */
  readonly url: string;

  constructor(scope: Construct, id: string, { domain, apiId, apiStage }: OwnDomainProps) {
    super(scope, id);
    const name = new CfnDomainName(this, 'Name', {
      domainName: domain.name,
      domainNameConfigurations: [
        { certificateArn: domain.certificateArn, endpointType: 'REGIONAL', securityPolicy: 'TLS_1_2' },
      ],
    });
    // A reference, not the text: what uses the address then waits until the name is there.
    this.url = `https://${name.ref}`;
    new CfnApiMapping(this, 'Mapping', { apiId, domainName: name.ref, stage: apiStage.ref });

    const target = name.attrRegionalDomainName;
    const zone = name.attrRegionalHostedZoneId;
    if (domain.hostedZone !== undefined) {
      new CfnRecordSet(this, 'Record', {
        hostedZoneId: domain.hostedZone.id,
        name: `${domain.name}.`,
        type: 'A',
        aliasTarget: { dnsName: target, hostedZoneId: zone },
      });
      return;
    }
    this.#output('DomainTarget', target, `Make a CNAME record of ${domain.name} with this value`);
    this.#output(
      'DomainTargetZone',
      zone,
      `Or, in Route 53, an A alias record: of DomainTarget, in this hosted zone`,
    );
  }

  #output(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description }).overrideLogicalId(id);
  }
}
