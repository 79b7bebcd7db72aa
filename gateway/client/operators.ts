// People who run a ledger, and roles, through a gateway. Owns: paths, these shapes. Never touches: what a role permits.

import type { Operation } from '../../engine/protocol/grants.js';
import type { CallOptions } from './ending.js';
import type { Requests } from './requests.js';
import { part } from './routes.js';

/** An operator. Times: RFC 3339. */
export interface LedgerOperator {
  /** What the operator signs in with. */
  readonly operator: string;
  readonly name: string;
  readonly roles: readonly string[];
  /** It is refused. */
  readonly disabled: boolean;
  readonly version: number;
  /** Without one, an invitation is still to be used. */
  readonly hasPassword: boolean;
  /** Signing in takes a one-time code. */
  readonly hasCodes: boolean;
  readonly invitedUntil?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A link, told this once: whoever has it sets the password. */
export interface OperatorInvitation {
  readonly operator: string;
  readonly invitation: string;
  readonly until: string;
}

/** What is changed of an operator, over the version that was seen, or over any; what is left out stays. */
export interface OperatorChange {
  readonly name?: string | undefined;
  readonly roles?: readonly string[] | undefined;
  readonly disabled?: boolean | undefined;
  readonly ifVersion?: number | undefined;
}

/** A set of operations that operators have. `seconded`: what they do only where somebody else agrees. */
export interface LedgerRole {
  readonly role: string;
  readonly operations: readonly Operation[];
  readonly seconded?: readonly Operation[];
  readonly description?: string;
  readonly builtIn: boolean;
  /** Of one that is not built in. */
  readonly version?: number;
}

const OPERATORS = '/v1/operators';
const operatorOf = (operator: string, verb = ''): string =>
  `${OPERATORS}/${part('id', operator)}${verb}`;
const roleOf = (role: string): string => `/v1/roles/${part('id', role)}`;

/** Operators and roles: `client.operators`. */
export class Operators {
  readonly #requests: Requests;

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  /** Makes an account, and a link by which its operator sets a password. */
  add(
    operator: string,
    said: { readonly name: string; readonly roles: readonly string[] },
    options: CallOptions = {},
  ): Promise<LedgerOperator & OperatorInvitation> {
    return this.#requests.told('POST', OPERATORS, { operator, ...said }, options);
  }

  list(options: CallOptions = {}): Promise<{ readonly operators: readonly LedgerOperator[] }> {
    return this.#requests.told('GET', OPERATORS, undefined, options);
  }

  get(operator: string, options: CallOptions = {}): Promise<LedgerOperator> {
    return this.#requests.told('GET', operatorOf(operator), undefined, options);
  }

  change(
    operator: string,
    change: OperatorChange,
    options: CallOptions = {},
  ): Promise<LedgerOperator> {
    return this.#requests.told('PUT', operatorOf(operator), change, options);
  }

  /** Removes an operator, and ends all its sessions. */
  remove(operator: string, options: CallOptions = {}): Promise<LedgerOperator> {
    return this.#requests.told('DELETE', operatorOf(operator), undefined, options);
  }

  /** A link by which an operator sets a new password. The last link ends. */
  invite(operator: string, options: CallOptions = {}): Promise<OperatorInvitation> {
    return this.#requests.told('POST', operatorOf(operator, '/invitations'), {}, options);
  }

  /** Ends all sessions of an operator. */
  signOut(operator: string, options: CallOptions = {}): Promise<LedgerOperator> {
    return this.#requests.told('DELETE', operatorOf(operator, '/sessions'), undefined, options);
  }

  /** All roles, those that are built in first. */
  roles(options: CallOptions = {}): Promise<{ readonly roles: readonly LedgerRole[] }> {
    return this.#requests.told('GET', '/v1/roles', undefined, options);
  }

  /** Says what a role is, over the version that was seen (0: over none), or over any. */
  putRole(
    role: string,
    said: Pick<LedgerRole, 'operations' | 'seconded' | 'description'> & {
      readonly ifVersion?: number | undefined;
    },
    options: CallOptions = {},
  ): Promise<LedgerRole> {
    return this.#requests.told('PUT', roleOf(role), said, options);
  }

  /** Forgets a role that no operator has. */
  removeRole(role: string, options: CallOptions = {}): Promise<LedgerRole> {
    return this.#requests.told('DELETE', roleOf(role), undefined, options);
  }
}
