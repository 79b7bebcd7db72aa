// Members who are merged, and parted again. Owns: what is asked, what is answered. Never touches: what goes over.

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
