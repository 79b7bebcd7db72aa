// Receipts as they are given: what stands in the document that anybody can check (verify.ts). Owns: that document. Never touches: who may have it, which the
// reads of the caller judge; proofs.
//   receipts.D1. A receipt is of a checkpoint that is published, and of no later state of the tree: what is not in it yet has none.

import { type Caller, type CommandReceipt, limits } from '../../engine/index.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { type Checkpoints, checkpointOfShard, type Published } from './checkpoints.js';
import { signedNote } from './signer.js';
import { accountText, base64, checkpointOf, noteOf, RECEIPT_FORMAT } from './verify.js';

/** What a receipt is made with. */
export interface Giving {
  readonly caller: Pick<Caller, 'receipts'>;
  readonly checkpoints: Checkpoints;
  /** The shard of the owner. */
  readonly shard: number;
}

/** The proofs are of the tree that was signed, or the log is another one now. */
function forked({ note }: Published, root: string): Refusal | undefined {
  return base64(checkpointOf(noteOf(note)).root) === root ? undefined : refuse('TREE_FORKED');
}

/** The receipt of a command: what it did to the accounts of its home owner. */
export async function commandReceipt(
  { caller, checkpoints, shard }: Giving,
  owner: string,
  id: string,
): Promise<object | Refusal> {
  const checkpoint = await checkpointOfShard(checkpoints, shard);
  if (isRefusal(checkpoint)) return checkpoint;
  const { size, note } = checkpoint;
  const found: CommandReceipt | undefined | Refusal = await caller.receipts.receipt({
    ...{ owner, id, size },
  });
  if (found === undefined)
    return refuse('TRANSFER_NOT_FOUND', 'id', 'The owner has never used this id.');
  if (isRefusal(found)) return found;
  if (found.entries.length === 0) return refuse('RECEIPT_NOT_FOUND', 'id');
  return (
    forked(checkpoint, found.root) ?? {
      ...{ format: RECEIPT_FORMAT, kind: 'command', owner, id: found.id },
      entries: found.entries.map(({ leaf, text, proof }) => ({ leaf, text, proof })),
      checkpoint: note,
    }
  );
}

/** Which entries of an account. */
export interface AccountAsked {
  readonly owner: string;
  readonly asset: string;
  /** From this version on. */
  readonly from: number;
  /** At most so many. */
  readonly limit: number;
}

const balanceOf = (text: string): { available: number; held: number } => {
  const { available, held } = JSON.parse(text) as { available: number; held: number };
  return { available, held };
};

/** The receipt of an account: its entries, what it was as of the checkpoint, signed. */
export async function accountReceipt(
  { caller, checkpoints, shard }: Giving,
  { owner, asset, from, limit }: AccountAsked,
): Promise<object | Refusal> {
  const checkpoint = await checkpointOfShard(checkpoints, shard);
  if (isRefusal(checkpoint)) return checkpoint;
  const signers = await checkpoints.signers(shard);
  if (isRefusal(signers)) return signers;
  const { size, note } = checkpoint;
  const parts: object[] = [];
  let last: { readonly version: number; readonly text: string } | undefined;
  let version = 0;
  let count = 0;
  for (let next: number | undefined = from; next !== undefined && count < limit; ) {
    const most = Math.min(limit - count, limits.RECEIPT_ENTRIES_MAX);
    const asked = { owner, asset, size, from: next, limit: most };
    const page = await caller.receipts.account(asked);
    if (isRefusal(page)) return page;
    const problem = forked(checkpoint, page.root);
    if (problem !== undefined) return problem;
    version = page.version;
    if (page.entries.length === 0) break;
    parts.push({
      entries: page.entries.map(({ leaf, text }) => ({ leaf, text })),
      proof: page.proof,
    });
    count += page.entries.length;
    last = { version: next + page.entries.length - 1, text: page.entries.at(-1)?.text ?? '' };
    next = page.next;
  }
  if (version > 0 && last?.version !== version) {
    // What the account was is in its last entry, which is not among those that are asked for.
    const page = await caller.receipts.account({ owner, asset, size, from: version, limit: 1 });
    if (isRefusal(page)) return page;
    last = { version, text: page.entries[0]?.text ?? '{}' };
  }
  const balance = last === undefined ? { available: 0, held: 0 } : balanceOf(last.text);
  const account = { version, ...balance };
  const text = accountText(checkpointOf(noteOf(note)), owner, asset, account);
  return {
    ...{ format: RECEIPT_FORMAT, kind: 'account', owner, asset, ...account },
    ...{ statement: signedNote(text, signers), parts, checkpoint: note },
  };
}
