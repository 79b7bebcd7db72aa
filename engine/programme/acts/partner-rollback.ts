// A partner outside rolls an operation of its own back, or makes it void before it comes (outside.B2). The gateway asks for it, with the grants of the partner.

import { STORED_ID_LENGTH_MAX } from '../../limits.js';
import { json, words } from '../../protocol/definition-fields.js';
import { optional } from '../../protocol/fields.js';
import { OPERATION_KINDS, type OperationKind } from '../../protocol/outside.js';
import { act } from '../act.js';
import {
  decideRollback,
  OPERATION_REFUSALS,
  operationFields,
  ROLLBACK,
} from '../outside/inbound.js';

export const partnerRollback = act({
  name: ROLLBACK,
  version: 1,
  about: 'A partner outside rolls an operation back; one that never came is void.',
  by: 'engine',
  body: {
    ...operationFields(),
    kind: json<OperationKind>(
      { type: 'string', enum: OPERATION_KINDS },
      (value) => OPERATION_KINDS.includes(value as OperationKind),
      'What it is, or would have been.',
      'ACT_BODY_INVALID',
    ),
    /** The act that has carried it out. Left out: the id was never seen. */
    act: optional(words(STORED_ID_LENGTH_MAX, 'As it is logged.', 'ACT_BODY_INVALID')),
    isSpent: optional(
      json<true>(
        { const: true },
        (value) => value === true,
        'It was refused POINTS_SHORT a moment ago: where that is so still, the operation stands.',
        'ACT_BODY_INVALID',
      ),
    ),
  },
  needs: ['earn', 'spend'],
  refusals: ['POINTS_SHORT', ...OPERATION_REFUSALS],
  decide: decideRollback,
  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
