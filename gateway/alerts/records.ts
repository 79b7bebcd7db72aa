// Alerts, silences and what is said of rules, in the ledger's own records. Owns: these documents, what may be said of a rule and a silence. Never touches:
// what is judged, what is told (the outbox tells it by the record of an alert: gateway/outbound/derive.ts).
//   alerts.B1. Every change is written over the version that was seen: of two nodes that judge the same, one does.

import { randomBytes } from 'node:crypto';
import { type Document, Documents, type OwnLedger } from '../documents.js';
import type { GatewayLimits } from '../limits.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { defaultsOf, isRuleName, RULES, type Setting } from './rules.js';
import type { Alert, RuleName, RuleSettings, SaidRule, Silence } from './shapes.js';
import { isSilencedBy, resolved } from './state.js';

/** Who has them, and what a record of an alert is called: the outbox looks for both (gateway/outbound/derive.ts). */
export const ALERTS = new Documents<Alert>('#alerts', 'alert');
export const SAID_RULES = new Documents<SaidRule>('#alert-rules', 'alert-rule', 'rule');
export const SILENCES = new Documents<Silence>('#alert-silences', 'silence');

const DAY_MS = 86_400_000;
const SILENCE_ID_BYTES = 8;

/** Everything that is known of alerts, as it was read at once. */
export interface Book {
  readonly alerts: ReadonlyMap<string, Document<Alert>>;
  readonly silences: readonly Silence[];
  readonly rules: ReadonlyMap<string, SaidRule>;
}

/** Reads all of it. */
export async function readBook(ledger: OwnLedger): Promise<Book | Refusal> {
  const [alerts, silences, rules] = await Promise.all([
    ALERTS.all(ledger),
    SILENCES.all(ledger),
    SAID_RULES.all(ledger),
  ]);
  if (isRefusal(alerts)) return alerts;
  if (isRefusal(silences)) return silences;
  if (isRefusal(rules)) return rules;
  return {
    alerts: new Map(alerts.map((one) => [one.key, one])),
    silences: silences.map((one) => one.read()),
    rules: new Map(rules.map((one) => [one.key, one.read()])),
  };
}

/** Writes an alert; one that is resolved is forgotten some day. */
export function putAlert(
  ledger: OwnLedger,
  alert: Alert,
  ifVersion: number,
  { alertDays }: Pick<GatewayLimits, 'alertDays'>,
): Promise<Refusal | undefined> {
  const { state, resolvedAt = 0, isStillSo } = alert;
  const isOver = state === 'resolved' && isStillSo !== true;
  const until = isOver ? resolvedAt + alertDays * DAY_MS : undefined;
  return ALERTS.put(ledger, alert.id, alert, ifVersion, until);
}

// --- alerts ------------------------------------------------------------------------------------------------------------

export async function findAlert(ledger: OwnLedger, id: string): Promise<Alert | Refusal> {
  const found = await ALERTS.get(ledger, id);
  if (isRefusal(found)) return found;
  return found?.read() ?? refuse('ALERT_NOT_FOUND', 'alert');
}

/** Somebody says that it is over; what is resolved stays as it is. */
export async function resolveAlert(
  ledger: OwnLedger,
  id: string,
  limits: GatewayLimits,
  { now, ...by }: { now: number; who: string | undefined; reason?: string | undefined },
): Promise<Alert | Refusal> {
  const found = await ALERTS.get(ledger, id);
  if (isRefusal(found)) return found;
  if (found === undefined) return refuse('ALERT_NOT_FOUND', 'alert');
  const before = found.read();
  if (before.state === 'resolved') return before;
  const after = resolved(before, now, by);
  return (await putAlert(ledger, after, found.version, limits)) ?? after;
}

/** The silence that holds for an alert; of several the one that holds longest. */
export const silenceOf = (
  silences: readonly Silence[],
  alert: Pick<Alert, 'rule' | 'subject'>,
  now: number,
): Silence | undefined =>
  silences
    .filter((one) => isSilencedBy(one, alert, now))
    .sort((one, other) => other.until - one.until)[0];

// --- rules -------------------------------------------------------------------------------------------------------------

const SETTINGS = ['threshold', 'minimum', 'windowMs'] as const;

/** A rule as it holds. */
export function settingsOf(rule: RuleName, said: SaidRule | undefined): RuleSettings {
  const { by: _, updatedAt: __, ...own } = said ?? { updatedAt: 0 };
  return { ...defaultsOf(rule), ...own };
}

const wrong = (field: string, detail: string): Refusal =>
  refuse('ALERT_INVALID', field, `${field}: ${detail}`);

/** What is wrong with what is said of a rule; undefined: nothing. */
export function ruleProblem(rule: RuleName, said: Partial<RuleSettings>): Refusal | undefined {
  const { settings } = RULES[rule];
  for (const name of SETTINGS) {
    const value = said[name];
    const setting: Setting | undefined = settings[name];
    if (value === undefined) continue;
    if (setting === undefined) return wrong(name, `${rule} has none.`);
    const { from, to, about } = setting;
    if (value < from || value > to) return wrong(name, `It is from ${from} to ${to}: ${about.en}.`);
  }
  return undefined;
}

/** Says a rule, in the place of what it says by itself; `ifVersion`: over this version alone. */
export async function sayRule(
  ledger: OwnLedger,
  rule: string,
  said: Partial<RuleSettings>,
  { now, by, ifVersion }: { now: number; by: string | undefined; ifVersion?: number | undefined },
): Promise<Refusal | undefined> {
  if (!isRuleName(rule)) return refuse('ALERT_RULE_NOT_FOUND', 'rule');
  const problem = ruleProblem(rule, said);
  if (problem !== undefined) return problem;
  return SAID_RULES.put(ledger, rule, { ...said, by, updatedAt: now }, ifVersion);
}

// --- silences ----------------------------------------------------------------------------------------------------------

export interface NewSilence {
  readonly rule?: RuleName | undefined;
  readonly subject?: string | undefined;
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** The longest silence: what is to be quiet for ever is to be off. */
const SILENCE_MS_MAX = 366 * DAY_MS;

export async function addSilence(
  ledger: OwnLedger,
  { rule, subject, reason, until }: NewSilence,
  { silencesMax }: Pick<GatewayLimits, 'silencesMax'>,
  { now, by }: { now: number; by: string | undefined },
): Promise<Silence | Refusal> {
  if (until <= now) return wrong('until', 'It is over already.');
  if (until > now + SILENCE_MS_MAX) return wrong('until', 'It is at most a year from now.');
  const all = await SILENCES.all(ledger);
  if (isRefusal(all)) return all;
  if (all.length >= silencesMax) return refuse('SILENCE_LIMIT');
  const id = `si_${randomBytes(SILENCE_ID_BYTES).toString('hex')}`;
  const silence: Silence = { id, rule, subject, reason, by, createdAt: now, until };
  return (await SILENCES.put(ledger, id, silence, 0, until)) ?? silence;
}

/** Ends one. */
export async function endSilence(ledger: OwnLedger, id: string): Promise<Silence | Refusal> {
  const found = await SILENCES.get(ledger, id);
  if (isRefusal(found)) return found;
  if (found === undefined) return refuse('SILENCE_NOT_FOUND', 'silence');
  return (await SILENCES.delete(ledger, id)) ?? found.read();
}
