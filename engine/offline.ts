// What is done with data folders, mostly ones that nobody has open. Owns: that its code is loaded when it is first asked for: a
// program that serves a ledger needs none of it to start. Never touches: folders; see audit/ for what each one does.

type Audit = typeof import('./audit/backup.js') &
  typeof import('./audit/inspect.js') &
  typeof import('./audit/inspect-owner.js') &
  typeof import('./audit/rebuild.js') &
  typeof import('./audit/verify.js');

/** Copies a folder that nobody has open into a new one, all of its shards or some. */
export const backupFolder: Audit['backupFolder'] = async (...asked) =>
  (await import('./audit/backup.js')).backupFolder(...asked);

/** A block of the log; undefined: there is no such block. */
export const inspectBlock: Audit['inspectBlock'] = async (...asked) =>
  (await import('./audit/inspect.js')).inspectBlock(...asked);

/** What an owner has, after the last block on disk; undefined: the owner is not known. */
export const inspectAccount: Audit['inspectAccount'] = async (...asked) =>
  (await import('./audit/inspect-owner.js')).inspectAccount(...asked);

/** Makes the stored state of every shard anew by replaying its log. */
export const rebuildFolder: Audit['rebuildFolder'] = async (...asked) =>
  (await import('./audit/rebuild.js')).rebuildFolder(...asked);

/** Checks every block, balance and invariant of a folder that nobody has open. Changes nothing. */
export const verifyFolder: Audit['verifyFolder'] = async (...asked) =>
  (await import('./audit/verify.js')).verifyFolder(...asked);
