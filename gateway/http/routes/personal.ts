// Acts that have personal attributes in them: sealed on their way in, masked on their way out. Owns: which those are, by the definition of now; who sees them in
// clear. Never touches: how they are sealed (auth/personal.ts), what a shard takes: it refuses those that are not.
//   http.H74. What is personal is sealed before anything of it is submitted, tried or logged; it is shown in clear to who may see where an order goes to, and
//       that is noted.

import type { AttributeTypes, Command } from '../../../engine/index.js';
import {
  hasSealed,
  isPersonalText,
  openPersonal,
  personalBefore,
  personalIn,
  sealPersonal,
} from '../../auth/personal.js';
import { seesReceiver } from '../../auth/receivers.js';
import type { Sealer } from '../../auth/sealing.js';
import { activeDocument } from '../../known-definitions.js';
import { maskedPersonal } from '../../privacy/mask.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import { type Call, engineOf, type ServedLedger } from '../../route.js';
import { fits, User } from '../../schema/words.js';
import { disclosed } from './privacy.js';

type Values = Readonly<Record<string, unknown>>;

/** Where a command has attributes, and what says their types. */
export interface PersonalPlace {
  /** The field of the body. */
  readonly field: 'attributes' | 'profile';
  /** The definition, by the command's body. */
  of(body: Values): readonly [kind: string, key: string];
  /** What is refused where one is no text that can be sealed. */
  readonly wrong: 'EVENT_ATTRIBUTE_INVALID' | 'PROFILE_INVALID';
}

/** A command with what is personal sealed, and the same as it may have been sealed before. */
export interface SealedCommand {
  readonly command: Command;
  readonly alike?: (() => Promise<readonly Command[] | Refusal>) | undefined;
}

const isUser = fits(User);
const sealerOf = ({ access }: ServedLedger): Sealer =>
  (access as NonNullable<ServedLedger['access']>).sealer;

/** A command that is ready to be submitted; itself, where its definition has nothing personal. */
export async function withSealed(
  ledger: ServedLedger,
  command: Command,
  { field, of, wrong }: PersonalPlace,
): Promise<SealedCommand | Refusal> {
  const { owner, id, body } = command as { owner?: unknown; id?: string; body?: Values };
  const values = body?.[field];
  if (body === undefined || typeof values !== 'object' || values === null) return { command };
  const document = await activeDocument(engineOf(ledger), ...of(body));
  // What is no name of a definition is refused as the act has it.
  if (isRefusal(document))
    return document.code === 'DEFINITION_KEY_INVALID' ? { command } : document;
  const types = ((document as Values | undefined)?.[field] ?? {}) as AttributeTypes;
  const said = values as Values;
  // Of a profile null takes a value away.
  const names = personalIn(said, types).filter((name) => said[name] !== null);
  if (names.length === 0) return { command };
  const bad = names.find((name) => !isPersonalText(said[name]));
  if (bad !== undefined) return refuse(wrong, `${field}.${bad}`);
  if (!isUser(owner)) return refuse('OWNER_INVALID', 'owner');
  const to = (sealed: Values): Command =>
    ({ ...command, body: { ...body, [field]: sealed } }) as Command;
  const sealer = sealerOf(ledger);
  const sealed = await sealPersonal(sealer, { owner, id }, said, names);
  if (isRefusal(sealed)) return sealed;
  return {
    command: to(sealed),
    alike: async () => {
      const before = await personalBefore(sealer, { owner, id }, said, names);
      return isRefusal(before) ? before : before.map(to);
    },
  };
}

/** Attributes as a call is told them: masked, but for who may see them in clear. `way`: the route, as it is noted. */
export async function shownPersonal(
  ledger: ServedLedger,
  call: Call,
  way: string,
  owner: string,
  values: Values,
): Promise<Values | Refusal> {
  if (!hasSealed(values)) return values;
  const isClear = seesReceiver(call.principal, owner);
  const no = isClear ? await disclosed(ledger, call, 'attribute', way, [owner]) : undefined;
  if (no !== undefined) return no;
  return openPersonal(sealerOf(ledger), owner, values, isClear ? undefined : maskedPersonal);
}
