// Who there is, and what is found of a member or an id, as the register of a ledger tells it. Owns: these shapes. Never touches: how it is worked out.

import type { Refused } from './outcomes.js';
import type { PartnerExchange, PartnerStatus } from './outside.js';
import type { RefusalCode } from './refusals.js';
import type { MarkedMember, RisksQuery } from './risk.js';

/** Which owners. */
export interface OwnersQuery {
  /** Only those whose names begin so; left out: all. */
  readonly prefix?: string | undefined;
  /** Default limits.REGISTER_PAGE_DEFAULT, at most limits.REGISTER_PAGE_MAX. */
  readonly limit?: number | undefined;
  /** From the page before. */
  readonly cursor?: string | undefined;
}

/** An owner. */
export interface KnownOwner {
  readonly owner: string;
  /** When it was first seen: block time, milliseconds since 1970. */
  readonly since: number;
}

/** How far the register was, as it answered. */
export interface RegisterState {
  readonly ok: true;
  /** Up to which block of each shard it is exact. */
  readonly asOf: string;
  /** Blocks that it has not looked at: more than a few while it is read for the first time. */
  readonly behind: number;
}

/** A page of owners, by name. */
export interface OwnersPage extends RegisterState {
  readonly owners: readonly KnownOwner[];
  /** There may be more: ask with it. */
  readonly cursor?: string | undefined;
}

/** A place among what happened to an owner: the newest first. */
export interface HappenedAt {
  /** Block time, milliseconds since 1970. */
  readonly time: number;
  readonly shard: number;
  readonly seq: number;
  /** Where its record is in the block. */
  readonly offset: number;
}

/** A command of an owner that has left no entry of it: nothing moved, or it was refused for good. */
export interface Happened extends HappenedAt {
  /** The command's type; of an act `act`. */
  readonly type: string;
  readonly act?: string | undefined;
  /** As in the log: `shop,T1` is the platform shop's T1. */
  readonly id?: string | undefined;
  readonly outcome: 'ok' | RefusalCode;
}

/** Which of them. */
export interface HappenedQuery {
  readonly owner: string;
  /** Only what comes behind this, older. */
  readonly after?: HappenedAt | undefined;
  readonly limit: number;
}

/** What happened to an owner and left no entry of it, the newest first; fewer than `limit`: there is no more. */
export interface HappenedPage extends RegisterState {
  readonly happened: readonly Happened[];
}

/** A command that goes by an id, whoever's it is. */
export interface NamedCommand extends Happened {
  /** Its home owner. */
  readonly owner: string;
  readonly id: string;
}

/** Commands that go by an id, some of the newest of each shard first. */
export interface NamedPage extends RegisterState {
  readonly named: readonly NamedCommand[];
}

/** A command in a block. */
export interface AskedAt {
  readonly shard: number;
  readonly seq: number;
  readonly id: string;
}

/** Who asked for commands, by the credentials shown, in the order of the question; undefined: it is not known. */
export interface AskedPage extends RegisterState {
  readonly principals: readonly (string | undefined)[];
}

/** A correction of a balance that waits for a second person (act `adjust`). */
export interface Proposal {
  readonly owner: string;
  /** Under what two people agree on it. */
  readonly case: string;
  /** Of the act that proposed it: its reversal withdraws it. */
  readonly id: string;
  /** The key of the correction that allows it. */
  readonly correction: string;
  /** Minor units, one of them 0. */
  readonly give: number;
  readonly take: number;
  readonly asset: string;
  readonly reason: string;
  /** What who proposed it calls himself; and who that was, by the credentials shown. */
  readonly operator: string;
  readonly by: string | null;
  /** When it was proposed, and from when on it counts no more; milliseconds since 1970. */
  readonly at: number;
  readonly until: number;
}

/** Corrections that wait, the oldest first. */
export interface ProposalsPage extends RegisterState {
  readonly proposals: readonly Proposal[];
}

/** What a campaign has done in an hour, by one rule, under one version of it. */
export interface CampaignHour {
  /** When the hour begins, milliseconds since 1970. */
  readonly from: number;
  /** Of the definition of the campaign. */
  readonly version: number;
  /** By what it multiplied, in percent. */
  readonly percent: number;
  readonly rule: string;
  /** Minor units that the rule has paid, less what was given back since. */
  readonly points: number;
  /** What of that it would not have paid without the campaign. */
  readonly extra: number;
  /** How often it has paid, whatever was given back. */
  readonly times: number;
  /** Minor units of what the campaign had added that were given back since: not in `extra`. */
  readonly back: number;
}

/** What a campaign has done, less what was given back since. */
export interface CampaignFigures extends RegisterState {
  /** Events while it counted for their members, and whose they were. */
  readonly events: number;
  readonly members: number;
  /** By time. */
  readonly hours: readonly CampaignHour[];
}

/** Which exchanges with partners outside; `ended`: completed or failed, `open`: neither. */
export interface PartnerExchangesQuery {
  readonly state: PartnerStatus | 'open' | 'ended' | 'any';
  /** Those of which a side is this partner's; left out: all. */
  readonly partner?: string | undefined;
  /** Default limits.REGISTER_PAGE_DEFAULT, at most limits.REGISTER_PAGE_MAX. */
  readonly limit?: number | undefined;
  /** From the page before. */
  readonly cursor?: string | undefined;
}

/** An exchange with a partner outside, in a list: without its steps. */
export interface ListedPartnerExchange
  extends Omit<PartnerExchange, 'step' | 'until' | 'history' | 'inconsistency'> {
  /** Who has submitted what a second person must agree to, by the credentials shown; left out: nobody must. */
  readonly submittedBy?: string;
}

/** A page of exchanges, the newest first. */
export interface PartnerExchangesPage extends RegisterState {
  readonly exchanges: readonly ListedPartnerExchange[];
  /** There may be more: ask with it. */
  readonly cursor?: string | undefined;
}

/** A page of marks, by member and name. */
export interface RisksPage extends RegisterState {
  readonly risks: readonly MarkedMember[];
  /** There may be more: ask with it. */
  readonly cursor?: string | undefined;
}

/** What is looked up of the whole ledger; a caller who is restricted to assets or an owner is refused. Whoever asks first has the register begun. */
export interface RegisterReads {
  /** A page of owners, by name. */
  owners(query?: OwnersQuery): Promise<OwnersPage | Refused>;
  /** What happened to an owner and left no entry of it. */
  happened(query: HappenedQuery): Promise<HappenedPage | Refused>;
  /** Commands that go by an id, whoever's it is. */
  named(id: string): Promise<NamedPage | Refused>;
  /** Who asked for commands that are in these blocks; at most limits.REGISTER_PAGE_MAX. */
  asked(places: readonly AskedAt[]): Promise<AskedPage | Refused>;
  /** What a campaign has multiplied. */
  campaign(key: string): Promise<CampaignFigures | Refused>;
  /** Corrections that wait for a second person at a time (milliseconds since 1970). */
  proposals(time: number): Promise<ProposalsPage | Refused>;
  /** Exchanges with partners outside, of whichever members: those that have ended, too. */
  exchanges(query: PartnerExchangesQuery): Promise<PartnerExchangesPage | Refused>;
  /** Marks of risk, of whichever members. */
  risks(query: RisksQuery): Promise<RisksPage | Refused>;
}
