import { Aws, Duration } from 'aws-cdk-lib';
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
    const domain = stage.mailFrom.slice(stage.mailFrom.indexOf('@') + 1);
    const name = stage.mailIdentity === 'address' ? stage.mailFrom : domain;
    const set = new ConfigurationSet(this, 'ConfigurationSet', {
      configurationSetName: this.#configurationSet,
      reputationMetrics: true,
      suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
      tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
    });
    new EmailIdentity(this, 'Identity', {
      identity: stage.mailIdentity === 'address' ? Identity.email(name) : Identity.domain(name),
      configurationSet: set,
    });
    const ses = `arn:${Aws.PARTITION}:ses:${Aws.REGION}:${Aws.ACCOUNT_ID}`;
    this.#arns = [`${ses}:identity/${name}`, `${ses}:configuration-set/${this.#configurationSet}`];

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
    alarms.raise(this, 'Complaints', {
      name: 'mail-complaints',
      says: 'Recipients report mails as spam, and SES will stop sending. See who does, and turn their alerts off.',
      runbook: 'mail-reputation',
      metric: rate('Reputation.ComplaintRate'),
      above: COMPLAINT_RATE,
    });
  }

  allowSending(fn: ServiceFunction): void {
    fn.may(['ses:SendEmail'], this.#arns);
    fn.setEnvironment({ MAIL_FROM: this.#from, MAIL_CONFIGURATION_SET: this.#configurationSet });
  }
}
