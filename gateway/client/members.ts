// Members who are merged, and parted again; who are invited to sign in. Owns: what is asked, what is answered. Never touches: what goes over, links.

import type { ActCommand } from '../../engine/protocol/commands.js';
import type { MergeState } from '../../engine/protocol/member.js';
import type { Outcome, Refused } from '../../engine/protocol/outcomes.js';
import type { CallOptions } from './ending.js';
import type { SubmitOptions } from './options.js';
import { actOf, bodyOfAct } from './programmes.js';
import { type CommandRoute, part, partOf } from './routes.js';

/** Why, and under which id; left out: one is made. */
export interface MergeRequest {
  readonly reason: string;
  readonly id?: string | undefined;
}

/** What members need of a client. */
interface Calls {
  submitTo(
    command: ActCommand,
    to: (prepared: ActCommand) => CommandRoute | Refused,
    options: SubmitOptions,
  ): Promise<Outcome>;
  read(path: string, options: CallOptions): Promise<unknown>;
  post(path: string, body: object | undefined, options: CallOptions): Promise<unknown>;
}

/** Where a link is sent: to one address; left out: to the one that is known of the member. */
export interface InvitationRequest {
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  /** Of an operator: whose channels and contacts are used. */
  readonly platform?: string | undefined;
}

/** A ticket, told this once. */
export interface SignInTicket {
  readonly ticket: string;
  /** Seconds. */
  readonly expires_in: number;
}

/** What is known of a member's second factor. Times: milliseconds since 1970. */
export interface SecondFactorState {
  readonly owner: string;
  readonly state: 'none' | 'waiting' | 'on';
  readonly since?: number;
  readonly recoveryCodes?: number;
}

export class Members {
  readonly #calls: Calls;

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /** A member is merged into another one, who gets all points and what is counted; `days`: for how long it can be undone (30). As submit(). */
  merge(
    owner: string,
    { id, ...body }: MergeRequest & { readonly into: string; readonly days?: number | undefined },
    options: SubmitOptions = {},
  ): Promise<Outcome> {
    return this.#calls.submitTo(actOf('merge', owner, id, body), routeTo('merge'), options);
  }

  /** A merge is undone; `allowDebt`: also where the other one has too few points left. As submit(). */
  unmerge(
    owner: string,
    { id, ...body }: MergeRequest & { readonly allowDebt?: boolean | undefined },
    options: SubmitOptions = {},
  ): Promise<Outcome> {
    return this.#calls.submitTo(actOf('unmerge', owner, id, body), routeTo('unmerge'), options);
  }

  /** Has a link sent to a member by which it signs in from now on, until a time (milliseconds since 1970). Again: a new link, and the last one ends. */
  async invite(
    owner: string,
    to: InvitationRequest = {},
    options: CallOptions = {},
  ): Promise<{ readonly owner: string; readonly until: number }> {
    const path = `/v1/members/${part('owner', owner)}/invitations`;
    return (await this.#calls.post(path, to, options)) as { owner: string; until: number };
  }

  /** A ticket for the platform's embedded page of its user: good once, for a minute. */
  async signInTicket(owner: string, options: CallOptions = {}): Promise<SignInTicket> {
    const path = `/v1/members/${part('owner', owner)}/sign-in-tickets`;
    return (await this.#calls.post(path, undefined, options)) as SignInTicket;
  }

  /** A ticket by which a member proves to be the platform's user, who is signed in there: good for ten minutes, for one member. */
  async linkTicket(
    platform: string,
    user: string,
    options: CallOptions = {},
  ): Promise<SignInTicket> {
    const of = `${part('platform', platform)}/users/${part('user', user)}`;
    return (await this.#calls.post(
      `/v1/platforms/${of}/link-tickets`,
      undefined,
      options,
    )) as SignInTicket;
  }

  /** Whether a member has a second factor (`waiting`: it is to be confirmed), since when, how many recovery codes are left. */
  async secondFactor(owner: string, options: CallOptions = {}): Promise<SecondFactorState> {
    const path = `/v1/members/${part('owner', owner)}/second-factor`;
    return (await this.#calls.read(path, options)) as SecondFactorState;
  }

  /** By an operator, for who has lost phone and recovery codes: there is no second factor any more, and all sessions end. */
  async removeSecondFactor(owner: string, options: CallOptions = {}): Promise<void> {
    const path = `/v1/members/${part('owner', owner)}/second-factor/remove`;
    await this.#calls.post(path, {}, options);
  }

  /** Whether a member was merged, into whom, and who was merged into it. */
  async mergeState(owner: string, options: CallOptions = {}): Promise<MergeState> {
    const path = `/v1/members/${part('owner', owner)}/merge`;
    return (await this.#calls.read(path, options)) as MergeState;
  }
}

const routeTo =
  (what: string) =>
  (command: ActCommand): CommandRoute | Refused => {
    const { owner, ...body } = bodyOfAct(command) as Record<string, unknown>;
    const path = partOf('owner', owner, command.id);
    return typeof path === 'string'
      ? { method: 'POST', path: `/v1/members/${path}/${what}`, body }
      : path;
  };
