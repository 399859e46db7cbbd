import { isPlaceholder } from './placeholder.ts';
import type { Problem } from './problem.ts';
import { sesRegions } from './ses-regions.ts';
import type { StageConfig } from './settings.ts';

/** Where the CDK would deploy, by the credentials and the region at hand; unknown when it synthesizes offline. */
export interface Place {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

/** Settings that are right each by itself; one that isn't is missing here. */
type Settings = { readonly [Key in keyof StageConfig]?: StageConfig[Key] | undefined };

/** What must hold between settings: no rule speaks of a setting that is missing. */
type Rule = (settings: Settings, place: Place) => readonly Problem[];

const problem = (broken: boolean, setting: string, says: string): readonly Problem[] =>
  broken ? [{ setting, says }] : [];

const isHttp = (url: string): boolean => url.startsWith('http:');
const isLocal = (url: string): boolean =>
  ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname) ||
  new URL(url).hostname.endsWith('.localhost');

/** dev may keep addresses that nobody has, and is warned. */
const ownAddresses: Rule = ({ stage, mailFrom, alarmEmail, domain }) => {
  if (stage === 'dev') return [];
  const missing = (setting: string, address: string | undefined, example: string) =>
    problem(
      address !== undefined && isPlaceholder(address),
      setting,
      `is missing, for ${address ?? ''} is nobody’s: write -c ${example}`,
    );
  return [
    ...missing('mailFrom', mailFrom, 'mailFrom=sales@<your domain>'),
    ...missing('alarmEmail', alarmEmail, 'alarmEmail=ops@<your domain>'),
    ...missing('domain.name', domain?.name, 'domainName=api.sales.<your domain>'),
  ];
};

/** What would be deployed over the real thing by someone who copied the settings of dev. */
const nothingOfDevInProd: Rule = ({ stage, protect, mailIdentity, publicUrl, callbackUrls, corsOrigins }) => {
  if (stage !== 'prod') return [];
  const urls = [
    ...(publicUrl === undefined ? [] : [['publicUrl', publicUrl] as const]),
    ...(callbackUrls ?? []).map((url) => ['callbackUrls', url] as const),
    ...(corsOrigins ?? []).map((url) => ['corsOrigins', url] as const),
  ];
  return [
    ...problem(
      protect === false,
      'protect',
      'must be true in prod, or tables, users and files could go with the stack; for trying things there is -c stage=dev',
    ),
    ...problem(
      mailIdentity === 'address',
      'mailIdentity',
      'must be domain in prod, or mails go out unsigned: write -c mailIdentity=domain and add the DKIM records, or existing for a domain that is verified already',
    ),
    ...urls.flatMap(([setting, url]) =>
      problem(
        isHttp(url) || isLocal(url),
        setting,
        `${url} is for developing: prod takes public addresses with https:// alone`,
      ),
    ),
  ];
};

const callbacksThatCognitoTakes: Rule = ({ stage, callbackUrls = [] }) =>
  callbackUrls.flatMap((url) =>
    problem(
      stage !== 'prod' && isHttp(url) && !isLocal(url),
      'callbackUrls',
      `${url} must start with https://: Cognito takes http:// for localhost alone`,
    ),
  );

const theRightPlace: Rule = ({ stage, account, region }, place) => [
  ...problem(
    account !== undefined && place.account !== undefined && account !== place.account,
    'account',
    `stage ${stage ?? ''} belongs to account ${account ?? ''}, and these credentials are of ${place.account ?? ''}: ` +
      'take those of the stage’s account, as in AWS_PROFILE=<profile>',
  ),
  ...problem(
    region !== undefined && place.region !== undefined && region !== place.region,
    'region',
    `stage ${stage ?? ''} belongs to ${region ?? ''}, and the region at hand is ${place.region ?? ''}: ` +
      `set AWS_REGION=${region ?? ''}`,
  ),
];

const aRegionWithMail: Rule = ({ region: pinned }, place) => {
  const region = pinned ?? place.region;
  return problem(
    region !== undefined && !sesRegions.has(region),
    'region',
    `${region ?? ''} has no SES, which sends the mails: choose one of ${[...sesRegions].join(', ')}`,
  );
};

const aCertificateThatFits: Rule = ({ domain, account, region }, place) => {
  if (domain === undefined) return [];
  const [, , , itsRegion = '', itsAccount = ''] = domain.certificateArn.split(':');
  const here = { region: region ?? place.region, account: account ?? place.account };
  const { name, hostedZone } = domain;
  return [
    ...problem(
      here.region !== undefined && itsRegion !== here.region,
      'domain.certificateArn',
      `lies in ${itsRegion}, and the stack would go to ${here.region ?? ''}: request one there, or set AWS_REGION=${itsRegion}`,
    ),
    ...problem(
      here.account !== undefined && itsAccount !== here.account,
      'domain.certificateArn',
      `belongs to account ${itsAccount}, and the stack would go to ${here.account ?? ''}: request one there`,
    ),
    ...problem(
      hostedZone !== undefined && name !== hostedZone.name && !name.endsWith(`.${hostedZone.name}`),
      'domain.hostedZone.name',
      `${hostedZone?.name ?? ''} can’t hold the record of ${name}: give the zone that the name ends with`,
    ),
  ];
};

const integrationsByName: Rule = ({ integrations = [] }) =>
  integrations
    .map(({ name }) => name)
    .filter((name, index, names) => names.indexOf(name) !== index)
    .map((name) => ({
      setting: 'integrations',
      says: `two are called ${name}: give each a name of its own`,
    }));

const rules: readonly Rule[] = [
  ownAddresses,
  nothingOfDevInProd,
  callbacksThatCognitoTakes,
  theRightPlace,
  aRegionWithMail,
  aCertificateThatFits,
  integrationsByName,
];

/** Every rule that these settings break. */
export const problemsOf = (settings: Settings, place: Place): readonly Problem[] =>
  rules.flatMap((rule) => rule(settings, place));
