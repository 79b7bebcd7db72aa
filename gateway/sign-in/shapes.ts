// What signing in is to the rest of the gateway. Owns: the shapes of what is asked and answered. Never touches: how any of it is done.

import type { AuditContext } from '../../engine/index.js';
import type { Member, OwnTokenAnswer, Seat, Session } from '../oauth/shapes.js';
import type { Refusal } from '../refusal.js';
import type { NewCodes } from './one-time-codes.js';

/** `invitation`: a platform has asked the member in. `confirmation`: the member registers by itself. `reset`: a new password. */
export const LETTER_KINDS = ['invitation', 'confirmation', 'reset'] as const;
export type LetterKind = (typeof LETTER_KINDS)[number];

/** Who asks from where. */
export interface Asked {
  readonly seat: Seat;
  /** The cookie of a browser that has signed in before (signin.T1); undefined: it has none. */
  readonly device?: string | undefined;
  /** As the audit trail of the ledger is told; undefined: it keeps nothing of it. */
  readonly audit?: AuditContext | undefined;
}

/** Somebody has signed in. */
export interface SignedIn {
  readonly session: Session;
  /** The value of the session's cookie: here and nowhere else. */
  readonly cookie: string;
  /** The value of the browser's own cookie: by it the browser is known when it signs in again. */
  readonly device: string;
}

/** A link, looked at without being used. */
export interface LetterSeen {
  readonly kind: LetterKind;
  /** With what the member signs in afterwards, as it was typed; undefined: the member says so now (`login` of `useLetter`). */
  readonly login: string | undefined;
  /** Milliseconds since 1970: until when it is good. */
  readonly until: number;
}

/** Where a link is sent: to one of them. */
export interface Address {
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
}

/** A link that is to be sent to a member by a platform, or by an operator. */
export interface Invitation {
  readonly owner: string;
  /** Whose contact and channels are used; '': the ledger's own. */
  readonly scope: string;
  /** Left out: the address that is known of the member there. */
  readonly address?: Address | undefined;
  /** Who asks; undefined: an operator. A platform asks for users of its own alone. */
  readonly platform?: string | undefined;
}

/** Whether somebody signs in. */
export interface SignInState {
  readonly owner: string;
  readonly state: 'none' | 'open' | 'closed';
  /** Milliseconds since 1970. */
  readonly createdAt?: number | undefined;
  readonly passwordAt?: number | undefined;
}

/** What is known of a member's second factor. `waiting`: a secret is to be confirmed. */
export interface SecondFactorState {
  readonly owner: string;
  readonly state: 'none' | 'waiting' | 'on';
  /** Milliseconds since 1970. */
  readonly since?: number | undefined;
  /** How many codes for who has lost the phone are left. */
  readonly recoveryCodes?: number | undefined;
}

/** Who asks about its own second factor; `grant`: the session, or another grant, that it asks by. */
export interface OwnFactor extends Asked {
  readonly member: string;
  readonly grant?: string | undefined;
}

/** A member's second factor: one-time codes of a phone (TOTP, RFC 6238), and codes for who has lost it. */
export interface SecondFactors {
  state(of: {
    readonly owner: string;
    readonly member: string;
  }): Promise<Refusal | SecondFactorState>;
  /** A new secret, which counts once a code of it confirms it. Where there are codes, it takes one of them. `PASSWORD_WRONG`, `CODE_REQUIRED`, `CODE_WRONG`. */
  begin(
    of: OwnFactor & { readonly password: string; readonly code?: string | undefined },
  ): Promise<Refusal | (NewCodes & { readonly until: number })>;
  /** The codes of a new secret count from now on; all other sessions end, this one has proved it. `SECOND_FACTOR_NONE`, `CODE_WRONG`. */
  confirm(
    of: OwnFactor & { readonly code: string },
  ): Promise<Refusal | { readonly recoveryCodes: readonly string[] }>;
  /** A session has proved it: until when that counts (milliseconds since 1970). `SECOND_FACTOR_NONE`, `CODE_WRONG`, `LOGIN_LATER`. */
  prove(
    of: OwnFactor & { readonly grant: string; readonly code: string },
  ): Promise<Refusal | { readonly until: number }>;
  /** Other codes for who has lost the phone: those before are good no more. */
  renewRecovery(
    of: OwnFactor & { readonly password: string; readonly code: string },
  ): Promise<Refusal | { readonly recoveryCodes: readonly string[] }>;
  /** There is none any more; all other sessions end. `said`: by the member; undefined: it is an operator who removes it. */
  remove(
    of: OwnFactor & {
      readonly said: { readonly password: string; readonly code?: string | undefined } | undefined;
    },
  ): Promise<Refusal | undefined>;
}

/** What members sign in with. Every function answers a refusal where it says no. */
export interface SignIn {
  /** The public URL of the server, without a slash at its end: what links begin with. */
  readonly publicUrl: string;
  /** Passwords that were made or compared, ever. */
  readonly passwords: number;
  /** Resolves once what goes on after its answer is done. */
  idle(): Promise<void>;

  readonly secondFactors: SecondFactors;

  /**
   * `LOGIN_WRONG`; `LOGIN_LATER` with `retryAfterSeconds`; `SIGN_IN_BUSY`; `CODE_REQUIRED`, `CODE_WRONG`, where there is a second factor, once the password was
   * right. Says nothing of whether there is such a login name (signin.E1).
   */
  signIn(
    of: {
      readonly login: string;
      readonly password: string;
      readonly code?: string | undefined;
    } & Asked,
  ): Promise<Refusal | SignedIn>;
  /** Ends the session of a cookie; of none it does nothing. */
  signOut(cookie: string): Promise<Refusal | undefined>;
  /** What the member of an account signs in with, to be shown to who is signed in; undefined: it is not known. */
  shownName(member: string): Promise<Refusal | string | undefined>;

  /** Has a link sent to a mail address; the same is answered whether the address is somebody's or not. `REGISTRATION_CLOSED`, `LOGIN_INVALID`. */
  register(
    of: { readonly programme: string; readonly login: string; readonly lang?: 'zh' | 'en' } & Asked,
  ): Promise<Refusal | undefined>;
  /** Has a link sent by which a new password is set, if the login name is anybody's; the same is answered either way. */
  startReset(of: { readonly login: string } & Asked): Promise<Refusal | undefined>;
  /** Has a link sent to a member who signs in with nothing yet; the one before ends. */
  invite(invitation: Invitation, asked: Asked): Promise<Refusal | { readonly until: number }>;

  /** Looks at a link (`<public URL>/letters/<kind>#<letter>`: the whole or what is behind the #) and does not use it. `LETTER_NOT_FOUND`. */
  lookAtLetter(letter: string): Promise<Refusal | LetterSeen>;
  /**
   * Uses a link, once: the password is the member's from now on, who is signed in. `login`: of an invitation alone, a name of the member's choice; left out: the
   * mail address that the link went to. The same again with the same password within minutes is answered as the first time was.
   * `LETTER_NOT_FOUND`, `PASSWORD_WEAK`, `LOGIN_INVALID`, `LOGIN_TAKEN`, `LOGIN_LATER`, `SIGN_IN_BUSY`; of a reset `CODE_REQUIRED`, `CODE_WRONG`, where
   * there is a second factor.
   */
  useLetter(
    of: {
      readonly letter: string;
      readonly password: string;
      readonly login?: string | undefined;
      readonly code?: string | undefined;
    } & Asked,
  ): Promise<Refusal | SignedIn>;

  /** Another password, by who is signed in and knows the present one: all other sessions end. `except`: the session that goes on. */
  changePassword(
    of: {
      readonly member: string;
      readonly password: string;
      readonly newPassword: string;
      readonly except?: string | undefined;
    } & Asked,
  ): Promise<Refusal | undefined>;
  /** Whether an owner signs in, and since when. */
  state(owner: string): Promise<Refusal | SignInState>;
  /**
   * Ends an account, its sessions and what applications were given; the login name is free again. Points stay. `password`: said by the member; undefined: it is
   * an operator who ends it. `SIGN_IN_NOT_FOUND`, `PASSWORD_WRONG`.
   */
  close(
    of: { readonly member: string; readonly password: string | undefined } & Asked,
  ): Promise<Refusal | undefined>;

  /** Forgets all that an owner signs in with: who is erased. */
  forget(owner: string): Promise<Refusal | undefined>;
  /** What is kept of an owner that is sealed, as it is. */
  sealed(owner: string): Promise<Refusal | readonly string[]>;
  /** Seals anew what is known of an account; was it sealed otherwise before? */
  reseal(owner: string): Promise<Refusal | boolean>;

  /** A ticket for an embedded page of a platform: good once, for a short time. */
  ticket(of: {
    readonly owner: string;
    readonly platform: string;
  }): Promise<Refusal | { readonly ticket: string; readonly until: number }>;
  /** A token of the page in a platform's, for a ticket. `TICKET_INVALID`. */
  useTicket(ticket: string, seat: Seat): Promise<Refusal | OwnTokenAnswer>;

  /** A ticket by which a member proves that a platform's user is the member, too: good for one member, for a short time. */
  linkTicket(of: {
    readonly platform: string;
    readonly user: string;
  }): Promise<Refusal | { readonly ticket: string; readonly until: number }>;
  /** Makes another person's points the member's, with proof from both. */
  link(of: Linking & Asked): Promise<Refusal | Linked>;
}

/** Proof of mine: I am signed in and know the password. Proof of the other: a ticket of its platform, or its login name and password. */
export interface Linking extends Member {
  readonly password: string;
  readonly ticket?: string | undefined;
  readonly login?: string | undefined;
  readonly otherPassword?: string | undefined;
  /** Of the other account, where it has a second factor. */
  readonly otherCode?: string | undefined;
}

/** What came of linking. */
export interface Linked {
  /** Whose points those are now. */
  readonly owner: string;
  /** Who was merged into that one; undefined: the platform's user had no points yet, or was the member already. */
  readonly merged: string | undefined;
  /** The platform's user, where it was a ticket. */
  readonly user: { readonly system: string; readonly user: string } | undefined;
}
