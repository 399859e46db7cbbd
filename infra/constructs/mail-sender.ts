import { Aws, CfnOutput, Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  ConfigurationSet,
  ConfigurationSetTlsPolicy,
  EmailIdentity,
  Identity,
  SuppressionReasons,
} from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import { named, type StageConfig } from '../stage.ts';
import type { Alarms } from './alarms.ts';
import { counted } from './counted.ts';
import type { ServiceFunction } from './service-function.ts';

/** SES reviews an account above these shares of its mail, and stops it at about the double. */
const BOUNCE_RATE = 0.05;
const COMPLAINT_RATE = 0.001;

/** The verified sender, and the alarms that tell before SES stops an account for its bounces or complaints. */
export class MailSender extends Construct {
  readonly #from: string;
  readonly #configurationSet: string;
  readonly #arns: readonly string[];

  constructor(scope: Construct, id: string, { stage, alarms }: { stage: StageConfig; alarms: Alarms }) {
    super(scope, id);
    this.#from = stage.mailFrom;
    this.#configurationSet = named(stage);
    const set = new ConfigurationSet(this, 'ConfigurationSet', {
      configurationSetName: this.#configurationSet,
      reputationMetrics: true,
      suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
      tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
    });
    const ses = `arn:${Aws.PARTITION}:ses:${Aws.REGION}:${Aws.ACCOUNT_ID}`;
    this.#arns = [
      ...this.#identities(stage, set).map((name) => `${ses}:identity/${name}`),
      `${ses}:configuration-set/${this.#configurationSet}`,
    ];

    const rate = (metricName: string) =>
      new Metric({
        namespace: 'AWS/SES',
        metricName,
        dimensionsMap: { 'ses:configuration-set': this.#configurationSet },
        statistic: 'Maximum',
        period: Duration.hours(1),
      });
    alarms.raise(this, 'Bounces', {
      name: 'mail-bounces',
      says: 'Too many mails bounce, and SES will stop sending. Correct or remove the addresses of departed members.',
      runbook: 'mail-reputation',
      metric: rate('Reputation.BounceRate'),
      above: BOUNCE_RATE,
    });
    alarms.raise(this, 'Failed', {
      name: 'mail-failures',
      says: 'SES refused mails of alerts for good. The alerts’ ledger says which, and why.',
      runbook: 'mail-failures',
      metric: counted('MailsFailed', 'goals'),
      above: 0,
    });
    alarms.raise(this, 'Complaints', {
      name: 'mail-complaints',
      says: 'Recipients report mails as spam, and SES will stop sending. See who does, and turn their alerts off.',
      runbook: 'mail-reputation',
      metric: rate('Reputation.ComplaintRate'),
      above: COMPLAINT_RATE,
    });
  }

  /** Makes what SES must verify, unless it is there already; answers the names that mail may go out under. */
  #identities(
    { mailFrom, mailIdentity }: StageConfig,
    configurationSet: ConfigurationSet,
  ): readonly string[] {
    const domain = mailFrom.slice(mailFrom.indexOf('@') + 1);
    switch (mailIdentity) {
      case 'address':
        new EmailIdentity(this, 'Identity', { identity: Identity.email(mailFrom), configurationSet });
        return [mailFrom];
      case 'domain':
        this.#tellDkimRecords(
          new EmailIdentity(this, 'Identity', { identity: Identity.domain(domain), configurationSet }),
          domain,
        );
        return [domain];
      case 'existing':
        return [mailFrom, domain];
    }
  }

  /** Who owns the domain shows it by three CNAME records, which SES signs every mail by. */
  #tellDkimRecords({ dkimRecords }: EmailIdentity, domain: string): void {
    dkimRecords.forEach(({ name, value }, index) => {
      const record = `DkimRecord${String(index + 1)}`;
      const description = `Of the three CNAME records that verify ${domain}, number ${String(index + 1)}`;
      const output = (id: string, part: string, what: string) =>
        new CfnOutput(this, id, { value: part, description: `${description}: ${what}` }).overrideLogicalId(
          id,
        );
      output(`${record}Name`, name, 'its name');
      output(`${record}Value`, value, 'its value');
    });
  }

  allowSending(fn: ServiceFunction): void {
    fn.may(['ses:SendEmail'], this.#arns);
    fn.setEnvironment({ MAIL_FROM: this.#from, MAIL_CONFIGURATION_SET: this.#configurationSet });
  }
}
