import { GetAccountCommand, GetEmailIdentityCommand } from '@aws-sdk/client-sesv2';
import type { Check } from './finding.ts';

/** Whether SES sends, and to whom: an unverified sender sends nothing, a sandbox only to verified addresses. */
export const mailCheck: Check = async ({ aws, names: { mailIdentity }, stage }) => {
  if (stage === 'local') {
    return [{ area: 'mail', what: 'local run', says: 'mails go to its inbox alone', needsPerson: false }];
  }
  if (mailIdentity === undefined) {
    return [{ area: 'mail', what: 'sender', says: 'the stack has none', needsPerson: true }];
  }
  const [account, identity] = await Promise.all([
    aws.ses.send(new GetAccountCommand({})),
    aws.ses.send(new GetEmailIdentityCommand({ EmailIdentity: mailIdentity })),
  ]);
  const isVerified = identity.VerifiedForSendingStatus === true;
  const isSandbox = account.ProductionAccessEnabled !== true;
  const isSending = account.SendingEnabled !== false;
  return [
    {
      area: 'mail',
      what: mailIdentity,
      says: [
        isVerified ? 'verified' : 'not verified: follow SES’s mail, or add the DKIM records',
        ...(isSandbox ? ['in SES’s sandbox: mails reach verified addresses alone'] : []),
        ...(isSending ? [] : ['SES has stopped sending: see its reputation page']),
      ].join(', '),
      needsPerson: !isVerified || !isSending || (isSandbox && stage !== 'dev'),
    },
  ];
};
