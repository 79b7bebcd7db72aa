// The kinds of definitions there are. Owns: their list, one line each, and what a command to define one must be. Never touches: state.

import type { Document } from '../../protocol/definition-fields.js';
import type { DefinitionVersion } from '../../protocol/outcomes.js';
import { campaign } from './campaign.js';
import { coalition } from './coalition.js';
import { correction } from './correction.js';
import { coupon } from './coupon.js';
import { eventType } from './event-type.js';
import { exchangeRate } from './exchange-rate.js';
import { exchanging } from './exchanging.js';
import { gifting } from './gifting.js';
import { goods } from './goods.js';
import {
  type AnyKind,
  type DefinitionProblem,
  decidingPart,
  documentProblem,
  NOT_KNOWN,
} from './kind.js';
import { leaderboard } from './leaderboard.js';
import { lottery } from './lottery.js';
import { notice } from './notice.js';
import { offer } from './offer.js';
import { pricing } from './pricing.js';
import { programme } from './programme.js';
import { referral } from './referral.js';
import { riskRule } from './risk-rule.js';
import { riskScore } from './risk-score.js';
import { rule } from './rule.js';
import { sale } from './sale.js';
import { stockLevel } from './stock-level.js';
import { task } from './task.js';
import { tier } from './tier.js';
import { zone } from './zone.js';

export {
  type AnyKind,
  type DefinitionProblem,
  definitionAt,
  definitionsOf,
  type Kind,
  type Known,
  type Versioned,
} from './kind.js';
export {
  campaign,
  coalition,
  correction,
  coupon,
  eventType,
  exchangeRate,
  exchanging,
  gifting,
  goods,
  leaderboard,
  lottery,
  offer,
  pricing,
  programme,
  referral,
  riskRule,
  riskScore,
  rule,
  sale,
  stockLevel,
  task,
  tier,
  zone,
};

/** Every kind. */
export const KINDS: readonly AnyKind[] = [
  programme,
  eventType,
  rule,
  tier,
  campaign,
  task,
  referral,
  gifting,
  leaderboard,
  lottery,
  offer,
  coupon,
  correction,
  goods,
  pricing,
  sale,
  stockLevel,
  coalition,
  exchanging,
  exchangeRate,
  notice,
  riskRule,
  riskScore,
  zone,
];

const BY_NAME = new Map(KINDS.map((one) => [one.name, one]));

/** The kind of this name. */
export const kindOf = (name: string): AnyKind | undefined => BY_NAME.get(name);

/** What is said to be defined. */
interface Said {
  readonly kind: string;
  readonly key: string;
  readonly state: string;
  readonly document?: Document | undefined;
  readonly activeFrom?: number | undefined;
}

/** What is wrong with a definition, as far as other definitions are known; null: nothing. */
export function definitionProblem(said: Said, known = NOT_KNOWN): DefinitionProblem | null {
  const of = kindOf(said.kind);
  if (of === undefined) {
    const detail = `Kinds are: ${KINDS.map(({ name }) => name).join(', ')}.`;
    return { code: 'DEFINITION_KIND_UNKNOWN', field: 'kind', detail };
  }
  const { state, document, activeFrom } = said;
  if (state === 'retired' ? document !== undefined : state === 'active' && document === undefined) {
    const detail = 'A retirement has no document, and what is active has one.';
    return { code: 'DEFINITION_INVALID', field: 'document', detail };
  }
  if (document !== undefined) {
    const found = documentProblem(of, document, said.key, known);
    if (found !== null) return found;
  }
  return state === 'draft' && activeFrom !== undefined
    ? { code: 'ACTIVE_FROM_INVALID', field: 'activeFrom' }
    : null;
}

/** The zone that a definition names; undefined: none. */
export function zoneOf({ kind, document }: Pick<Said, 'kind' | 'document'>): string | undefined {
  const field = kindOf(kind)?.zone;
  return field === undefined ? undefined : (document?.[field] as string | undefined);
}

/** A version with what decides of it, as all shards have it. */
export function decidingVersion(version: DefinitionVersion): DefinitionVersion {
  const of = kindOf(version.kind);
  return of === undefined || version.document === undefined
    ? version
    : { ...version, document: decidingPart(of, version.document) };
}
