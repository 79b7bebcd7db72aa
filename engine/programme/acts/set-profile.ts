// What is known of a member of a programme.

import { PROFILE_BYTES_MAX } from '../../limits.js';
import { json } from '../../protocol/definition-fields.js';
import { id } from '../../protocol/fields.js';
import { canonicalJson, utf8Length } from '../../protocol/syntax.js';
import { act } from '../act.js';
import { isInClear, rightAttributes, wrongAttribute } from '../definitions/attributes.js';
import { programme } from '../definitions/index.js';
import { type Profile, profileIn, profileRecord } from '../earning/member.js';
import { isObject } from '../earning/order.js';
import { isErased } from '../erasure.js';

export const setProfile = act({
  name: 'set-profile',
  version: 1,
  about: 'Says what is known of a member of a programme; what is not named stays as it is.',
  body: {
    programme: id('ACT_BODY_INVALID'),
    profile: json<Profile>(
      { type: 'object', additionalProperties: true },
      isObject,
      'By the names and types that the programme knows of; null: nothing is known any more.',
      'ACT_BODY_INVALID',
    ),
  },
  needs: ['earn'],
  refusals: ['DEFINITION_NOT_FOUND', 'PROFILE_INVALID', 'ACT_BODY_INVALID', 'MEMBER_ERASED'],

  decide(see, { programme: key, profile }) {
    const of = see.definition(programme, key);
    if (of === undefined) return { refusal: 'DEFINITION_NOT_FOUND' };
    if (isErased(see)) return { refusal: 'MEMBER_ERASED' };
    const types = of.document.profile ?? {};
    const said = Object.entries(profile);
    const known = said.filter(([, value]) => value !== null);
    if (isInClear(Object.fromEntries(known), types)) return { refusal: 'ACT_BODY_INVALID' };
    if (wrongAttribute(Object.fromEntries(known), types) !== undefined)
      return { refusal: 'PROFILE_INVALID' };
    // What the programme does not know of any more goes with the next change.
    const all = { ...rightAttributes(profileIn(see, key), types), ...Object.fromEntries(known) };
    for (const [name, value] of said) if (value === null) delete all[name];
    if (utf8Length(canonicalJson(all) ?? '') > PROFILE_BYTES_MAX)
      return { refusal: 'PROFILE_INVALID' };
    return {
      legs: [],
      assets: [of.document.asset],
      records: [profileRecord(key, all)],
      effects: [{ type: 'profile', names: said.map(([name]) => name) }],
      why: { programme: of.version },
    };
  },

  undo: () => ({ effects: [], why: {} }),
});
