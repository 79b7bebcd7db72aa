// A partner outside takes points from a member (outside.B1). The gateway asks for it, with the grants of the partner.

import { act } from '../act.js';
import {
  decideDeduct,
  OPERATION_REFUSALS,
  operationFields,
  undoneOperation,
} from '../outside/inbound.js';

export const partnerDeduct = act({
  name: 'partner-deduct',
  version: 1,
  about: 'A partner outside takes points from a member, or is refused for good.',
  by: 'engine',
  body: operationFields(),
  takes: 'spend',
  needs: ['spend'],
  refusals: OPERATION_REFUSALS,
  decide: decideDeduct,
  undo: undoneOperation,
});
