// What an alert is, a rule, a silence; how other parts raise alerts. Owns: these shapes. Never touches: records, what is judged.

/** Every rule: what each says is in rules.ts. */
export const RULE_NAMES = [
  'HIGH_ERROR_RATE',
  'SLOW_RESPONSE',
  'REDEMPTION_BURST',
  'BALANCE_MISMATCH',
  'NEGATIVE_ACCOUNT',
  'BUDGET_LOW',
  'STOCK_LOW',
  'LIABILITY_JUMP',
  'CHAIN_DIFFERS',
  'CHAIN_UNREACHABLE',
  'LOG_FORKED',
  'WITNESS_REFUSES',
  'WITNESS_UNREACHABLE',
  'RISK_SURGE',
] as const;
export type RuleName = (typeof RULE_NAMES)[number];

/** From the worst to the least. */
export const SEVERITIES = ['critical', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** `firing`: it is so; `silenced`: it is so, and nobody is told; `resolved`: it is over, or somebody says so. */
export const ALERT_STATES = ['firing', 'silenced', 'resolved'] as const;
export type AlertState = (typeof ALERT_STATES)[number];

/** What is told of an alert when it is raised: figures and names, none of them personal (members by their pseudonyms). */
export type Evidence = Readonly<Record<string, string | number | boolean>>;

/** Something that is so now. Two with the same subject, of one rule, are the same alert. */
export interface Cause {
  /** What it is about: `node/a`, `shard/0/alice/gold`, `budget/spring/gold`. */
  readonly subject: string;
  readonly evidence?: Evidence | undefined;
  /** Worse, or less bad, than the rule says. */
  readonly severity?: Severity | undefined;
}

/** What a rule says when nobody has set it, and what an operator may set. Times in milliseconds. */
export interface RuleSettings {
  readonly state: 'active' | 'off';
  readonly severity: Severity;
  /** Beyond which figure it is so: what of, and in which unit, the rule says. */
  readonly threshold?: number | undefined;
  /** With fewer than so many nothing is judged. */
  readonly minimum?: number | undefined;
  /** What is looked back at. */
  readonly windowMs?: number | undefined;
  /** How long it must not be so any more until it is resolved by itself. */
  readonly clearMs: number;
  /** While it is firing it is told again so often; 0: it is told once. */
  readonly repeatMs: number;
}

/** Settings as they are kept: who said them. */
export interface SaidRule extends Partial<RuleSettings> {
  readonly by?: string | undefined;
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
}

/** A text for people, in both languages. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

/** An alert as it is kept. Times in milliseconds since 1970. */
export interface Alert {
  readonly id: string;
  readonly rule: RuleName;
  readonly subject: string;
  /** Which node has found it. */
  readonly node: string;
  readonly severity: Severity;
  readonly state: AlertState;
  /** Since when it is so; when it was looked at last for what stands here. */
  readonly since: number;
  readonly lastAt: number;
  /** At how many looks it was so since then, as far as was written down. */
  readonly count: number;
  /** How often it has begun. */
  readonly firings: number;
  readonly evidence: Evidence;
  readonly text: Words;
  readonly resolvedAt?: number | undefined;
  /** Who has resolved it; left out: it is over by itself. */
  readonly resolvedBy?: string | undefined;
  readonly reason?: string | undefined;
  /** It was resolved by hand while it was so, and is so still: that is not told anew. */
  readonly isStillSo?: boolean | undefined;
  /** Which silence keeps it quiet. */
  readonly silence?: string | undefined;
  /** When it was told last since it began. */
  readonly toldAt?: number | undefined;
  /** What this version of the record is to tell; left out: nothing (gateway/outbound/derive.ts). */
  readonly tells?: 'firing' | 'resolved' | undefined;
}

/** Alerts that nobody is told of, for a time. */
export interface Silence {
  readonly id: string;
  /** Left out: of all rules. */
  readonly rule?: RuleName | undefined;
  /** The subject; with `*` at its end all that begin so. Left out: all. */
  readonly subject?: string | undefined;
  readonly reason: string;
  readonly by?: string | undefined;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly until: number;
}

/** How other parts of the gateway raise alerts: neither waits, fails, or costs more than a note in memory. */
export interface Raising {
  /** It is so: the alert is firing until it is said that it is not so any more, also over restarts. */
  raise(rule: RuleName, cause: Cause): void;
  /** It is not so any more; also where nobody knows of it. */
  clear(rule: RuleName, subject: string): void;
}

/** What one look has found of a rule. */
export interface Found {
  /** All that is so. Whatever else was so and is not `unknown` is over. */
  readonly causes: readonly Cause[];
  /** Subjects of which it is not known now. */
  readonly unknown?: readonly string[] | undefined;
}

/** Looks whether something is so. */
export interface Judge {
  readonly rule: RuleName;
  /** `node`: each node looks for itself; `ledger`: one node looks, for all (judging.ts). */
  readonly of: 'node' | 'ledger';
  /** Undefined: it cannot be known now. */
  look(settings: RuleSettings, now: number): Promise<Found | undefined>;
}

/** The longest subject, value and number of evidence; the longest reason. */
export const SUBJECT_LENGTH_MAX = 200;
export const EVIDENCE_MAX = 16;
export const EVIDENCE_LENGTH_MAX = 200;
export const REASON_LENGTH_MAX = 200;
/** Alerts of one rule that are told apart; those beyond are one, of this subject. */
export const CAUSES_MAX = 100;
export const OTHERS = 'others';
