// Users as the stable platform API names them. Owns: which owner one is. Never touches: paths, points.

import { type Engine, isPathPart } from '../../../engine/index.js';
import { lookUp, register } from '../../identity/mappings.js';
import { GLOBAL, isGlobalId } from '../../identity/names.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import { engineOf, type ServedLedger } from '../../route.js';

/** Whose points a call names: the owner of the accounts. */
export interface Naming {
  readonly field: string;
  readonly id: string;
  readonly type: 'global' | 'platform';
  /** The platform whose user it is. */
  readonly platform: string;
  /** Register a platform's user who is not known yet. */
  readonly register: boolean;
}

export async function ownerOf(ledger: ServedLedger, naming: Naming): Promise<string | Refusal> {
  const { field, id, type, platform } = naming;
  if (type === 'global') {
    const isFit = isGlobalId(id) && (!naming.register || isPathPart(id));
    return isFit ? id : refuse('OWNER_INVALID', field);
  }
  const source = { system: platform, user: id };
  const engine = engineOf(ledger);
  const known = await lookUp(engine, source, GLOBAL);
  if (isRefusal(known)) return { ...known, field };
  if (known?.status === 'inactive') return refuse('IDENTITY_INACTIVE', field);
  if (known !== undefined) return known.target.user;
  if (!naming.register) return refuse('IDENTITY_NOT_FOUND', field);
  const made = await register(engine, source, GLOBAL, undefined);
  return isRefusal(made) ? { ...made, field } : made.mapping.target.user;
}

/** Users that their platforms have registered are known to the ledger, too: also those of before it kept that. */
export async function joined(
  engine: Engine,
  namings: readonly Naming[],
): Promise<Refusal | undefined> {
  for (const { type, platform, id, field } of namings) {
    if (type === 'global') continue;
    const made = await register(engine, { system: platform, user: id }, GLOBAL, undefined);
    if (isRefusal(made)) return { ...made, field };
  }
  return undefined;
}
