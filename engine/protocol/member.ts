// A member of a programme, as it is told. Owns: these shapes. Never touches: how they are worked out.

/** A task of a programme, for one member, now. */
export interface TaskState {
  readonly task: string;
  /** The type of events that it is of, without its programme. */
  readonly event: string;
  /** In what it is done once: `day`, `week`, `month`, `ever`. */
  readonly span: string;
  readonly isDone: boolean;
  /** How much of `need` is there. Of days in a row: 1 where today is there. */
  readonly done: number;
  readonly need: number;
  /** What doing it now would earn, in minor units. */
  readonly reward: number;
  /** Of a task of days in a row: how many there are, up to today, or to yesterday where today is not there yet. */
  readonly days?: number;
}

/** What a member lacks for something. */
export type Goal =
  | {
      readonly goal: 'tier';
      readonly key: string;
      /** So much more of what counts for tiers, in minor units. */
      readonly points: number;
    }
  | {
      /** A task of now: so many `events`, or so much `amount` of the attribute `of`. */
      readonly goal: 'task';
      readonly key: string;
      readonly event: string;
      readonly events?: number;
      readonly of?: string;
      readonly amount?: number;
      /** What it earns then, in minor units. */
      readonly reward: number;
      /** And a badge. */
      readonly badge?: boolean;
      /** Before then, milliseconds since 1970; left out: whenever. */
      readonly until?: number;
    }
  | {
      /** A step of days in a row: one event on so many days, the first of which is today where today is not there yet. */
      readonly goal: 'days';
      readonly key: string;
      readonly event: string;
      readonly days: number;
      /** What the last of these days earns. */
      readonly reward: number;
    };

/** What has been counted of a rule with limits, in the window of now. */
export interface RuleCount {
  readonly rule: string;
  readonly event: string;
  readonly span: string;
  readonly times?: number;
  readonly limitTimes?: number;
  /** Minor units. */
  readonly points?: number;
  readonly limitPoints?: number;
}

/** A campaign that is on, and how often this member took part. */
export interface CampaignState {
  readonly campaign: string;
  readonly multiplier: number;
  readonly to: number;
  readonly taken: number;
}

/** What a member may give to others in a day, and what of that is used up. Amounts in minor units; a limit that is left out: there is none. */
export interface GiftState {
  readonly points: number;
  readonly times: number;
  readonly mostEach?: number;
  readonly mostPoints?: number;
  readonly mostTimes?: number;
  /** When the next day begins, milliseconds since 1970. */
  readonly until: number;
}

/** A badge, and how often its task was done. */
export interface Badge {
  readonly task: string;
  readonly times: number;
}

/** What is known of a member of a programme, at a block time. */
export interface MemberState {
  readonly owner: string;
  readonly programme: string;
  readonly asset: string;
  /** Block time, milliseconds since 1970. */
  readonly time: number;
  /** Who has its points now, where it was merged into another member; left out: it was not. */
  readonly mergedInto?: string;
  /** Null: the programme has no tiers. */
  readonly tier: string | null;
  /** What counts for tiers, in minor units. */
  readonly progress: number;
  readonly next: string | null;
  /** What is lacking for the next tier. */
  readonly needed: number;
  /** Of what the next tier takes, rounded down. */
  readonly percent: number;
  /** A tier by hand; `until` null: for ever. */
  readonly granted?: { readonly tier: string; readonly until: number | null };
  /** Changes of tier, the newest last. */
  readonly tiers: readonly { readonly from: number; readonly tier: string }[];
  readonly profile: Readonly<Record<string, unknown>>;
  readonly tasks: readonly TaskState[];
  readonly counts: readonly RuleCount[];
  readonly campaigns: readonly CampaignState[];
  /** Left out: members of the programme give each other nothing. */
  readonly gifts?: GiftState;
  /** Of tasks that are no more, too. */
  readonly badges: readonly Badge[];
  /** What is next: what is lacking for the next tier, each task and step of days; done exactly so, it is had. */
  readonly goals: readonly Goal[];
}

/** What a referral code says. */
export interface ReferralCodeState {
  readonly programme: string;
  /** As it is written: in capitals. */
  readonly code: string;
  /** Whose it is. */
  readonly owner: string;
  /** Since when that is a member, and until when the code can be used; milliseconds since 1970. */
  readonly since: number;
  readonly until: number;
  /** By whom its owner was referred; null: by nobody. */
  readonly referredBy: string | null;
}

/** What became of a member, and who was merged into it. Times in milliseconds since 1970. */
export interface MergeState {
  readonly owner: string;
  /** Left out: the member is nobody else. */
  readonly merged?: {
    /** Whom it was merged into, and who has its points now: that one, or whom that one was merged into. */
    readonly into: string;
    readonly now: string;
    readonly id: string;
    readonly at: number;
    readonly until: number;
    readonly reason: string;
  };
  readonly from: readonly {
    readonly owner: string;
    readonly at: number;
    /** Until when that can be undone. */
    readonly until: number;
    /** Whom it was merged into first; left out: this member. */
    readonly through?: string;
  }[];
}
