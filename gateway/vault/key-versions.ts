// Versions of a member's key: what is sealed with each, destroying one that nothing is sealed with. Owns: what is looked at. Never touches: keys.
//   vault.R2. A version is destroyed where nothing that is kept of the member now is sealed with it. No more can come: all but the newest seal nothing, and what
//       they sealed is written (vault.K4). What the log alone has (receivers of orders that are forgotten, attributes of events) opens no more then.

import {
  type Caller,
  type Engine,
  isSealed,
  keyVersionOf,
  orderByNumber,
} from '../../engine/index.js';
import type { Directory } from '../auth/directory.js';
import type { Sealer } from '../auth/sealing.js';
import { sealedContact } from '../outbound/notices/contacts.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import type { SignIn } from '../sign-in/shapes.js';

/** What something is sealed for. */
export type KeyUse = 'contact' | 'sign-in' | 'order' | 'profile';

/** A version of a member's key. */
export interface KeyVersion {
  readonly version: number;
  /** The newest seals. */
  readonly isNewest: boolean;
  /** What is sealed with it of what is kept now: how often. */
  readonly uses: Readonly<Partial<Record<KeyUse, number>>>;
}

export interface KeyVersionParts {
  readonly engine: Engine;
  readonly caller: Caller;
  readonly sealer: Sealer;
  readonly directory: Directory;
  readonly signIn: Pick<SignIn, 'sealed'>;
  /** Keys of all programmes, those too that decide no more. */
  readonly programmes: readonly string[];
}

const ORDERS_PAGE = 100;
const FORM = 's1.';

/** The versions that there are, the newest last. */
export async function keyVersions(
  parts: KeyVersionParts,
  owner: string,
): Promise<readonly KeyVersion[] | Refusal> {
  const versions = await parts.sealer.versionsOf(owner);
  if (isRefusal(versions)) return versions;
  const uses = new Map<number, Partial<Record<KeyUse, number>>>();
  for await (const one of sealedOf(parts, owner)) {
    if (isRefusal(one)) return one;
    const [use, text] = one;
    const version = keyVersionOf(text.startsWith(FORM) ? text.slice(FORM.length) : text);
    if (version === undefined) continue;
    const known = uses.get(version) ?? {};
    uses.set(version, { ...known, [use]: (known[use] ?? 0) + 1 });
  }
  return versions.map((version, n) => ({
    ...{ version, isNewest: n === versions.length - 1, uses: uses.get(version) ?? {} },
  }));
}

/** Everything that is kept of a member and sealed. */
async function* sealedOf(
  { engine, caller, directory, signIn, programmes }: KeyVersionParts,
  owner: string,
): AsyncGenerator<readonly [KeyUse, string] | Refusal> {
  for (const scope of ['', ...directory.platforms.map(({ id }) => id)]) {
    const sealed = await sealedContact(engine, { scope, owner });
    if (isRefusal(sealed)) yield sealed;
    else if (sealed !== undefined) yield ['contact', sealed];
  }
  const account = await signIn.sealed(owner);
  if (isRefusal(account)) yield account;
  else for (const text of account) yield ['sign-in', text];
  for (const programme of programmes) {
    const member = await caller.member(owner, programme);
    // A profile of a programme that decides nothing any more is told to nobody.
    if (isRefusal(member) && member.code !== 'DEFINITION_NOT_FOUND') yield member;
    const profile = isRefusal(member) ? {} : member.profile;
    for (const text of Object.values(profile)) if (isSealed(text)) yield ['profile', text];
    for (let cursor: string | undefined; ; ) {
      const page = await caller.orders({ programme, owner, cursor, limit: ORDERS_PAGE });
      if (isRefusal(page)) return yield page;
      for (const { number } of page.orders) {
        const order = await orderByNumber(engine.own, owner, number);
        if (isRefusal(order)) yield order;
        else if (order?.receiver != null) yield ['order', order.receiver];
      }
      cursor = page.cursor;
      if (cursor === undefined) break;
    }
  }
}

/** Destroys a version that nothing is sealed with; what is not there is destroyed. `KEY_VERSION_USED`, `KEY_VERSION_SEALS`. */
export async function revokeKeyVersion(
  parts: KeyVersionParts,
  owner: string,
  version: number,
): Promise<readonly KeyVersion[] | Refusal> {
  const versions = await keyVersions(parts, owner);
  if (isRefusal(versions)) return versions;
  const found = versions.find((one) => one.version === version);
  const uses = Object.entries(found?.uses ?? {}).map(([use, times]) => `${times} ${use}`);
  // Which one it is comes first: what the newest has sealed is no use to be taken away.
  if (found?.isNewest === true) return refuse('KEY_VERSION_SEALS', 'version');
  if (uses.length > 0)
    return refuse('KEY_VERSION_USED', 'version', `It is used still: ${uses.join(', ')}.`);
  const no = await parts.engine.vault.revoke(owner, version);
  return no ?? versions.filter((one) => one.version !== version);
}
