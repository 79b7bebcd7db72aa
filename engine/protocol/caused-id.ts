// Ids of what acts cause. Owns: how they are made. Never touches: state.
//   protocol.P21. The id is the digest of its cause, so it has one length however deep causes go, and is one command's for ever.

import { createHash } from 'node:crypto';
import type { Cause } from './follow-ups.js';

/**
 * The id of the n-th follow-up of an act; `undoes`: of its undoing, which the act of this cause has made. isCausedId() of follow-ups.ts knows its
 * form.
 */
export const causedId = ({ owner, id, n }: Cause, undoes?: string): string =>
  `>${createHash('sha256')
    .update(JSON.stringify([owner, id, n, undoes]))
    .digest('base64url')
    .slice(0, 32)}`;
