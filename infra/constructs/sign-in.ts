import { Aws, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnUserPoolGroup,
  FeaturePlan,
  LambdaVersion,
  Mfa,
  OAuthScope,
  ResourceServerScope,
  UserPool,
  UserPoolOperation,
  type UserPoolClient,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { scopes } from '../../shared/auth/scopes.ts';
import { named, type StageConfig } from '../stage.ts';
import type { ServiceFunction } from './service-function.ts';

const GROUPS = {
  admin: 'Sees and changes everything',
  manager: 'Sees the teams below',
  rep: 'Sees own deals and the team’s board',
} as const;

/** The resource server that prefixes each scope: `sales/deals.read`. */
const RESOURCE_SERVER = 'sales';

const TOKEN_LIFE = Duration.minutes(5);
const INVITATION_LIFE = Duration.days(3);

const KEEPING_USERS = [
  'cognito-idp:AdminAddUserToGroup',
  'cognito-idp:AdminCreateUser',
  'cognito-idp:AdminDeleteUser',
  'cognito-idp:AdminDisableUser',
  'cognito-idp:AdminEnableUser',
  'cognito-idp:AdminGetUser',
  'cognito-idp:AdminRemoveUserFromGroup',
  'cognito-idp:AdminUpdateUserAttributes',
  'cognito-idp:AdminUserGlobalSignOut',
] as const;

/**
 * Who may get a token, and what it says. People sign in with e-mail and password; systems use the client credentials
 * of the stage's integrations. `tokens` adds member, role and the role's scopes to each token.
 */
export class SignIn extends Construct {
  readonly issuer: string;
  readonly poolId: string;
  readonly poolArn: string;
  readonly tokenUrl: string;
  readonly people: UserPoolClient;
  /** By the integration's name. */
  readonly integrations: ReadonlyMap<string, UserPoolClient>;

  constructor(
    scope: Construct,
    id: string,
    { stage, tokens }: { stage: StageConfig; tokens: ServiceFunction },
  ) {
    super(scope, id);
    const pool = new UserPool(this, 'Pool', {
      userPoolName: named(stage),
      featurePlan: FeaturePlan.ESSENTIALS,
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      standardAttributes: { email: { required: true, mutable: true } },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: INVITATION_LIFE,
      },
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      userInvitation: {
        emailSubject: 'Your invitation to Quotaline',
        emailBody: `You can sign in to Quotaline now, as {username} with the temporary password {####}<br>It is good for ${INVITATION_LIFE.toDays()} days; then ask your administrator for another one.`,
      },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      deletionProtection: stage.protect,
      removalPolicy: stage.protect ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    pool.addTrigger(UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG, tokens.lambda, LambdaVersion.V3_0);
    Validations.of(pool).acknowledge(
      {
        id: 'AwsSolutions-COG2',
        reason: 'Each organization decides whether its people must use a second factor.',
      },
      {
        id: 'AwsSolutions-COG3',
        reason: 'Needs the Plus plan, which costs per user; the Essentials plan is enough.',
      },
      {
        id: 'AwsSolutions-COG8',
        reason: 'Needs the Plus plan, which costs per user; the Essentials plan is enough.',
      },
    );
    this.poolId = pool.userPoolId;
    this.poolArn = pool.userPoolArn;
    this.issuer = pool.userPoolProviderUrl;

    for (const [groupName, description] of Object.entries(GROUPS)) {
      new CfnUserPoolGroup(this, `Group-${groupName}`, {
        userPoolId: pool.userPoolId,
        groupName,
        description,
      });
    }
    const serverScopes = new Map(
      Object.entries(scopes).map(([scope, scopeDescription]) => {
        const scopeName = scope.slice(RESOURCE_SERVER.length + 1);
        return [scope, new ResourceServerScope({ scopeName, scopeDescription })];
      }),
    );
    const server = pool.addResourceServer('Scopes', {
      identifier: RESOURCE_SERVER,
      userPoolResourceServerName: RESOURCE_SERVER,
      scopes: [...serverScopes.values()],
    });
    const domain = pool.addDomain('Domain', {
      cognitoDomain: { domainPrefix: `${named(stage)}-${Aws.ACCOUNT_ID}` },
    });
    this.tokenUrl = `https://${domain.domainName}.auth.${Aws.REGION}.amazoncognito.com/oauth2/token`;

    this.people = pool.addClient('People', {
      userPoolClientName: 'people',
      generateSecret: false,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: TOKEN_LIFE,
      idTokenValidity: TOKEN_LIFE,
      refreshTokenValidity: Duration.days(7),
      authFlows: { userSrp: true, userPassword: true },
      oAuth: {
        // A public client without a secret to leak, so it sends a PKCE challenge: Cognito holds whoever sends one to it, but
        // has no switch that makes everybody send one.
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL],
        callbackUrls: stage.callbackUrls,
      },
    });
    this.integrations = new Map(
      stage.integrations.map((integration) => {
        const client = pool.addClient(`Integration-${integration.name}`, {
          userPoolClientName: integration.name,
          generateSecret: true,
          accessTokenValidity: TOKEN_LIFE,
          enableTokenRevocation: true,
          authFlows: {},
          oAuth: {
            flows: { clientCredentials: true },
            scopes: integration.scopes.map((scope) => {
              const serverScope = serverScopes.get(scope);
              if (serverScope === undefined) throw new Error(`${integration.name}: no scope ${scope}`);
              return OAuthScope.resourceServer(server, serverScope);
            }),
          },
        });
        return [integration.name, client];
      }),
    );
  }

  /** Members are users: their service makes them, moves them to another address, and shuts them out. */
  allowKeepingUsers(fn: ServiceFunction): void {
    fn.may(KEEPING_USERS, [this.poolArn]);
    fn.setEnvironment({ USER_POOL_ID: this.poolId });
  }

  /** Whose tokens the API takes. */
  get clientIds(): readonly string[] {
    return [this.people, ...this.integrations.values()].map((client) => client.userPoolClientId);
  }
}
