// What the feed has for somebody to be told. Owns: its shapes. Never touches: how it is read out of records (notices.ts).

import type { RateNotice } from './coalition.js';

/** What the feed tells for somebody to pass on. */
export type Notice = ExpiryNotice | CampaignNotice | CampaignMembersNotice | RateNotice;

/** Points will expire: as many days ahead as the asset says, or, where they come later, when they come. */
export interface ExpiryNotice {
  readonly type: 'expiring';
  readonly owner: string;
  readonly asset: string;
  /** When, in milliseconds since 1970. */
  readonly expiresAt: number;
  /** What there is of the lot now, in minor units: both parts expire, what is held when it comes back. */
  readonly available: number;
  readonly held: number;
}

/** A campaign has begun, or ended: in the feed of the first shard alone. */
export interface CampaignNotice {
  readonly type: 'campaign-started' | 'campaign-ended';
  /** The key of its definition, and the version by which it began. */
  readonly campaign: string;
  readonly version: number;
}

/** A campaign has ended: in the feed of each shard, how many of the members who live there have taken part. Together they are all. */
export interface CampaignMembersNotice {
  readonly type: 'campaign-members';
  readonly campaign: string;
  readonly version: number;
  readonly members: number;
}
