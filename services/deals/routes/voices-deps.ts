import type { Repository } from '../../../shared/dynamodb/repository.ts';
import type { StoreRecord } from '../commerce/entities.ts';
import type { SellingDeps } from '../selling-deps.ts';

/** What the routes of traffic and of what customers say need. */
export type VoicesDeps = SellingDeps & { readonly stores: Repository<StoreRecord> };
