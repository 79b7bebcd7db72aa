// What becomes of an alert: the one place where that is decided. Pure. Owns: states and what is told. Never touches: records, clocks, what is looked for.
//   alerts.A1. One cause, one alert: of a rule and a subject there is one, whose id follows from both; it begins once, until it is over.
//   alerts.A2. It is told once when it begins and once when it is over, whatever flutters between: it is over when it was not so for `clearMs`.
//   alerts.A3. While it is silenced nobody is told that it begins; what is so still when the silence ends is told then.
//   alerts.A4. Resolved by hand it stays resolved until it was over once.
//   alerts.A5. What is not known changes nothing.

import { createHash } from 'node:crypto';
import { RULES } from './rules.js';
import {
  type Alert,
  type Cause,
  EVIDENCE_LENGTH_MAX,
  EVIDENCE_MAX,
  type Evidence,
  type RuleName,
  type RuleSettings,
  type Silence,
  SUBJECT_LENGTH_MAX,
} from './shapes.js';

const ID_LENGTH = 24;
/** How often an alert that goes on is written down anew, where what it says has changed. */
const UPDATE_MS = 300_000;

/** A1. */
export const alertId = (rule: RuleName, subject: string): string =>
  `al_${createHash('sha256').update(`${rule}\0${subject}`).digest('hex').slice(0, ID_LENGTH)}`;

const short = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`;

/** A subject as it is kept. */
export const subjectOf = (text: string): string =>
  short(text.replaceAll(/\p{Cc}/gu, ' '), SUBJECT_LENGTH_MAX);

function evidenceOf(evidence: Evidence = {}): Evidence {
  const all = Object.entries(evidence).slice(0, EVIDENCE_MAX);
  return Object.fromEntries(
    all.map(([name, value]) => [
      short(name, 40),
      typeof value === 'string'
        ? short(value.replaceAll(/\p{Cc}/gu, ' '), EVIDENCE_LENGTH_MAX)
        : value,
    ]),
  );
}

/** What a look has found. */
export type Seen = { readonly cause: Cause; readonly times: number } | 'not' | 'unknown';

export interface Circumstances {
  readonly rule: RuleName;
  readonly settings: RuleSettings;
  /** The silence that holds for it now. */
  readonly silence: Silence | undefined;
  readonly node: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Since when it is not so; undefined: it was so at the last look, or is now the first time not. */
  readonly clearSince: number | undefined;
}

/** What becomes of it; the same object: nothing. */
export function next(
  before: Alert | undefined,
  seen: Seen,
  circumstances: Circumstances,
): Alert | undefined {
  if (seen === 'unknown') return before && quietened(before, circumstances);
  if (seen === 'not') return before && over(before, circumstances);
  if (before === undefined || (before.state === 'resolved' && before.isStillSo !== true))
    return begun(before, seen, circumstances);
  if (before.state === 'resolved') return before;
  return goesOn(before, seen, circumstances);
}

/** A record without what the one before has told. */
const untold = ({ tells: _, ...alert }: Alert): Alert => alert;

function begun(
  before: Alert | undefined,
  { cause, times }: Exclude<Seen, string>,
  { rule, settings, silence, node, now }: Circumstances,
): Alert {
  const subject = subjectOf(cause.subject);
  const evidence = evidenceOf(cause.evidence);
  return {
    ...{ id: alertId(rule, subject), rule, subject, node },
    severity: cause.severity ?? settings.severity,
    ...{ since: now, lastAt: now, count: times, firings: (before?.firings ?? 0) + 1 },
    ...{ evidence, text: RULES[rule].tell(subject, evidence) },
    ...(silence === undefined
      ? { state: 'firing', toldAt: now, tells: 'firing' }
      : { state: 'silenced', silence: silence.id }),
  };
}

function goesOn(
  before: Alert,
  { cause, times }: Exclude<Seen, string>,
  circumstances: Circumstances,
): Alert {
  const { rule, settings, now } = circumstances;
  const evidence = evidenceOf(cause.evidence);
  const severity = cause.severity ?? settings.severity;
  const isNew =
    severity !== before.severity || JSON.stringify(evidence) !== JSON.stringify(before.evidence);
  const said: Alert = {
    ...untold(before),
    ...{ severity, evidence, lastAt: now, count: before.count + times },
    text: RULES[rule].tell(before.subject, evidence),
  };
  const changed = quietened(before, circumstances);
  if (changed !== before) return { ...changed, ...textOf(said) };
  const { toldAt = now } = before;
  if (before.state === 'firing' && settings.repeatMs > 0 && now - toldAt >= settings.repeatMs)
    return { ...said, toldAt: now, tells: 'firing' };
  const isDue = now - before.lastAt >= UPDATE_MS || severity !== before.severity;
  return isNew && isDue ? said : before;
}

const textOf = ({ severity, evidence, text, lastAt, count }: Alert) => ({
  ...{ severity, evidence, text, lastAt, count },
});

/** A3: a silence has begun, or is over. */
function quietened(before: Alert, { silence, now }: Circumstances): Alert {
  if (before.state === 'firing' && silence !== undefined)
    return { ...untold(before), state: 'silenced', silence: silence.id };
  if (before.state !== 'silenced') return before;
  if (silence !== undefined)
    return silence.id === before.silence ? before : { ...untold(before), silence: silence.id };
  const { silence: _, ...alert } = untold(before);
  // What was told before it was silenced is known.
  if (alert.toldAt !== undefined) return { ...alert, state: 'firing' };
  return { ...alert, state: 'firing', toldAt: now, tells: 'firing' };
}

function over(before: Alert, circumstances: Circumstances): Alert {
  const { settings, now, clearSince = now } = circumstances;
  const isOver = now - clearSince >= settings.clearMs;
  if (before.state === 'resolved') {
    if (before.isStillSo !== true || !isOver) return before;
    const { isStillSo: _, ...alert } = untold(before);
    return alert;
  }
  if (isOver) return resolved(before, now);
  return quietened(before, circumstances);
}

/** It is over; `by`: somebody says so while it may be so still. */
export function resolved(
  before: Alert,
  now: number,
  by?: { readonly who: string | undefined; readonly reason?: string | undefined },
): Alert {
  const { silence: _, toldAt, resolvedBy: __, reason: ___, ...alert } = untold(before);
  return {
    ...alert,
    ...{ state: 'resolved', resolvedAt: now },
    ...(by && { resolvedBy: by.who ?? '', isStillSo: true }),
    ...(by?.reason !== undefined && { reason: by.reason }),
    // Who was told that it begins is told that it is over.
    ...(toldAt !== undefined && { tells: 'resolved' as const }),
  };
}

/** Does a silence hold for an alert? */
export function isSilencedBy(
  { rule, subject, until }: Silence,
  alert: Pick<Alert, 'rule' | 'subject'>,
  now: number,
): boolean {
  if (until <= now || (rule !== undefined && rule !== alert.rule)) return false;
  if (subject === undefined) return true;
  return subject.endsWith('*')
    ? alert.subject.startsWith(subject.slice(0, -1))
    : alert.subject === subject;
}
