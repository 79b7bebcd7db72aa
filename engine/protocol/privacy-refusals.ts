// What is refused of personal data. Owns: a part of the catalogue (refusals.ts).

import { final, transient } from './refusal.js';

export const PRIVACY = {
  MEMBER_ERASED: final(
    109,
    409,
    'The member was erased: nothing personal is taken for it any more.',
  ),
  ERASURE_NOT_FOUND: transient(367, 404, 'Nobody has asked for the member to be erased.'),
  KEY_VERSION_SEALS: transient(
    319,
    409,
    'This version of the member’s key is the newest, or the next one has sealed for less than an hour: what it seals is not all written yet.',
  ),
  KEY_VERSION_USED: transient(
    318,
    409,
    'Something that is kept of the member is sealed with this version of its key: seal it anew first.',
  ),
  VAULT_CLOSED: transient(
    366,
    503,
    'Personal data cannot be sealed or opened now: the master key cannot be had.',
    true,
  ),
};
