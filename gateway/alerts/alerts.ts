// Alerts as the gateway has them: when it is looked, what was raised meanwhile, what is written. Owns: the loop, notes of what other parts raise. Never touches:
// what becomes of an alert (state.ts), how somebody is told (the outbox, by the record).
//   alerts.R1. A judge that fails, or a record that cannot be written, is told as a warning and looked at again: nothing of it reaches a command.
//   alerts.R2. What was raised is a note until its record is written: a ledger that takes none meanwhile loses nothing of it.
//   alerts.R3. What is about the whole ledger is judged by one node (judging.ts), which also writes that what a node has found that is gone is over.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../engine/index.js';
import type { Document } from '../documents.js';
import type { GatewayLimits } from '../limits.js';
import type { Logs } from '../logs/logs.js';
import { isRefusal } from '../refusal.js';
import { accountOf } from './judges/accounts.js';
import { claimsJudging } from './judging.js';
import { ALERTS, type Book, putAlert, readBook, settingsOf, silenceOf } from './records.js';
import {
  type Alert,
  CAUSES_MAX,
  type Cause,
  type Judge,
  OTHERS,
  type Raising,
  RULE_NAMES,
  type RuleName,
} from './shapes.js';
import { alertId, next, type Seen, subjectOf } from './state.js';

export interface AlertsParts {
  readonly engine: Engine;
  readonly limits: GatewayLimits;
  readonly log: Logs['service'];
  readonly judges: readonly Judge[];
  /** Of this node; empty: it is the only one. */
  readonly node: string;
}

/** How often it is looked; sooner, but not at once, where something was raised. */
const LOOK_MS = 5_000;
const SOON_MS = 200;
const END_MS = 1_000;
/** How often what is read of the whole ledger is judged. */
const LEDGER_LOOK_MS = 15_000;
const FIRST_SHARD = 0;

/** What was raised or cleared, and is not written yet. */
interface Note {
  readonly rule: RuleName;
  readonly subject: string;
  /** Undefined: it was cleared. */
  readonly cause: Cause | undefined;
  readonly times: number;
}

/** How alerts are, as /metrics shows it. */
export interface AlertFigures {
  /** Those of this node that are not over. */
  readonly open: readonly Pick<Alert, 'rule' | 'severity' | 'state'>[];
  readonly failures: number;
  readonly looks: number;
}

export class Alerts implements Raising {
  readonly #parts: AlertsParts;
  readonly #notes = new Map<string, Note>();
  readonly #clearSince = new Map<string, number>();
  readonly #lookedAt = new Map<Judge, number>();
  readonly #ending = new AbortController();
  #waking = new AbortController();
  /** Does this node judge what is about the whole ledger? */
  #isJudge = false;
  #open: AlertFigures['open'] = [];
  #failures = 0;
  #looks = 0;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: AlertsParts) {
    this.#parts = parts;
  }

  get figures(): AlertFigures {
    return { open: this.#open, failures: this.#failures, looks: this.#looks };
  }

  raise(rule: RuleName, cause: Cause): void {
    const subject = subjectOf(cause.subject);
    this.#note({ rule, subject, cause: { ...cause, subject }, times: 1 });
  }

  clear(rule: RuleName, subject: string): void {
    this.#note({ rule, subject: subjectOf(subject), cause: undefined, times: 0 });
  }

  #note(note: Note): void {
    const id = alertId(note.rule, note.subject);
    const before = this.#notes.get(id);
    if (before === undefined && this.#notes.size >= CAUSES_MAX * RULE_NAMES.length) {
      // So many at once: the last ones are one.
      if (note.subject === OTHERS || note.cause === undefined) return;
      const evidence = { causes: `more than ${CAUSES_MAX}` };
      this.#note({ ...note, subject: OTHERS, cause: { subject: OTHERS, evidence } });
      return;
    }
    const times = before?.cause === undefined ? note.times : before.times + note.times;
    this.#notes.set(id, { ...note, times });
    this.#waking.abort();
  }

  /** Somebody has said something anew: it is looked soon, at everything. */
  hurry(): void {
    this.#lookedAt.clear();
    this.#waking.abort();
  }

  /** Judges from now on. */
  start(): void {
    this.#running = this.#run();
  }

  /** What is looked at is looked at to its end, but for a ledger that does not answer: that holds up no end. */
  async close(): Promise<void> {
    this.#ending.abort();
    this.#waking.abort();
    await Promise.race([this.#running, sleep(END_MS, undefined, { ref: false })]);
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending;
    await this.#suspectAll();
    while (!signal.aborted) {
      await this.look().catch((error: unknown) => this.#failed('alerts', error));
      if (this.#notes.size > 0) await this.#rest(SOON_MS, signal);
      this.#waking = new AbortController();
      await this.#rest(LOOK_MS, AbortSignal.any([signal, this.#waking.signal]));
      // What is raised often is written some at a time.
      await this.#rest(SOON_MS, signal);
    }
  }

  async #rest(ms: number, signal: AbortSignal): Promise<void> {
    await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
  }

  #failed(what: string, error: unknown): void {
    if (this.#ending.signal.aborted) return;
    this.#failures++;
    process.emitWarning(`${what}: ${(error as Error).message}`);
  }

  /** Accounts that were wrong are recomputed before all others (alerts.J3). */
  async #suspectAll(): Promise<void> {
    const { engine, node } = this.#parts;
    const all = await ALERTS.all(engine).catch(() => []);
    if (isRefusal(all)) return;
    const suspects = all.flatMap((one) => {
      const alert = one.read();
      const isOpen = alert.state !== 'resolved' || alert.isStillSo === true;
      const account = isOpen && alert.node === node ? accountOf(alert) : undefined;
      return account === undefined ? [] : [account];
    });
    engine.recount.suspect(suspects);
  }

  /** Looks once at everything that is due. */
  async look(): Promise<void> {
    const { engine, judges, node } = this.#parts;
    const book = await readBook(engine);
    if (isRefusal(book)) return;
    const isFirst = engine.shardsHere.includes(FIRST_SHARD);
    this.#isJudge = await claimsJudging(engine, { node, isFirst, now: engine.now() });
    this.#looks++;
    const seen = new Map<string, { readonly rule: RuleName; subject: string; seen: Seen }>();
    for (const judge of judges) {
      if (this.#ending.signal.aborted) return;
      await this.#judge(judge, book, seen);
    }
    const notes = [...this.#notes];
    for (const [id, { rule, subject, cause, times }] of notes) {
      const isOff = settingsOf(rule, book.rules.get(rule)).state === 'off';
      const found: Seen = cause === undefined || isOff ? 'not' : { cause, times };
      const isBeyond = found !== 'not' && !book.alerts.has(id) && this.#isFull(rule, book);
      if (isBeyond) {
        const evidence = { causes: `more than ${CAUSES_MAX}` };
        const others = { subject: OTHERS, evidence };
        seen.set(alertId(rule, OTHERS), { rule, subject: OTHERS, seen: { cause: others, times } });
      } else seen.set(id, { rule, subject, seen: found });
    }
    // What nobody has looked at now is as it was, but for silences.
    for (const [id, one] of book.alerts) {
      const alert = one.read();
      if (!seen.has(id) && this.#isMine(alert)) {
        const gone = this.#isGone(alert);
        seen.set(id, { rule: alert.rule, subject: alert.subject, seen: gone ? 'not' : 'unknown' });
      }
    }
    for (const [id, one] of seen) {
      const isDone = await this.#apply(id, one, book);
      const note = this.#notes.get(id);
      if (isDone && note !== undefined && notes.some(([, other]) => other === note))
        this.#notes.delete(id);
    }
    for (const [id, note] of notes)
      if (!seen.has(id) && this.#notes.get(id) === note) this.#notes.delete(id);
    await this.#count(book);
  }

  /** Is it for this node to write what becomes of it? */
  #isMine(alert: Alert): boolean {
    return alert.node === this.#parts.node || (this.#isJudge && this.#isGone(alert));
  }

  /** Has a node found it that there is no more? */
  #isGone({ node }: Alert): boolean {
    const { engine, node: own } = this.#parts;
    return node !== own && !engine.beside.others.includes(node);
  }

  #isFull(rule: RuleName, { alerts }: Book): boolean {
    let open = 0;
    for (const one of alerts.values()) {
      const alert = one.read();
      if (alert.rule === rule && alert.state !== 'resolved') open++;
    }
    return open >= CAUSES_MAX;
  }

  async #judge(
    judge: Judge,
    book: Book,
    seen: Map<string, { readonly rule: RuleName; subject: string; seen: Seen }>,
  ): Promise<void> {
    const { engine } = this.#parts;
    const { rule, of } = judge;
    const settings = settingsOf(rule, book.rules.get(rule));
    if (of === 'ledger' && !this.#isJudge) return;
    const isOff = settings.state === 'off';
    const now = performance.now();
    const last = this.#lookedAt.get(judge);
    if (of === 'ledger' && !isOff && last !== undefined && now - last < LEDGER_LOOK_MS) return;
    this.#lookedAt.set(judge, now);
    const found = isOff
      ? { causes: [] }
      : await judge.look(settings, engine.now()).catch((error: unknown) => {
          this.#failed(`alerts, ${rule}`, error);
          return undefined;
        });
    if (found === undefined) return;
    const causes = this.#told(rule, found.causes, book);
    for (const cause of causes)
      seen.set(alertId(rule, cause.subject), {
        ...{ rule, subject: cause.subject, seen: { cause, times: 1 } },
      });
    const unknown = new Set(found.unknown?.map((subject) => alertId(rule, subjectOf(subject))));
    for (const [id, one] of book.alerts) {
      const alert = one.read();
      if (alert.rule !== rule || seen.has(id) || unknown.has(id)) continue;
      if (of === 'ledger' || alert.node === this.#parts.node)
        seen.set(id, { rule, subject: alert.subject, seen: 'not' });
    }
  }

  /** Causes that are told apart: those that are known first; what is beyond is one. */
  #told(rule: RuleName, all: readonly Cause[], { alerts }: Book): Cause[] {
    const causes = all.map((cause) => ({ ...cause, subject: subjectOf(cause.subject) }));
    if (causes.length <= CAUSES_MAX) return causes;
    const isKnown = ({ subject }: Cause): boolean => alerts.has(alertId(rule, subject));
    const ordered = [...causes.filter(isKnown), ...causes.filter((one) => !isKnown(one))];
    const evidence = { causes: causes.length - CAUSES_MAX };
    return [...ordered.slice(0, CAUSES_MAX), { subject: OTHERS, evidence }];
  }

  /** Writes what becomes of one; true: that is done. */
  async #apply(
    id: string,
    { rule, subject, seen }: { rule: RuleName; subject: string; seen: Seen },
    book: Book,
  ): Promise<boolean> {
    const { engine, limits, node, log } = this.#parts;
    const now = engine.now();
    if (seen === 'not') {
      if (!this.#clearSince.has(id)) this.#clearSince.set(id, now);
    } else if (seen !== 'unknown') this.#clearSince.delete(id);
    const known = book.alerts.get(id);
    const before = known?.read();
    const settings = settingsOf(rule, book.rules.get(rule));
    // What is off, or whose node is gone, is over at once.
    const isOver = settings.state === 'off' || (before !== undefined && this.#isGone(before));
    const after = next(before, seen, {
      ...{ rule, node, now, silence: silenceOf(book.silences, { rule, subject }, now) },
      settings: isOver ? { ...settings, clearMs: 0 } : settings,
      clearSince: this.#clearSince.get(id),
    });
    if (after === undefined || after === before) {
      // A note that it is over is done once it is.
      const isWaiting = seen === 'not' && before !== undefined && before.state !== 'resolved';
      return !isWaiting;
    }
    if (known === undefined) await this.#makeRoom(book);
    const refused = await putAlert(engine, after, known?.version ?? 0, limits);
    if (refused !== undefined) return false;
    if (after.tells !== undefined) {
      const { severity, evidence, text } = after;
      log(after.tells === 'firing' ? 'warn' : 'info', `alert ${after.tells}`, {
        ...{ alert: id, rule, subject, severity, evidence, text: text.en },
      });
    }
    if (after.state === 'resolved') this.#clearSince.delete(id);
    return true;
  }

  /** The oldest that are over make room. */
  async #makeRoom({ alerts }: Book): Promise<void> {
    const { engine, limits } = this.#parts;
    if (alerts.size < limits.alertsMax) return;
    const over = [...alerts.values()].filter((one: Document<Alert>) => {
      const { state, isStillSo } = one.read();
      return state === 'resolved' && isStillSo !== true;
    });
    over.sort((one, other) => (one.read().resolvedAt ?? 0) - (other.read().resolvedAt ?? 0));
    for (const { key } of over.slice(0, 1 + alerts.size - limits.alertsMax))
      await ALERTS.delete(engine, key);
  }

  /** What /metrics shows. */
  async #count(book: Book): Promise<void> {
    this.#open = [...book.alerts.values()]
      .map((one) => one.read())
      .filter(({ node, state }) => node === this.#parts.node && state !== 'resolved')
      .map(({ rule, severity, state }) => ({ rule, severity, state }));
  }
}
