// Contacts that were said before addresses were found by digest. Owns: that each is entered once, in the background. Never touches: contacts, addresses.
//   notices.M5. That it is done is written down when all of it is; until then it is gone through again. An entry too many is harmless (notices.M4).

import { setTimeout as sleep } from 'node:timers/promises';
import type { Sealer } from '../../auth/sealing.js';
import { Documents, type OwnLedger } from '../../documents.js';
import { isRefusal, type Refusal } from '../../refusal.js';
import { enter, isEntered, leave } from './addressed.js';
import { contactOf, contactPage } from './contacts.js';

const ENTERED = new Documents<{ readonly at: number }>('#addressed', 'entered');
const ALL = 'all';
/** Who has so many platforms is not gone through at every start. */
const FEW = 16;
const AGAIN_MS = 5_000;
const LOOK_MS = 100;

export interface OlderParts {
  readonly ledger: OwnLedger;
  readonly sealer: Sealer;
  now(): number;
  /** Platforms that are there now. */
  scopes(): readonly string[];
  isClosing(): boolean;
  onDefect(error: unknown): void;
}

/** Enters the contacts of all scopes, until that is done: what another node does not answer now is asked again. */
export async function enterOlder(parts: OlderParts): Promise<void> {
  while (!parts.isClosing()) {
    try {
      if ((await enterAll(parts)) === undefined) return;
    } catch (error) {
      return parts.onDefect(error);
    }
    const until = performance.now() + AGAIN_MS;
    while (performance.now() < until && !parts.isClosing()) await sleep(LOOK_MS);
  }
}

async function enterAll(parts: OlderParts): Promise<Refusal | undefined> {
  const { ledger } = parts;
  const done = await ENTERED.get(ledger, ALL);
  if (done !== undefined) return isRefusal(done) ? done : undefined;
  const scopes = ['', ...parts.scopes()];
  let count = 0;
  for (const scope of scopes) {
    const found = await enterScope(parts, scope);
    if (typeof found !== 'number') return found;
    count += found;
  }
  // Where there is nothing, nothing is written down of it.
  if (parts.isClosing() || (count === 0 && scopes.length <= FEW)) return undefined;
  const no = await ENTERED.put(ledger, ALL, { at: parts.now() }, 0);
  return no?.code === 'CHANGED_MEANWHILE' ? undefined : no;
}

/** How many contacts there are. */
async function enterScope(parts: OlderParts, scope: string): Promise<Refusal | number> {
  const { ledger, sealer } = parts;
  let count = 0;
  for (let after: string | undefined = ''; after !== undefined && !parts.isClosing(); ) {
    const page = await contactPage(ledger, scope, after);
    if (isRefusal(page)) return page;
    count += page.owners.length;
    for (const owner of page.owners) {
      const whose = { scope, owner };
      const contact = await contactOf(parts, whose);
      if (isRefusal(contact)) return contact;
      const addresses = contact?.addresses ?? {};
      const known = await isEntered(ledger, sealer, whose, addresses);
      if (typeof known !== 'boolean') return known;
      if (known) continue;
      const no = await enter(ledger, sealer, whose, addresses, {});
      if (no !== undefined) return no;
      // What was changed or removed meanwhile has been taken out before it was entered.
      const now = await contactOf(parts, whose);
      if (isRefusal(now)) return now;
      const left = await leave(ledger, sealer, whose, addresses, now?.addresses ?? {});
      if (left !== undefined) return left;
    }
    ({ after } = page);
  }
  return count;
}
