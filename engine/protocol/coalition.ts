// Rates of exchange, submitted exchanges and disputes, as they are told. Owns: these shapes. Never touches: what rates come to.

/** A rate of exchange, or what points of a coalition are worth, has changed, or waits for a second person: in the feed of the first shard alone. */
export interface RateNotice {
  readonly type: 'exchange_rate.updated' | 'exchange_rate.proposed';
  /** The kind and key of the definition: `exchange-rate`, `coalition` or `exchanging`. */
  readonly kind: string;
  readonly key: string;
  readonly version: number;
  /** What it says; null: it ends. Of a rate, `rate` is the decimal. */
  readonly document: Readonly<Record<string, unknown>> | null;
  /** From when on it decides, milliseconds since 1970; null: it is proposed. */
  readonly activeFrom: number | null;
  /** Who has said it; null: an embedding program. */
  readonly by: string | null;
}

/** `open`: not answered. `answered`: not decided. */
export const DISPUTE_STATES = ['open', 'answered', 'settled', 'rejected', 'withdrawn'] as const;
export type DisputeState = (typeof DISPUTE_STATES)[number];

/** A dispute between two platforms. Times in milliseconds since 1970, amounts in minor units. */
export interface Dispute {
  readonly dispute: string;
  readonly state: DisputeState;
  /** The platform that has opened it, and the one that answers. */
  readonly by: string;
  readonly other: string;
  readonly cycle?: number;
  readonly owner?: string;
  readonly exchange?: string;
  readonly lines: readonly {
    readonly debtor: string;
    readonly creditor: string;
    readonly asset: string;
    /** What the line says is owed, what of it is disputed, and what was given back. */
    readonly owed: number;
    readonly disputed: number;
    readonly settled: number;
  }[];
  readonly reason: string;
  readonly answer?: string;
  readonly decision?: string;
  readonly openedAt: number;
  readonly answerBy: number;
  readonly answeredAt?: number;
  readonly endedAt?: number;
}

/** `pending`: it waits for points; each other one is for ever. */
export const SUBMISSION_STATES = ['pending', 'completed', 'withdrawn', 'expired'] as const;
export type SubmissionState = (typeof SUBMISSION_STATES)[number];

/** An exchange that was submitted. Amounts in minor units, times in milliseconds since 1970. */
export interface SubmittedExchange {
  readonly state: SubmissionState;
  readonly from: string;
  readonly to: string;
  readonly amount: number;
  readonly fee: number;
  readonly result: number;
  /** Left out: the member. */
  readonly receiver?: string;
  /** Whole points for a whole point, an exact decimal as a text; left out: as a quote said. */
  readonly rate?: string;
  readonly submittedAt: number;
  /** It is not completed from then on. */
  readonly until: number;
  readonly endedAt?: number;
  /** The act that has carried it out, as it is logged. */
  readonly completedBy?: string;
}
