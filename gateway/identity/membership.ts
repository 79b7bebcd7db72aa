// Owners as users of platforms, as the ledger itself has it for exchanges. Owns: that it follows the identities. Never touches: identities; exchanges.
//   identity.U5. It is said after the mapping, by an act whose id follows from it: the same again changes nothing, and who registers again puts right
//       what a crash left out.

import { setTimeout as sleep } from 'node:timers/promises';
import type { OwnLedger } from '../documents.js';
import { type Refusal, refuse } from '../refusal.js';
import { digest, GLOBAL, type SystemUser } from './names.js';

/** A system's user, and who that is in another system. */
export interface Mapping {
  readonly source: SystemUser;
  readonly target: SystemUser;
  readonly status: 'active' | 'inactive';
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

const DIGEST_LENGTH = 24;
/** How often it is said again where another one of the owner is under way, and after which pause more each time. */
const ATTEMPTS = 10;
const PAUSE_MS = 10;

/** What a mapping of a platform's user says of its owner. `owner`: who it was until now. */
export async function follow(
  { own }: OwnLedger,
  { source, target, status, updatedAt }: Mapping,
  was?: string,
): Promise<Refusal | undefined> {
  if (target.system !== GLOBAL || source.system === GLOBAL) return undefined;
  const { system: platform, user } = source;
  const name = digest(`${platform}:${user}`).slice(0, DIGEST_LENGTH);
  const say = async (owner: string, what: 'join' | 'leave'): Promise<Refusal | undefined> => {
    const id = `member:${name}:${updatedAt}:${what}`;
    const body = { platform, user };
    const command = { type: 'act', id, owner, act: `platform-${what}`, body } as const;
    for (let attempt = 1; ; attempt++) {
      const outcome = await own.submit(command);
      // One that is asked for twice at once goes on by itself.
      if (outcome.ok || outcome.code === 'PREPARED') return undefined;
      const isPassing = outcome.code === 'ACCOUNT_BUSY' && attempt < ATTEMPTS;
      if (!isPassing) return refuse(outcome.code, 'user');
      await sleep(attempt * PAUSE_MS);
    }
  };
  const left = was === undefined || was === target.user ? undefined : await say(was, 'leave');
  return left ?? say(target.user, status === 'active' ? 'join' : 'leave');
}
