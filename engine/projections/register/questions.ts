// What is asked of the register of a node, and answered: between threads, and between nodes. Owns: these shapes. Never touches: what they mean.

import type {
  AskedAt,
  CampaignHour,
  Happened,
  KnownOwner,
  ListedPartnerExchange,
  NamedCommand,
  PartnerExchangesQuery,
  Proposal,
} from '../../protocol/register.js';
import type { MarkedMember, RisksQuery } from '../../protocol/risk.js';

export type RegisterQuestion =
  /** Owners whose names begin so, behind one of them. */
  | {
      readonly type: 'owners';
      readonly prefix: string;
      readonly after: string;
      readonly limit: number;
    }
  /** What happened to an owner without an entry; `after`: behind this place. */
  | {
      readonly type: 'happened';
      readonly owner: string;
      readonly after: string;
      readonly limit: number;
    }
  /** Commands that go by an id. */
  | { readonly type: 'named'; readonly id: string; readonly limit: number }
  | { readonly type: 'campaign'; readonly campaign: string }
  | { readonly type: 'asked'; readonly places: readonly AskedAt[] }
  /** Corrections that wait for a second person, and count at this time. */
  | { readonly type: 'proposals'; readonly time: number }
  /** Exchanges with partners, the newest first, behind one of them. */
  | {
      readonly type: 'exchanges';
      readonly after: string;
      readonly limit: number;
      readonly state: PartnerExchangesQuery['state'];
      readonly partner?: string | undefined;
    }
  /** Marks of risk, behind one of them. */
  | ({
      readonly type: 'risks';
      readonly after: string;
      readonly limit: number;
    } & Required<Pick<RisksQuery, 'state' | 'time'>> &
      Pick<RisksQuery, 'reason' | 'action'>);

export interface RegisterAnswer {
  /** The last block of each shard of the node that was looked at. */
  readonly asOf: readonly (readonly [shard: number, seq: number])[];
  /** How many blocks of the node were not. */
  readonly behind: number;
  readonly owners?: readonly KnownOwner[];
  readonly happened?: readonly Happened[];
  readonly named?: readonly NamedCommand[];
  readonly proposals?: readonly Proposal[];
  readonly risks?: readonly MarkedMember[];
  readonly exchanges?: readonly ListedPartnerExchange[];
  /** Null: it is not of this node, or not known. */
  readonly principals?: readonly (string | null)[];
  readonly campaign?: {
    readonly events: number;
    readonly members: number;
    readonly hours: readonly CampaignHour[];
  };
}
