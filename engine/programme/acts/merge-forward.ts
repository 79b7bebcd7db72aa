// Who was merged into a member that is merged now belongs to the next one. Caused by what that one takes over; undone with it.

import { user } from '../../protocol/fields.js';
import { act, type Reads } from '../act.js';
import { MERGE_FORWARD, mergedIn, mergedRecord } from '../merging.js';

/** Who has the points of who was merged is another one now, where it was `was`. */
function forwarded(see: Reads, was: string, now: string) {
  const merged = mergedIn(see);
  return merged?.now === was ? [mergedRecord({ ...merged, now })] : [];
}

export const mergeForward = act({
  name: MERGE_FORWARD,
  version: 1,
  about: 'Who was merged into a member that is merged itself goes with it. Made by a merge.',
  body: { into: user(), was: user() },
  isCausedOnly: true,
  needs: ['admin'],
  refusals: [],

  decide: (see, { into, was }) => ({
    legs: [],
    records: forwarded(see, was, into),
    effects: [],
    why: { into, was },
  }),

  undo(see, { body }) {
    const { into, was } = body as { readonly into: string; readonly was: string };
    return { records: forwarded(see, into, was), effects: [], why: {} };
  },
});
