// Something does not agree between this ledger and a partner. The ledger asks for it, however often it is found: it is open once (outside.I1).

import { AMOUNT_MAX, INCONSISTENCY_TEXT_MAX, PARTNER_WORD_MAX } from '../../limits.js';
import { words } from '../../protocol/definition-fields.js';
import { asset, optional, whole } from '../../protocol/fields.js';
import { INCONSISTENCY_KINDS } from '../../protocol/outside.js';
import { act } from '../act.js';
import { platform } from '../definitions/platform.js';
import { wordOf } from '../outside/body.js';
import {
  inconsistencyEffect,
  inconsistencyId,
  inconsistencyIn,
  inconsistencyOwner,
  inconsistencyRecord,
  type KeptInconsistency,
  listedInconsistency,
} from '../outside/inconsistencies.js';

const text = (about: string) => words(INCONSISTENCY_TEXT_MAX, about, 'ACT_BODY_INVALID');
const units = (about: string) => whole(0, AMOUNT_MAX, 'ACT_BODY_INVALID', about);

export const inconsistencyOpen = act({
  name: 'inconsistency-open',
  version: 1,
  about: 'Something does not agree with a partner outside. Made by the ledger.',
  by: 'engine',
  body: {
    kind: wordOf(INCONSISTENCY_KINDS, 'What it is.'),
    partner: platform('ACT_BODY_INVALID'),
    finding: words(PARTNER_WORD_MAX, 'In a word.', 'ACT_BODY_INVALID'),
    /** What it is about: with partner and finding, what it is known by. */
    subject: text('What it is about.'),
    exchange: optional(text('The exchange that it is about.')),
    operation: optional(text('The operation that it is about.')),
    asset: optional(asset()),
    ours: optional(units('What this ledger says, in minor units.')),
    theirs: optional(units('What the partner says, in minor units.')),
  },
  needs: ['admin'],
  refusals: ['INCONSISTENCY_NOT_FOUND', 'RECORD_LIMIT', 'CHANGED_MEANWHILE'],

  decide(see, said, { owner, time }) {
    const { kind, partner, finding, subject } = said;
    const id = inconsistencyId(partner, finding, subject);
    // Its owner is who has it.
    if (owner !== inconsistencyOwner(id)) return { refusal: 'INCONSISTENCY_NOT_FOUND' };
    const before = inconsistencyIn(see, id);
    const isOpen = before?.state === 'open';
    const found: KeptInconsistency = {
      ...{ kind, state: 'open', partner, finding },
      ...{ exchange: said.exchange ?? null, operation: said.operation ?? null },
      ...{ asset: said.asset ?? null, ours: said.ours ?? null, theirs: said.theirs ?? null },
      ...{ openedAt: time, resolvedAt: null, reason: null, by: null },
    };
    if (isOpen) return { legs: [], effects: [], why: { inconsistency: id } };
    return {
      legs: [],
      records: [inconsistencyRecord(id, found)],
      puts: listedInconsistency(id, found),
      effects: [inconsistencyEffect(id, found)],
      why: { inconsistency: id },
    };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
