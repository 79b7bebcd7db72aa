// Whether a folder may be served without its secrets.key. Owns: when a new one is made. Never touches: sealing, records.
//   auth.A31. Where secrets of platforms are sealed with a key that is not here, none is made in its place without an operator's word:
//       it could open none of them, and what it sealed no other node could.

import { join } from 'node:path';
import { type Engine, SECRETS_KEY_FILE } from '../../engine/index.js';
import { isRefusal } from '../refusal.js';
import { PLATFORMS } from './platforms.js';
import { Sealer } from './sealing.js';

const REMEDY =
  'Put the copy of it there (mode 0600); if there is none, start once with --new-secrets-key, after which every platform needs a new secret (jifen platform rotate).';

/**
 * The sealer of a folder that is open; its key is made where no platform needs the one that is missing, or where `mayMakeKey`.
 * `isNew`: the folder was made just now. Rejects, naming the file, where it is needed, and where that cannot be known.
 */
export async function folderSealer(
  engine: Engine,
  folder: string,
  { isNew, mayMakeKey }: { readonly isNew: boolean; readonly mayMakeKey: boolean },
): Promise<Sealer> {
  const present = await Sealer.of(folder);
  if (present !== undefined) return present.use(engine.vault);
  if (!mayMakeKey) {
    const file = join(folder, SECRETS_KEY_FILE);
    const platforms = await PLATFORMS.all(engine);
    if (!isRefusal(platforms)) {
      const { length } = platforms;
      const secrets = `secrets of ${length} platform${length === 1 ? '' : 's'}`;
      if (length > 0) throw new Error(`${file} is missing, and ${secrets} are sealed. ${REMEDY}`);
    } else if (!isNew) {
      // The nodes of a new cluster start one after the other, and none of them has any platforms.
      const why = `whether platforms need it cannot be read now (${platforms.code})`;
      throw new Error(`${file} is missing, and ${why}. ${REMEDY}`);
    }
  }
  return (await Sealer.make(folder)).use(engine.vault);
}
