// A partner outside adds points to a member (outside.B1). The gateway asks for it, with the grants of the partner.

import { act } from '../act.js';
import {
  decideAdd,
  OPERATION_REFUSALS,
  operationFields,
  undoneOperation,
} from '../outside/inbound.js';

export const partnerAdd = act({
  name: 'partner-add',
  version: 1,
  about: 'A partner outside adds points to a member, or is refused for good.',
  by: 'engine',
  body: operationFields(),
  needs: ['earn'],
  refusals: OPERATION_REFUSALS,
  decide: decideAdd,
  undo: undoneOperation,
});
