// What is asked of a projection of every node. Owns: which nodes are asked, by which shard. Never touches: how their answers come together.

import type { ClusterNode } from '../cluster/node.js';
import type { ReadType } from '../cluster/reads.js';
import type { Granted } from '../protocol/grants.js';
import { isRefusal, type Refused } from '../protocol/outcomes.js';
import type { Router } from '../router/router.js';

export interface Nodes {
  readonly router: Router;
  readonly node: ClusterNode | undefined;
}

/** Asks every node, by one shard of each; `here`: asks this one. */
export async function askNodes<Answer extends object>(
  { router, node }: Nodes,
  type: ReadType,
  question: object,
  granted: Granted,
  here: () => Promise<Answer | Refused>,
): Promise<Answer[] | Refused> {
  const elsewhere = new Map<string, number>();
  const { here: own, shards } = router.folder;
  for (let shard = 0; shard < shards; shard++)
    if (!own.includes(shard) && node !== undefined) elsewhere.set(node.nodeOf(shard), shard);
  const asked = { question, grants: granted.packed };
  const answers: Answer[] = [];
  for (const one of await Promise.all([
    here(),
    ...[...elsewhere.values()].map((shard) => node?.read<Answer>(shard, type, asked)),
  ])) {
    if (one === undefined) continue;
    if (isRefusal(one)) return one;
    answers.push(one);
  }
  return answers;
}

/** Up to which block of each shard answers are exact. */
export const asOfText = (
  answers: readonly { readonly asOf: readonly (readonly [shard: number, seq: number])[] }[],
): string =>
  answers
    .flatMap(({ asOf }) => asOf)
    .sort(([one], [other]) => one - other)
    .map(([shard, seq]) => `${shard}:${seq}`)
    .join();
