import { describe, expect, it } from 'vitest';
import {
  at,
  flat,
  ofType,
  ownAddresses,
  synthesizedTemplate,
  type Template,
} from '../support/synthesized.ts';

const prod = { stage: 'prod', ...ownAddresses };
const certificateArn = 'arn:aws:acm:eu-central-1:111122223333:certificate/0f1e-2d3c';
const named = { ...prod, domainName: 'api.sales.acme.com', certificateArn };

const one = (template: Template, type: string) => {
  const [first, ...more] = ofType(template, type);
  expect(more, type).toEqual([]);
  expect(first, type).toBeDefined();
  return { id: first?.[0] ?? '', properties: first?.[1].Properties ?? {} };
};
const output = ({ Outputs }: Template, name: string) => flat(Outputs[name]?.Value);
const linksOfMails = (template: Template) =>
  ofType(template, 'AWS::Lambda::Function')
    .map(([, { Properties }]) => at(Properties, 'Environment', 'Variables', 'PUBLIC_URL'))
    .filter((url) => url !== undefined)
    .map(flat);

describe('a domain of one’s own', () => {
  const template = synthesizedTemplate(named);
  const name = one(template, 'AWS::ApiGatewayV2::DomainName');

  it('answers with its certificate, by TLS 1.2 or newer', () => {
    expect(name.properties).toEqual({
      DomainName: 'api.sales.acme.com',
      DomainNameConfigurations: [
        { CertificateArn: certificateArn, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' },
      ],
    });
  });

  it('leads to the API, whose own name answers no more', () => {
    const api = one(template, 'AWS::ApiGatewayV2::Api');
    const mapping = one(template, 'AWS::ApiGatewayV2::ApiMapping').properties;
    expect(flat(mapping.ApiId)).toBe(`<${api.id}>`);
    expect(flat(mapping.DomainName)).toBe(`<${name.id}>`);
    expect(flat(mapping.Stage)).toBe(`<${one(template, 'AWS::ApiGatewayV2::Stage').id}>`);
    expect(api.properties.DisableExecuteApiEndpoint).toBe(true);
  });

  it('is the address that the stack tells, and that mails link to', () => {
    expect(output(template, 'ApiUrl')).toBe(`https://<${name.id}>`);
    expect(linksOfMails(template)).toEqual([`https://<${name.id}>`]);
  });

  it('tells which record to make where no zone is given', () => {
    expect(ofType(template, 'AWS::Route53::RecordSet')).toEqual([]);
    expect(output(template, 'DomainTarget')).toBe(`<${name.id}.RegionalDomainName>`);
    expect(output(template, 'DomainTargetZone')).toBe(`<${name.id}.RegionalHostedZoneId>`);
    expect(template.Outputs.DomainTarget?.Description).toMatch(/CNAME record of api\.sales\.acme\.com/);
  });

  it('gets its record in the zone that is given', () => {
    const zoned = synthesizedTemplate({
      ...named,
      hostedZoneId: 'Z0123456789ABC',
      hostedZoneName: 'acme.com',
    });
    const record = one(zoned, 'AWS::Route53::RecordSet').properties;
    expect(record).toMatchObject({ HostedZoneId: 'Z0123456789ABC', Name: 'api.sales.acme.com.', Type: 'A' });
    expect(flat(at(record, 'AliasTarget', 'DNSName'))).toBe(`<${name.id}.RegionalDomainName>`);
    expect(zoned.Outputs.DomainTarget).toBeUndefined();
  });

  it('leaves the links of mails to a web page where there is one', () => {
    const paged = synthesizedTemplate({ ...named, publicUrl: 'https://sales.acme.com' });
    expect(linksOfMails(paged)).toEqual(['https://sales.acme.com']);
    expect(output(paged, 'ApiUrl')).toBe(`https://<${name.id}>`);
  });

  it('is nobody’s unless given: the API answers by its own name', () => {
    const template = synthesizedTemplate(prod);
    const api = one(template, 'AWS::ApiGatewayV2::Api');
    expect(ofType(template, 'AWS::ApiGatewayV2::DomainName')).toEqual([]);
    expect(api.properties.DisableExecuteApiEndpoint).toBeUndefined();
    expect(output(template, 'ApiUrl')).toBe(`<${api.id}.ApiEndpoint>`);
  });
});
