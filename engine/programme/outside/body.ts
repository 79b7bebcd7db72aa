// What is said of an exchange with a partner outside. Owns: the fields that its acts have in common, which one a caller means. Never touches: what
// becomes of it.

import { PARTNER_WORD_MAX } from '../../limits.js';
import { json, words } from '../../protocol/definition-fields.js';
import { id } from '../../protocol/fields.js';
import { PARTNER_STEPS, type PartnerStep } from '../../protocol/outside.js';
import { scopeOf } from '../../protocol/scope.js';
import type { ActRefusal, Reads } from '../act.js';
import { exchangeIn, isEnded, type KeptExchange } from './process.js';

/** By what an exchange is known. */
export const exchangeField = () => id('ACT_BODY_INVALID');

/** One of some words, in the body of an act. */
export const wordOf = <const T extends string>(names: readonly T[], about: string) =>
  json<T>(
    { type: 'string', enum: names },
    (value) => names.includes(value as T),
    about,
    'ACT_BODY_INVALID',
  );

/** The step that something is said of. */
export const stepField = () => wordOf<PartnerStep>(PARTNER_STEPS, 'The step that it is about.');

/** A word of a partner. */
export const partnerWord = (about: string) => words(PARTNER_WORD_MAX, about, 'ACT_BODY_INVALID');

/** An exchange that a caller names: a platform means its own ones. */
export function namedIn(
  see: Reads,
  exchange: string,
): ActRefusal | { readonly kept: KeptExchange } {
  const kept = exchangeIn(see, exchange);
  const scope = scopeOf(see.id);
  return kept === undefined || (scope !== undefined && scope !== scopeOf(kept.id))
    ? { refusal: 'EXCHANGE_NOT_FOUND' }
    : { kept };
}

/** One that is at this step, and has not ended. */
export function atStep(
  see: Reads,
  exchange: string,
  step: PartnerStep,
): ActRefusal | { readonly kept: KeptExchange } {
  const kept = exchangeIn(see, exchange);
  if (kept === undefined) return { refusal: 'EXCHANGE_NOT_FOUND' };
  return kept.step === step && !isEnded(kept) ? { kept } : { refusal: 'EXCHANGE_STEP_PAST' };
}
