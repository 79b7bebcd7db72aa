// What is known of members is sealed anew. Owns: whose is looked at, in which order. Never touches: how it is kept.
//   vault.R1. What is sealed anew is written over what was seen: what changes meanwhile is sealed as it is then, and stays.

import type { Caller, Engine } from '../../engine/index.js';
import type { Directory } from '../auth/directory.js';
import type { Sealer } from '../auth/sealing.js';
import { resealContact } from '../outbound/notices/contacts.js';
import { isRefusal, type Refusal } from '../refusal.js';
import type { SignIn } from '../sign-in/shapes.js';

export interface ResealingParts {
  readonly engine: Engine;
  readonly caller: Caller;
  readonly sealer: Sealer;
  readonly directory: Directory;
  readonly signIn: Pick<SignIn, 'reseal'>;
}

/** What came of a page of members. */
export interface Resealed {
  /** Members who were looked at. */
  readonly members: number;
  /** What was sealed anew. */
  readonly resealed: number;
  /** Where the next page begins; undefined: there is none. */
  readonly cursor?: string | undefined;
}

const PAGE = 200;

/** Seals anew what is known of a page of members: what older releases sealed, and what is under an older version of a member's key. */
export async function resealPage(
  { engine, caller, sealer, directory, signIn }: ResealingParts,
  cursor: string | undefined,
): Promise<Resealed | Refusal> {
  const page = await caller.register.owners({ limit: PAGE, cursor });
  if (isRefusal(page)) return page;
  const scopes = ['', ...directory.platforms.map(({ id }) => id)];
  let resealed = 0;
  for (const { owner } of page.owners) {
    const parts = { ledger: engine, sealer, now: engine.now() };
    for (const scope of scopes) {
      const done = await resealContact(parts, { scope, owner });
      if (isPassing(done)) return done;
      if (done === true) resealed++;
    }
    const done = await signIn.reseal(owner);
    if (isPassing(done)) return done;
    if (done === true) resealed++;
  }
  return { members: page.owners.length, resealed, cursor: page.cursor };
}

/** What ends it; who was erased has nothing, and what is written at this moment is sealed as it is to be. */
const isPassing = (done: boolean | Refusal): done is Refusal =>
  isRefusal(done) && done.code !== 'MEMBER_ERASED' && done.code !== 'CHANGED_MEANWHILE';
