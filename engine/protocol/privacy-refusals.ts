// What is refused of personal data. Owns: a part of the catalogue (refusals.ts).

import { final, transient } from './refusal.js';

export const PRIVACY = {
  MEMBER_ERASED: final(
    109,
    409,
    'The member was erased: nothing personal is taken for it any more.',
  ),
  ERASURE_NOT_FOUND: transient(367, 404, 'Nobody has asked for the member to be erased.'),
  VAULT_CLOSED: transient(
    366,
    503,
    'Personal data cannot be sealed or opened now: the master key cannot be had.',
    true,
  ),
};
