// Acts outside. Owns: what their bodies look like, and what their routes say of themselves, out of the list of acts. Never touches: what
// they decide.

import type { Act, RefusalCode } from '../../engine/index.js';
import type { GatewayLimits } from '../limits.js';
import { ActBody, actFields, strict } from './commands.js';
import { command, type Description } from './description.js';
import { batchAnswers, batchQuery } from './ledger-descriptions.js';
import { Type } from './typebox.js';
import { NAME } from './words.js';

/** What an act may be refused with, out of its body or by its rules. */
export const actRefusals = (act: Act): readonly RefusalCode[] => [
  ...command('act'),
  ...act.refusals,
  ...Object.values(act.body).flatMap(({ refusals }) => refusals),
];

/** What many of them in one request may be refused with. */
export const BATCHES: readonly RefusalCode[] = [
  'BATCH_TOO_LARGE',
  'CONNECTIONS_LIMIT',
  'BATCH_ABORTED',
  'BATCH_ACROSS_SHARDS',
];

/** What the documents say of a route of an act. */
export function actDescription(act: Act, of: GatewayLimits): Description {
  const name = `${act.name.charAt(0).toUpperCase()}${act.name.slice(1)}`;
  const body = strict(actFields(act.body), { [NAME]: `${name}Body`, description: act.about });
  const one = strict({ ...ActBody.properties, body }, { [NAME]: name });
  return {
    tag: 'acts',
    summary: act.about,
    details:
      'Decided once, in the block that does it; `reverse` takes it back, or a part of it. One, an array, or lines, as transfers.',
    query: batchQuery(of),
    body: Type.Union([one, Type.Array(one, { maxItems: of.batchItemsMax })]),
    takesKey: true,
    answers: batchAnswers,
    refusals: [...actRefusals(act), ...BATCHES],
  };
}
