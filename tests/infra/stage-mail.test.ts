import { describe, expect, it } from 'vitest';
import {
  at,
  flat,
  listOf,
  ofType,
  ownAddresses,
  synthesizedTemplate,
  type Template,
} from '../support/synthesized.ts';
import { statementsOfRoles } from './least-privilege.ts';

const identities = (template: Template) =>
  ofType(template, 'AWS::SES::EmailIdentity').map(([, { Properties }]) => Properties.EmailIdentity);

/** What the functions may send mail as, and through. */
const sendingFrom = (template: Template) =>
  statementsOfRoles(template)
    .flatMap(([, statements]) => statements)
    .filter((statement) => listOf(at(statement, 'Action')).includes('ses:SendEmail'))
    .flatMap((statement) => listOf(at(statement, 'Resource')))
    .map((arn) => flat(arn).replace(/^.*:/, ''))
    .sort();

const dkim = ({ Outputs }: Template) => Object.keys(Outputs).filter((name) => name.startsWith('Dkim'));

describe('the sender of mails', () => {
  it('is a whole domain, whose three DKIM records the stack tells', () => {
    const template = synthesizedTemplate({ stage: 'prod', ...ownAddresses });
    expect(identities(template)).toEqual(['acme.com']);
    const [[id] = []] = ofType(template, 'AWS::SES::EmailIdentity');
    for (const number of ['1', '2', '3']) {
      const told = (part: string) => flat(template.Outputs[`DkimRecord${number}${part}`]?.Value);
      expect(told('Name')).toBe(`<${id ?? ''}.DkimDNSTokenName${number}>`);
      expect(told('Value')).toBe(`<${id ?? ''}.DkimDNSTokenValue${number}>`);
    }
    expect(sendingFrom(template)).toEqual(['configuration-set/quotaline-prod', 'identity/acme.com']);
  });

  it('is one address, verified by a link in a mail', () => {
    const template = synthesizedTemplate({ stage: 'dev', mailFrom: 'me@acme.com' });
    expect(identities(template)).toEqual(['me@acme.com']);
    expect(dkim(template)).toEqual([]);
    expect(sendingFrom(template)).toEqual(['configuration-set/quotaline-dev', 'identity/me@acme.com']);
  });

  it('is verified already, by another stage of the account: nothing is made twice', () => {
    const template = synthesizedTemplate({ stage: 'staging', ...ownAddresses, mailIdentity: 'existing' });
    expect(identities(template)).toEqual([]);
    expect(dkim(template)).toEqual([]);
    expect(sendingFrom(template)).toEqual([
      'configuration-set/quotaline-staging',
      'identity/acme.com',
      'identity/deals@acme.com',
    ]);
  });
});
