// The parts of the state that are held as a whole. Owns: what every user of a state does with each of them. Never touches: pages,
// ids, what a part is for.
//   ledger.Z1. What a root holds gives the same part again, in the same order.

import { FollowUps, followUpOfTuple, followUpTuple } from '../transfer/open/follow-ups.js';
import { Transits, transitOfTuple, transitTuple } from '../transfer/open/transits.js';
import { CampaignTable } from './campaign-table.js';
import { DefinitionTable } from './definition-table.js';
import { AssetTable, type Parts, type StoredParts } from './state.js';

/** What is done with a part, whatever it is. */
interface PartKind<T, Stored> {
  empty(): T;
  /** What a checkpoint's root holds of it: stays as it is while the part changes. */
  encode(part: T): Stored;
  decode(stored: Stored): T;
  /** The same, to be changed apart; meanwhile the part itself stays as it is. */
  borrow(part: T): T;
  /** All of it, in the canonical state. */
  lines(part: T): string[];
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const KINDS: { readonly [N in keyof Parts]: PartKind<Parts[N], StoredParts[N]> } = {
  transits: {
    empty: () => new Transits(),
    encode: (transits) => Array.from(transits.all(), transitTuple),
    decode: (stored) => {
      const transits = new Transits();
      for (const tuple of stored) transits.open(transitOfTuple(tuple));
      return transits;
    },
    borrow: (transits) => transits.copy(),
    lines: (transits) =>
      Array.from(transits.all(), (t) => {
        const numbers = `${t.deadline}|${t.next}|${t.seq}|${t.lots}|${t.expected}`;
        return `transit ${t.owner}|${t.id}|${numbers}|${hex(t.transfer)}`;
      }),
  },
  followUps: {
    empty: () => new FollowUps(),
    encode: (followUps) => Array.from(followUps.all(), followUpTuple),
    decode: (stored) => {
      const followUps = new FollowUps();
      for (const tuple of stored) followUps.add(followUpOfTuple(tuple));
      return followUps;
    },
    borrow: (followUps) => followUps.copy(),
    lines: (followUps) =>
      Array.from(
        followUps.all(),
        ({ id, to, seq, command, notBefore }) =>
          `follow-up ${id}|${to}|${seq}|${hex(command)}${notBefore === 0 ? '' : `|${notBefore}`}`,
      ),
  },
  assets: {
    empty: () => new AssetTable(),
    encode: ({ list }) => list.slice(),
    decode: (stored) => {
      const assets = new AssetTable();
      for (const asset of stored) assets.set(asset);
      return assets;
    },
    // Nothing that is tried defines one.
    borrow: (assets) => assets,
    lines: ({ list }) => list.map((asset) => `asset ${Object.values(asset).join('|')}`),
  },
  definitions: {
    empty: () => new DefinitionTable(),
    encode: ({ list }) => list.slice(),
    decode: (stored) => {
      const definitions = new DefinitionTable();
      for (const version of stored) definitions.add(version);
      return definitions;
    },
    // What is tried says it of a copy (Trial.ownDefinitions).
    borrow: (definitions) => definitions,
    lines: ({ list }) => list.map((version) => `definition ${JSON.stringify(version)}`),
  },
  campaigns: {
    empty: () => new CampaignTable(),
    encode: (campaigns) => [...campaigns.all()],
    decode: (stored) => {
      const campaigns = new CampaignTable();
      for (const run of stored) campaigns.set(run);
      return campaigns;
    },
    borrow: (campaigns) => campaigns.copy(),
    lines: (campaigns) =>
      Array.from(campaigns.all(), (run) => `campaign ${Object.values(run).join('|')}`),
  },
  recordVersion: {
    empty: () => 0,
    encode: (version) => version,
    decode: (version) => version,
    borrow: (version) => version,
    lines: () => [],
  },
};
const NAMES = Object.keys(KINDS) as (keyof Parts)[];

/** The same for each part. */
const each = <T>(what: (kind: PartKind<unknown, unknown>, name: keyof Parts) => unknown): T =>
  Object.fromEntries(NAMES.map((name) => [name, what(KINDS[name] as never, name)])) as T;

/** With nothing in them. */
export const emptyParts = (): Parts => decodeParts({});

/** As a checkpoint's root holds them. */
export const encodeParts = (parts: Parts): StoredParts =>
  each((kind, name) => kind.encode(parts[name]));

/** Out of a root; empty, where the part is younger than the root. */
export const decodeParts = (stored: Partial<StoredParts>): Parts =>
  each((kind, name) => (stored[name] === undefined ? kind.empty() : kind.decode(stored[name])));

/** Those of a state, for a trial. */
export const borrowParts = (parts: Parts): Parts => each((kind, name) => kind.borrow(parts[name]));

/** Lines of the canonical state. */
export const partLines = (parts: Parts): string[] =>
  NAMES.flatMap((name) => (KINDS[name] as PartKind<unknown, unknown>).lines(parts[name]));
