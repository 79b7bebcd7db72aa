// What is shown of keys of personal data, and of checkpoints of the logs. Owns: names and labels. Never touches: prom-client, keys, trees.

import type { VaultFigures } from '../../engine/index.js';

/** What is known; undefined: that cannot be known now. */
export interface TrustFigures {
  readonly vault: VaultFigures | undefined;
  /** Of the shards of this node. */
  readonly trees:
    | {
        /** Shards of which nothing is signed. */
        readonly forked: ReadonlyMap<number, string>;
        /** Each witness with each shard; no `state`: it was not asked yet. */
        readonly asked: readonly { readonly state?: string }[];
      }
    | undefined;
}

const MS = 1_000;

const ofVault = (
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  value: (figures: VaultFigures) => number,
) => ({
  ...{ name, type, help },
  values: ({ vault }: TrustFigures) =>
    vault === undefined ? [] : [{ labels: {}, value: value(vault) }],
});

export const TRUST_FAMILIES = [
  ofVault(
    'jifen_vault_open',
    'gauge',
    'Can personal data be sealed and opened? 0: the master key cannot be had.',
    ({ isOpen }) => Number(isOpen),
  ),
  ofVault(
    'jifen_vault_members',
    'gauge',
    'Members who have a key on this node.',
    ({ members }) => members,
  ),
  ofVault(
    'jifen_vault_erased',
    'gauge',
    'Members whose key was destroyed on this node.',
    ({ erased }) => erased,
  ),
  ofVault('jifen_vault_sealed_total', 'counter', 'Texts that were sealed.', ({ sealed }) => sealed),
  ofVault('jifen_vault_opened_total', 'counter', 'Texts that were opened.', ({ opened }) => opened),
  ofVault(
    'jifen_vault_rotated_timestamp_seconds',
    'gauge',
    'When keys were made anew last; 0: never.',
    ({ rotatedAt = 0 }) => rotatedAt / MS,
  ),
  {
    name: 'jifen_checkpoints_stopped',
    type: 'gauge' as const,
    help: 'Shards of this node of which nothing is signed: the log is not the one that was signed, or a witness shows more of it.',
    values: ({ trees }: TrustFigures) =>
      trees === undefined ? [] : [{ labels: {}, value: trees.forked.size }],
  },
  {
    name: 'jifen_witness_answers',
    type: 'gauge' as const,
    help: 'What came of asking witnesses last, by what they answered: witnesses times shards of this node.',
    values: ({ trees }: TrustFigures) => {
      const counts = new Map<string, number>();
      for (const { state } of trees?.asked ?? [])
        if (state !== undefined) counts.set(state, (counts.get(state) ?? 0) + 1);
      return [...counts].map(([state, value]) => ({ labels: { state }, value }));
    },
  },
];
