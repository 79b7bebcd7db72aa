// What is done with data folders, mostly ones that nobody has open. Owns: that its code is loaded when it is first asked for: a
// program that serves a ledger needs none of it to start. Never touches: folders; see audit/ for what each one does.

type Audit = typeof import('./backup.js') &
  typeof import('./fsck.js') &
  typeof import('./inspect.js') &
  typeof import('./inspect-owner.js') &
  typeof import('./rebuild.js') &
  typeof import('./segment-list.js') &
  typeof import('./verify.js');

/** Copies a folder that nobody has open into a new one, all of its shards or some. */
export const backupFolder: Audit['backupFolder'] = async (...asked) =>
  (await import('./backup.js')).backupFolder(...asked);

/** What a folder lacks, in words, and what of it can be mended from where; mends it where that is asked for. */
export const fsckFolder: Audit['fsckFolder'] = async (...asked) =>
  (await import('./fsck.js')).fsckFolder(...asked);

/** A block of the log; undefined: there is no such block. */
export const inspectBlock: Audit['inspectBlock'] = async (...asked) =>
  (await import('./inspect.js')).inspectBlock(...asked);

/** What an owner has, after the last block on disk; undefined: the owner is not known. */
export const inspectAccount: Audit['inspectAccount'] = async (...asked) =>
  (await import('./inspect-owner.js')).inspectAccount(...asked);

/** The sealed segments of a folder's logs; with an owner, those with entries of it. */
export const listSegments: Audit['listSegments'] = async (...asked) =>
  (await import('./segment-list.js')).listSegments(...asked);

/** Makes the stored state of every shard anew by replaying its log. */
export const rebuildFolder: Audit['rebuildFolder'] = async (...asked) =>
  (await import('./rebuild.js')).rebuildFolder(...asked);

/** Checks every block, balance and invariant of a folder that nobody has open. Changes nothing. */
export const verifyFolder: Audit['verifyFolder'] = async (...asked) =>
  (await import('./verify.js')).verifyFolder(...asked);
