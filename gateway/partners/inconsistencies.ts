// The operator's list of what does not agree with partners. Owns: pages of it, how something is opened and resolved. Never touches: what does not agree.

import {
  type Engine,
  type Inconsistency,
  type InconsistencyKind,
  inconsistencyId,
  inconsistencyOwner,
  type Outcome,
} from '../../engine/index.js';
import type { OwnLedger } from '../documents.js';
import type { Refusal } from '../refusal.js';

/** Something that was found. Amounts in minor units. */
export interface Opening {
  readonly kind: InconsistencyKind;
  readonly partner: string;
  readonly finding: string;
  /** By what, with partner and finding, it is known. */
  readonly subject: string;
  readonly operation?: string | undefined;
  readonly asset?: string | undefined;
  readonly ours?: number | undefined;
  readonly theirs?: number | undefined;
}

const refusalOf = (outcome: Outcome): Refusal | undefined =>
  outcome.ok
    ? undefined
    : { ...outcome, id: undefined, field: outcome.field?.replace(/^body\./, '') };

/** Opens it; where it is open, nothing happens. */
export async function openInconsistency(
  { own }: OwnLedger,
  opening: Opening,
): Promise<Refusal | undefined> {
  const { partner, finding, subject, operation } = opening;
  const exchange = operation === undefined ? undefined : exchangeOfOperation(operation);
  const owner = inconsistencyOwner(inconsistencyId(partner, finding, subject));
  const body = { ...opening, exchange };
  return refusalOf(await own.submit({ type: 'act', act: 'inconsistency-open', owner, body }));
}

/** Resolves it, for a reason that somebody says. */
export async function resolveInconsistency(
  { own }: OwnLedger,
  inconsistency: string,
  said: { readonly reason: string; readonly by: string },
): Promise<Refusal | undefined> {
  const owner = inconsistencyOwner(inconsistency);
  const body = { inconsistency, ...said };
  return refusalOf(await own.submit({ type: 'act', act: 'inconsistency-resolve', owner, body }));
}
