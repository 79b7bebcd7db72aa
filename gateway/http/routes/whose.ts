// Whose a path is that begins with a member. Owns: that a member asks for itself. Never touches: what is asked.

import { type Answer, problem } from '../../encoding/answer.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import type { Call } from '../../route.js';
import { isNewUser } from '../../schema/words.js';

/** The member that a path begins with. */
export function ownerIn({ path: [owner = ''], principal }: Call): string | Refusal {
  if (!isNewUser(owner)) return refuse('OWNER_INVALID', 'owner');
  const isOthers = principal.owner !== undefined && principal.owner !== owner;
  return isOthers ? refuse('OWNER_FORBIDDEN', 'owner') : owner;
}

/** What is answered of that member. */
export const ofOwner =
  (handle: (owner: string, call: Call) => Promise<Answer>) =>
  async (call: Call): Promise<Answer> => {
    const owner = ownerIn(call);
    return isRefusal(owner) ? problem(owner) : handle(owner, call);
  };
