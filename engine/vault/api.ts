// The vault as the program around the ledger uses it. Owns: its shapes. Never touches: keys.

import type { Refused } from '../protocol/outcomes.js';

/** A text that is sealed. */
export interface Sealing {
  /** Whose it is: its key is the member's. */
  readonly owner: string;
  readonly text: string;
  /** What it is, and of whom (`contact shop ann`): said again to open it, so in another place it does not open. */
  readonly about: string;
  /**
   * For what it is sealed, where the same text for the same thing is to come out the same: the id of a command that has it in its body (auth.A40). Left
   * out: it comes out another one each time.
   */
  readonly once?: string | undefined;
  /** Which version of the key; left out: the newest. */
  readonly version?: number | undefined;
}

/** A sealed text that is opened. */
export interface Opening {
  readonly owner: string;
  readonly sealed: string;
  readonly about: string;
}

/** What there is of a member's key; never the key. */
export interface KeyState {
  /** `none`: nothing was ever sealed of the member; `erased`: it was destroyed, and there is never another one. */
  readonly state: 'none' | 'live' | 'erased';
  /** The versions that open something, the newest last; it seals. */
  readonly versions: readonly number[];
  /** When the newest was made, or the key destroyed, milliseconds since 1970. */
  readonly at?: number | undefined;
}

/** Members whose key was destroyed: some of them, in the order of their names. */
export interface ErasedPage {
  readonly erased: readonly { readonly owner: string; readonly at: number }[];
  /** Where the next page begins; undefined: there is none. */
  readonly after?: string | undefined;
}

/**
 * What is made anew: `master`: the root key, wrapped by the master as it is now, and the shelf keys under it; `shelves`: the keys of all shelves, and members'
 * keys under them; `members`: each member's key, when something is next sealed with it.
 */
export type RotationLevel = 'master' | 'shelves' | 'members';

/** How a node's vault is. */
export interface VaultFigures {
  /** Can it be opened? */
  readonly isOpen: boolean;
  /** Why not. */
  readonly reason?: string | undefined;
  /** What wraps the root key: `file`, `environment`, `command`. */
  readonly master: string;
  readonly root: number;
  readonly shelves: number;
  readonly members: number;
  readonly erased: number;
  /** Since the ledger was opened. */
  readonly sealed: number;
  readonly opened: number;
  /** When a rotation ended last, milliseconds since 1970; a rotation that is under way. */
  readonly rotatedAt?: number | undefined;
  readonly rotating?: RotationLevel | undefined;
  /** Members' keys made before are made anew when something is next sealed with them. */
  readonly renewFrom?: number | undefined;
}

/**
 * Personal data, sealed under a key of its member. Keys stay on the node that has the member's shard. Refusals: `MEMBER_ERASED` (of sealing), `VAULT_CLOSED`
 * (the master key cannot be had now), `SHARD_UNAVAILABLE`.
 */
export interface Vault {
  /** Seals texts, each with its member's key, in their order. A key is durable before this answers. */
  seal(texts: readonly Sealing[]): Promise<readonly string[] | Refused>;
  /** Opens texts, in their order; undefined: the member is erased, it is about something else, or was changed. */
  open(texts: readonly Opening[]): Promise<readonly (string | undefined)[] | Refused>;
  /**
   * A digest of texts under the member's own key, 43 characters of base64url, the same for ever: an id that nobody can make or join who has not the key, and
   * nobody at all once the member is erased. `purpose`: digests for different ones have nothing in common.
   */
  mark(owner: string, purpose: string, texts: readonly string[]): Promise<string | Refused>;
  state(owner: string): Promise<KeyState | Refused>;
  /** Destroys a member's key, on every node that has it; again, of who has none: it is never given one. */
  erase(owner: string, at: number): Promise<Refused | undefined>;
  /**
   * Destroys one version of a member's key, on every node that has it: what is sealed with it opens no more, wherever a copy of it lies. Again: nothing is
   * left to do. `KEY_VERSION_SEALS`: it is the newest, or the next one has sealed for less than an hour.
   */
  revoke(owner: string, version: number): Promise<Refused | undefined>;
  /** Those of this node. */
  erased(after?: string): Promise<ErasedPage | Refused>;
  /** Makes keys of this node anew; resolves when that is done. Nothing stops meanwhile. */
  rotate(level: RotationLevel): Promise<Refused | undefined>;
  /** Copies the keys of this node to a new folder: wrapped, without the master key. */
  copy(to: string): Promise<Refused | undefined>;
  /** Of this node. */
  figures(): Promise<VaultFigures>;
}

/** Where the master key is; of several the first one here wraps, and all open. */
export interface VaultOptions {
  /**
   * A command of a key management service: it is started with `wrap` or `unwrap` behind it, is given bytes on stdin and answers with bytes on stdout within
   * limits.MASTER_COMMAND_MS.
   */
  readonly masterCommand?: string | undefined;
  /** A file with master keys, one a line: the first one wraps, all of them open. It is read again at each rotation. */
  readonly masterFile?: string | undefined;
  /** The same as text, lines or commas between them. */
  readonly masterKeys?: string | undefined;
}
