// Operators sign in, and what they set for themselves: password, one-time codes. Owns: the order in which that is judged and done. Never touches: records of
// sessions, sockets.
//   operators.E1. No answer, and no work that is done for it, says whether there is an operator of a name, or whether it is refused, to who has not the password.
//   operators.E2. A try is counted in records before a password is compared; it counts no more once password and code were right.
//   operators.E3. A new password, new codes, and an invitation that is used, end all other sessions, in the commit that writes them.

import type { Engine } from '../../engine/index.js';
import type { Sealer } from '../auth/sealing.js';
import { changedBy, type OwnLedger } from '../documents.js';
import type { GatewayLimits } from '../limits.js';
import { isDigestOf } from '../oauth/credentials.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import type { Counted } from '../sign-in/attempts.js';
import { Guesses } from '../sign-in/guesses.js';
import { CONFIRM_MS } from '../sign-in/one-time-codes.js';
import { newPassword, normalPassword } from '../sign-in/password-rules.js';
import type { Passwords } from '../sign-in/passwords.js';
import { type NewCodes, newCodes, stepOf } from './codes.js';
import { changeOperator, findOperator } from './operators.js';
import type { Sessions } from './sessions.js';
import type { Asked, Holder, KeyHolder, LiveSession, Opened, StoredOperator } from './shapes.js';

interface SignInParts {
  readonly engine: Engine;
  readonly sealer: Sealer;
  readonly limits: GatewayLimits;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  /** Without a slash at its end. */
  readonly publicUrl: string;
  /** Who has this key, if anybody: an issued key's id, or the administrator. */
  readonly keyOf: (key: string) => Promise<Refusal | KeyHolder>;
}

/** An operator who has said the password again, and the account as it was then. */
interface Known {
  readonly operator: string;
  readonly account: StoredOperator;
}

/** Characters of a name as it comes that are looked at. */
const NAME_MAX = 100;

const holderOf = (operator: string, { life, generation }: StoredOperator): Holder => ({
  ...{ operator, life, generation },
});

/** An invitation, read: a link, or what is behind its #. */
function readInvitation(text: string): { readonly operator: string; readonly secret: string } {
  const secret = text.slice(text.indexOf('#') + 1);
  return { secret, operator: secret.slice(0, Math.max(0, secret.lastIndexOf('.'))) };
}

const isInvited = (
  { invitation, disabled }: StoredOperator,
  secret: string,
  now: number,
): boolean =>
  !disabled &&
  invitation !== undefined &&
  invitation.until > now &&
  isDigestOf(invitation.hash, secret);

export class OperatorSignIn {
  readonly #parts: SignInParts;
  readonly #guesses: Guesses;
  readonly sessions: Sessions;
  readonly publicUrl: string;

  constructor(parts: SignInParts) {
    this.#parts = parts;
    this.#guesses = new Guesses(parts.limits);
    this.sessions = parts.sessions;
    this.publicUrl = parts.publicUrl;
  }

  get #now(): number {
    return this.#parts.engine.now();
  }

  /** The ledger's own records as an operator changes them: the log names who asked. */
  #records({ audit }: Asked, operator: string): OwnLedger {
    const by = audit && { ...audit, principal: `operator:${operator}` };
    return changedBy(this.#parts.engine, by);
  }

  #digest(operator: string): string {
    return this.#parts.sealer.mac('operator', [operator]);
  }

  /** By a key: the session is the key's, and ends with it. `UNAUTHORIZED`. */
  async byKey({ key, ...asked }: { readonly key: string } & Asked): Promise<Refusal | Opened> {
    const holder = await this.#parts.keyOf(key);
    return isRefusal(holder) ? { ...holder, field: 'key' } : this.#open(holder, asked, undefined);
  }

  /** By password, and by a code where the operator has codes. `LOGIN_WRONG`, `LOGIN_LATER`, `CODE_REQUIRED`, `CODE_WRONG`. */
  async byPassword({
    login,
    password,
    code,
    ...asked
  }: {
    readonly login: string;
    readonly password: string;
    readonly code?: string | undefined;
  } & Asked): Promise<Refusal | Opened> {
    const { engine, passwords } = this.#parts;
    const operator = login.slice(0, NAME_MAX).normalize('NFKC').toLowerCase();
    const counted = await this.#guesses.count(engine, this.#digest(operator), this.#now, asked);
    if (isRefusal(counted)) return counted;
    const found = await findOperator(engine, operator);
    if (isRefusal(found)) return found;
    const account = found?.read();
    const kept = account?.disabled === true ? undefined : account?.password;
    const text = normalPassword(password) ?? '';
    const right = await passwords.isRight(kept, text);
    if (isRefusal(right)) return right;
    if (!right || account === undefined) return refuse('LOGIN_WRONG');
    if (account.codes !== undefined && code === undefined)
      return (await this.#giveBack(counted, asked)) ?? refuse('CODE_REQUIRED', 'code');
    const used = await this.#passed(operator, account, text, code);
    if (isRefusal(used)) return used;
    this.#guesses.wasRight(asked, counted);
    const device = await this.#known(operator, asked, counted);
    if (isRefusal(device)) return device;
    return this.#open(holderOf(operator, used), asked, device);
  }

  async #giveBack(counted: Counted, asked: Asked): Promise<Refusal | undefined> {
    this.#guesses.wasRight(asked, counted);
    return this.#guesses.attempts.giveBack(this.#parts.engine, counted, this.#now);
  }

  /** The browser is known from now on. */
  #known(operator: string, { device }: Asked, counted?: Counted): Promise<Refusal | string> {
    const of = { cookie: device, ...(counted && { counted }) };
    const { attempts } = this.#guesses;
    return attempts.succeeded(this.#parts.engine, this.#digest(operator), this.#now, of);
  }

  /** Uses a code up, and keeps the password by the present settings: the account as it is then. */
  async #passed(
    operator: string,
    account: StoredOperator,
    text: string,
    code: string | undefined,
  ): Promise<Refusal | StoredOperator> {
    const { engine, passwords } = this.#parts;
    const isOld = passwords.isOld(account.password ?? '');
    if (account.codes === undefined && !isOld) return account;
    const password = isOld ? await passwords.make(text) : account.password;
    if (isRefusal(password)) return password;
    return changeOperator(engine, operator, (now) => {
      if (now.password !== account.password || now.life !== account.life || now.disabled)
        return refuse('LOGIN_WRONG');
      const used = this.#codeUsed(operator, now, code);
      return isRefusal(used) ? used : { ...used, password };
    });
  }

  /** The account with a code used up; as it is, where it has no codes. */
  #codeUsed(
    operator: string,
    account: StoredOperator,
    code: string | undefined,
  ): Refusal | StoredOperator {
    const { codes } = account;
    if (codes === undefined) return account;
    if (code === undefined) return refuse('CODE_REQUIRED', 'code');
    const step = stepOf(this.#parts.sealer, operator, codes.sealed, code, this.#now);
    return step === undefined || step <= codes.step
      ? refuse('CODE_WRONG', 'code')
      : { ...account, codes: { ...codes, step } };
  }

  async #open(
    holder: Holder,
    { seat }: Asked,
    device: string | undefined,
  ): Promise<Refusal | Opened> {
    const opened = await this.sessions.open(holder, seat);
    if (isRefusal(opened)) return opened;
    const { cookie, live } = opened;
    const { idleUntil, until } = live.session;
    return { as: live.as, until: Math.min(idleUntil, until), cookie, device };
  }

  /** Looks at an invitation, and does not use it. `INVITATION_NOT_FOUND`. */
  async lookAtInvitation(
    text: string,
  ): Promise<
    Refusal | { readonly operator: string; readonly name: string; readonly until: number }
  > {
    const { operator, secret } = readInvitation(text);
    const found = await findOperator(this.#parts.engine, operator);
    if (isRefusal(found)) return found;
    const account = found?.read();
    if (account === undefined || !isInvited(account, secret, this.#now))
      return refuse('INVITATION_NOT_FOUND', 'invitation');
    return { operator, name: account.name, until: account.invitation?.until ?? 0 };
  }

  /** Uses an invitation, once: the password is the operator's from now on, codes are set up anew, and the operator is signed in. */
  async useInvitation({
    invitation: text,
    password,
    ...asked
  }: {
    readonly invitation: string;
    readonly password: string;
  } & Asked): Promise<Refusal | Opened> {
    const { operator, secret } = readInvitation(text);
    const seen = await this.lookAtInvitation(text);
    if (isRefusal(seen)) return seen;
    const kept = await this.#newPassword(operator, password, 'password');
    if (isRefusal(kept)) return kept;
    const made = await changeOperator(this.#records(asked, operator), operator, (now) => {
      if (!isInvited(now, secret, this.#now)) return refuse('INVITATION_NOT_FOUND', 'invitation');
      const { invitation: _, codes: __, newCodes: ___, ...rest } = now;
      return { ...rest, password: kept, generation: now.generation + 1 };
    });
    if (isRefusal(made)) return gone(made);
    this.sessions.judgeAnew();
    const { attempts } = this.#guesses;
    const { engine } = this.#parts;
    // Browsers that were known by an earlier password are not any more.
    const no = await attempts.forget(engine, this.#digest(operator), this.#now);
    if (no !== undefined) return no;
    const device = await this.#known(operator, asked);
    return isRefusal(device) ? device : this.#open(holderOf(operator, made), asked, device);
  }

  async #newPassword(operator: string, text: string, field: string): Promise<Refusal | string> {
    const next = await newPassword(text, [operator], field);
    return isRefusal(next) ? next : this.#parts.passwords.make(next);
  }

  /**
   * Does what takes the password again, of who is signed in. The try is counted before the password is compared, and counts on where password or code was
   * wrong.
   */
  async #own<T>(
    { session: { of } }: LiveSession,
    password: string,
    act: (known: Known) => Promise<Refusal | T>,
  ): Promise<Refusal | T> {
    const { engine, passwords } = this.#parts;
    if (!('operator' in of)) return refuse('OPERATION_FORBIDDEN', undefined, NO_ACCOUNT);
    const { operator } = of;
    const { attempts } = this.#guesses;
    const now = this.#now;
    const counted = await attempts.count(engine, this.#digest(operator), now, { isOwn: true });
    if (isRefusal(counted)) return counted;
    const found = await findOperator(engine, operator);
    if (isRefusal(found)) return found;
    const account = found?.read();
    const right = await passwords.isRight(account?.password, normalPassword(password) ?? '');
    if (isRefusal(right)) return right;
    if (!right || account === undefined) return refuse('PASSWORD_WRONG', 'password');
    const done = await act({ operator, account });
    if (isRefusal(done) && done.code === 'CODE_WRONG') return done;
    return (await attempts.giveBack(engine, counted, this.#now)) ?? done;
  }

  /** Changes the account of a session, all other sessions of which end. `change` is given the account as it is then. */
  async #changed(
    live: LiveSession,
    asked: Asked,
    { operator, account }: Known,
    change: (now: StoredOperator) => Refusal | StoredOperator,
  ): Promise<Refusal | undefined> {
    const { of } = live.session;
    const made = await changeOperator(this.#records(asked, operator), operator, (now) => {
      const isSame =
        'life' in of &&
        now.life === of.life &&
        now.generation === of.generation &&
        now.password === account.password &&
        !now.disabled;
      if (!isSame) return refuse('CHANGED_MEANWHILE');
      const next = change(now);
      return isRefusal(next) ? next : { ...next, generation: now.generation + 1 };
    });
    if (isRefusal(made)) return made;
    const no = await this.sessions.goOn(live, holderOf(operator, made));
    this.sessions.judgeAnew();
    return no;
  }

  /** Another password. `PASSWORD_WRONG`, `PASSWORD_WEAK`. */
  changePassword(
    live: LiveSession,
    asked: Asked,
    said: { readonly password: string; readonly newPassword: string },
  ): Promise<Refusal | undefined> {
    return this.#own(live, said.password, async (known) => {
      const password = await this.#newPassword(known.operator, said.newPassword, 'newPassword');
      if (isRefusal(password)) return password;
      // A link that somebody may have kept sets no other one.
      return this.#changed(live, asked, known, ({ invitation: _, ...now }) => ({
        ...{ ...now, password },
      }));
    });
  }

  /** A new secret of codes, which counts once a code confirms it. Where there are codes, it takes one of them. */
  beginCodes(
    live: LiveSession,
    asked: Asked,
    said: { readonly password: string; readonly code?: string | undefined },
  ): Promise<Refusal | NewCodes> {
    return this.#own(live, said.password, async ({ operator }) => {
      const made = newCodes(this.#parts.sealer, operator);
      const until = this.#now + CONFIRM_MS;
      const written = await changeOperator(this.#records(asked, operator), operator, (now) => {
        const used = this.#codeUsed(operator, now, said.code);
        return isRefusal(used) ? used : { ...used, newCodes: { sealed: made.sealed, until } };
      });
      return isRefusal(written) ? written : made;
    });
  }

  /** The codes of a new secret count from now on. `CODE_WRONG`. */
  async confirmCodes(live: LiveSession, asked: Asked, code: string): Promise<Refusal | undefined> {
    const { engine, sealer } = this.#parts;
    const { of } = live.session;
    if (!('operator' in of)) return refuse('OPERATION_FORBIDDEN', undefined, NO_ACCOUNT);
    const { operator } = of;
    const found = await findOperator(engine, operator);
    if (isRefusal(found)) return found;
    const account = found?.read();
    if (account === undefined) return refuse('SESSION_ENDED');
    return this.#changed(live, asked, { operator, account }, ({ newCodes: fresh, ...now }) => {
      const at = this.#now;
      const isOpen = fresh !== undefined && fresh.until > at;
      const step = isOpen ? stepOf(sealer, operator, fresh.sealed, code, at) : undefined;
      if (fresh === undefined || step === undefined) return refuse('CODE_WRONG', 'code');
      return { ...now, codes: { sealed: fresh.sealed, step, at } };
    });
  }

  /** There are no codes any more. `CODES_REQUIRED`: they must be. */
  removeCodes(
    live: LiveSession,
    asked: Asked,
    said: { readonly password: string; readonly code: string },
  ): Promise<Refusal | undefined> {
    return this.#own(live, said.password, async (known) => {
      const { operatorCodesAfterSeconds } = this.#parts.limits;
      const { operator, account } = known;
      if (account.createdAt + operatorCodesAfterSeconds * 1_000 <= this.#now)
        return refuse('CODES_REQUIRED');
      return this.#changed(live, asked, known, (now) => {
        const used = this.#codeUsed(operator, now, said.code);
        if (isRefusal(used)) return used;
        const { codes: _, newCodes: __, ...rest } = used;
        return rest;
      });
    });
  }

  /** Ends the session of a cookie; of none it does nothing. */
  async signOut(cookie: string | undefined): Promise<Refusal | undefined> {
    const live = await this.sessions.session(cookie);
    if (isRefusal(live)) return live.code === 'SESSION_ENDED' ? undefined : live;
    const ended = await this.sessions.end(live.session.of, live.id);
    return isRefusal(ended) ? ended : undefined;
  }
}

const NO_ACCOUNT = 'This session was begun with a key, which has neither a password nor codes.';

/** An account that is not there any more has no invitation either. */
const gone = (refusal: Refusal): Refusal =>
  refusal.code === 'OPERATOR_NOT_FOUND' ? refuse('INVITATION_NOT_FOUND', 'invitation') : refusal;
