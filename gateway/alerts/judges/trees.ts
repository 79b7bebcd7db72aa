// Logs that were signed, and witnesses of them. Owns: what of it is an alert. Never touches: trees, requests to witnesses (gateway/receipts).
//   alerts.J4. A witness is told of shard by shard: a shard is one node's, so that no two nodes say something else of the same alert.

import type { Found, Judge, RuleName } from '../shapes.js';

/** How they are, of the shards of this node. */
export interface Trees {
  /** Shards whose log is not the one that was signed, with why. */
  readonly forked: ReadonlyMap<number, string>;
  /** Witnesses; no `state`: this one was not asked yet. */
  readonly asked: readonly {
    readonly witness: string;
    readonly shard: number;
    readonly state?: 'cosigned' | 'ahead' | 'forked' | 'failed';
    readonly why?: string;
  }[];
}

type Asked = Trees['asked'][number];

const subjectOf = ({ shard, witness }: Asked): string => `shard/${shard}/witness/${witness}`;
const AHEAD = 'it has seen more than is here';

/** `seen`: undefined where it cannot be known now. */
export function trees(seen: () => Promise<Trees | undefined>): readonly Judge[] {
  const judge = (rule: RuleName, found: (all: Trees) => Found): Judge => ({
    ...{ rule, of: 'node' },
    look: async () => {
      const all = await seen();
      return all && found(all);
    },
  });
  const ofWitnesses = (rule: RuleName, is: (state: Asked['state']) => boolean): Judge =>
    judge(rule, ({ asked }) => ({
      causes: asked
        .filter(({ state }) => is(state))
        .map((one) => ({ subject: subjectOf(one), evidence: { what: one.why ?? AHEAD } })),
      unknown: asked.filter(({ state }) => state === undefined).map(subjectOf),
    }));
  return [
    judge('LOG_FORKED', ({ forked }) => ({
      causes: [...forked].map(([shard, what]) => ({
        subject: `shard/${shard}`,
        evidence: { what },
      })),
    })),
    ofWitnesses('WITNESS_REFUSES', (state) => state === 'forked' || state === 'ahead'),
    ofWitnesses('WITNESS_UNREACHABLE', (state) => state === 'failed'),
  ];
}
