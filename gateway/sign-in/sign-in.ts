// What members sign in with, as the gateway has it. Owns: what goes on after its answer. Never touches: sockets, pages.

import type { OwnTokenAnswer, Seat } from '../oauth/shapes.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { openAccount } from './accounts.js';
import { forgetSignIn, resealSignIn, sealedSignIn } from './forgetting.js';
import { link } from './linking.js';
import { foldedLogin } from './login-names.js';
import { type Given, Parts } from './parts.js';
import { secondFactors } from './second-factor.js';
import { invite, register, reset } from './sending.js';
import { changePassword, close, loginOf, signIn, stateOf } from './sessions.js';
import type {
  Asked,
  Invitation,
  LetterSeen,
  Linked,
  Linking,
  SecondFactors,
  SignedIn,
  SignIn,
  SignInState,
} from './shapes.js';
import { linkTicket, pageTicket, usePageTicket } from './tickets.js';
import { lookAtLetter, useLetter } from './using.js';

/** Resets that are under way after their answer. */
const RESETS_MAX = 100;

export class MemberSignIn implements SignIn {
  readonly #parts: Parts;
  readonly #resets = new Set<Promise<void>>();

  readonly secondFactors: SecondFactors;

  constructor(given: Given) {
    this.#parts = new Parts(given);
    this.secondFactors = secondFactors(this.#parts);
  }

  /** Passwords that were made or compared, ever. */
  get passwords(): number {
    return this.#parts.passwords.count;
  }

  get publicUrl(): string {
    return this.#parts.publicUrl;
  }

  /** Waits for what goes on. */
  async idle(): Promise<void> {
    await Promise.all(this.#resets);
  }

  signIn(
    of: {
      readonly login: string;
      readonly password: string;
      readonly code?: string | undefined;
    } & Asked,
  ): Promise<Refusal | SignedIn> {
    return signIn(this.#parts, of);
  }

  async signOut(cookie: string): Promise<Refusal | undefined> {
    const { grants } = this.#parts;
    const session = await grants.session(cookie);
    if (session === undefined || isRefusal(session)) return session;
    const ended = await grants.endGrant(session.member, session.id);
    return isRefusal(ended) ? ended : undefined;
  }

  async shownName(member: string): Promise<Refusal | string | undefined> {
    const account = await openAccount(this.#parts.engine, member);
    return account === undefined || isRefusal(account) ? account : loginOf(this.#parts, account);
  }

  register(
    of: { readonly programme: string; readonly login: string; readonly lang?: 'zh' | 'en' } & Asked,
  ): Promise<Refusal | undefined> {
    return register(this.#parts, of);
  }

  async startReset({
    login,
    ...asked
  }: { readonly login: string } & Asked): Promise<Refusal | undefined> {
    const folded = foldedLogin(login);
    if (folded === undefined) return refuse('LOGIN_INVALID', 'login');
    const limited = this.#parts.guesses.tryFrom(asked);
    if (limited !== undefined) return limited;
    if (this.#resets.size >= RESETS_MAX) return refuse('SIGN_IN_BUSY');
    // What a look finds takes its time only after the answer (signin.E2).
    const going = reset(this.#parts, folded, asked)
      .then((no) => {
        if (no !== undefined && !no.retry) throw new Error(`a reset was refused: ${no.code}`);
      })
      .catch(this.#parts.onDefect)
      .finally(() => this.#resets.delete(going));
    this.#resets.add(going);
    return undefined;
  }

  invite(invitation: Invitation, asked: Asked): Promise<Refusal | { readonly until: number }> {
    return invite(this.#parts, invitation, asked);
  }

  lookAtLetter(letter: string): Promise<Refusal | LetterSeen> {
    return lookAtLetter(this.#parts, letter);
  }

  useLetter(
    of: {
      readonly letter: string;
      readonly password: string;
      readonly login?: string | undefined;
      readonly code?: string | undefined;
    } & Asked,
  ): Promise<Refusal | SignedIn> {
    return useLetter(this.#parts, of);
  }

  changePassword(
    of: {
      readonly member: string;
      readonly password: string;
      readonly newPassword: string;
      readonly except?: string | undefined;
    } & Asked,
  ): Promise<Refusal | undefined> {
    return changePassword(this.#parts, of);
  }

  state(owner: string): Promise<Refusal | SignInState> {
    return stateOf(this.#parts, owner);
  }

  close(
    of: { readonly member: string; readonly password: string | undefined } & Asked,
  ): Promise<Refusal | undefined> {
    return close(this.#parts, of);
  }

  forget(owner: string): Promise<Refusal | undefined> {
    return forgetSignIn(this.#parts, owner);
  }

  sealed(owner: string): Promise<Refusal | readonly string[]> {
    return sealedSignIn(this.#parts, owner);
  }

  reseal(owner: string): Promise<Refusal | boolean> {
    return resealSignIn(this.#parts, owner);
  }

  ticket(of: {
    readonly owner: string;
    readonly platform: string;
  }): Promise<Refusal | { readonly ticket: string; readonly until: number }> {
    return pageTicket(this.#parts, of);
  }

  useTicket(ticket: string, seat: Seat): Promise<Refusal | OwnTokenAnswer> {
    return usePageTicket(this.#parts, ticket, seat);
  }

  linkTicket(of: {
    readonly platform: string;
    readonly user: string;
  }): Promise<Refusal | { readonly ticket: string; readonly until: number }> {
    return linkTicket(this.#parts, of);
  }

  link(of: Linking & Asked): Promise<Refusal | Linked> {
    return link(this.#parts, of);
  }
}
