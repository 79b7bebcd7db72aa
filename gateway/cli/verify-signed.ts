// What is signed of a folder's trees, checked by its signatures. Owns: which keys count, what is wrong. Never touches: the trees, which the engine has compared
// with the log.

import { inspectAccount, type Verified } from '../../engine/index.js';
import { checkpointIn } from '../receipts/compare.js';
import { recordedKeys } from '../receipts/keys.js';
import { believed, ReceiptError, SHARD } from '../receipts/verify.js';

type Trees = NonNullable<Verified['trees']>;

/** A checkpoint that somebody has kept, its signatures checked. */
export interface KeptHead {
  readonly shard: number;
  readonly size: number;
  readonly root: string;
}

const rootText = (root: Uint8Array): string => Buffer.from(root).toString('base64');

/** The keys that the folder itself names, as lines; none where it names none, or another node's folder has them. */
export async function keysOfFolder(folder: string): Promise<readonly string[]> {
  const owner = await inspectAccount(folder, recordedKeys.owner).catch(() => undefined);
  return recordedKeys.lines(owner?.stripes.flatMap(({ records }) => records) ?? []);
}

/** A checkpoint, or that of a receipt, out of a file. Throws ReceiptError. */
export async function keptHead(text: string, logs: readonly string[]): Promise<KeptHead> {
  const { origin, size, root } = await believed(checkpointIn(text), { logs });
  return { shard: Number(SHARD.exec(origin)?.[2] ?? 0), size, root: rootText(root) };
}

/** What is wrong with the signatures over the trees of a folder. */
export async function signatureFaults(
  trees: Trees,
  logs: readonly string[],
): Promise<readonly { readonly shard: number; readonly what: string }[]> {
  const faults: { readonly shard: number; readonly what: string }[] = [];
  for (const { shard, signed } of trees) {
    if (signed === undefined) continue;
    try {
      const head = await keptHead(signed.note, logs);
      if (head.shard !== shard || head.size !== signed.size || head.root !== signed.root)
        throw new ReceiptError('what is signed is another tree than what was remembered');
    } catch (error) {
      if (!(error instanceof ReceiptError)) throw error;
      faults.push({ shard, what: `the last checkpoint: ${error.message}` });
    }
  }
  return faults;
}
