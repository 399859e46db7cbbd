import * as z from 'zod';
import { AccountId, MemberId, ProductId, StoreId, TeamId, TerritoryId } from '../../../shared/ids/id.ts';
import { type ScopeKind, scopeKinds } from '../../../shared/kpis/kpi.ts';
import { scopeKey } from './bucket.ts';

/** Whose numbers are asked for, its id checked. */
export type Scope =
  | { readonly kind: 'org'; readonly id: 'org' }
  | { readonly kind: 'team'; readonly id: TeamId }
  | { readonly kind: 'rep'; readonly id: MemberId }
  | { readonly kind: 'territory'; readonly id: TerritoryId }
  | { readonly kind: 'product'; readonly id: ProductId }
  | { readonly kind: 'account'; readonly id: AccountId }
  | { readonly kind: 'store'; readonly id: StoreId }
  | { readonly kind: 'industry' | 'source'; readonly id: string };

const kinds = scopeKinds
  .filter((kind) => kind !== 'org')
  .map((kind) => `${kind}:`)
  .join(', ');
const FORMS = `must be org, or one of ${kinds} with an id, such as team:team_01J…`;

const ids = {
  team: TeamId,
  rep: MemberId,
  territory: TerritoryId,
  product: ProductId,
  account: AccountId,
  store: StoreId,
  industry: z.string().min(1).transform(scopeKey),
  source: z.string().min(1).transform(scopeKey),
} as const;

const isKind = (kind: string): kind is Exclude<ScopeKind, 'org'> => Object.hasOwn(ids, kind);

/** `org`, or `<kind>:<id>`. */
export const ScopeQuery = z
  .string()
  .max(300)
  .transform((text, context): Scope => {
    if (text === 'org') return { kind: 'org', id: 'org' };
    const colon = text.indexOf(':');
    const kind = text.slice(0, Math.max(colon, 0));
    const parsed = isKind(kind) ? ids[kind].safeParse(text.slice(colon + 1)) : undefined;
    if (parsed?.success === true) return { kind, id: parsed.data } as Scope;
    context.addIssue(parsed?.error.issues[0]?.message ?? FORMS);
    return z.NEVER;
  })
  .describe(`Whose numbers: org, or one of ${kinds} with an id, such as team:team_01J….`);

export const scopeText = ({ kind, id }: Scope): string => (kind === 'org' ? 'org' : `${kind}:${id}`);
