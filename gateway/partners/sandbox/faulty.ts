// A sandbox partner whose calls meet faults. Owns: what is done, and what is answered, by each of them; operations that are under way for long. Never
// touches: sockets, timers: whoever carries a fault out says when what is late arrives.
//   sandbox.F1. A fault is about one call: what the partner keeps stays true, and a call that meets none is answered as the contract says.

import type { PartnerCallName } from '../guarded.js';
import type { Sandbox, SandboxAnswer, SandboxRequest } from './core.js';
import type { Contradiction, Fault } from './faults.js';

/** What goes back: an answer, and how; `answer` left out: none ever. */
export interface Outcome {
  readonly answer: SandboxAnswer | undefined;
  readonly fault: Fault | undefined;
}

const INTERNAL_ERROR: SandboxAnswer = { status: 500, body: { status: 'failed' } };
const BUSY: SandboxAnswer = { status: 429, body: { status: 'busy' } };
const UNAUTHORIZED: SandboxAnswer = { status: 401, body: { status: 'unauthorized' } };
const MOVED: SandboxAnswer = { status: 307, body: {} };

/** Which call a request is; undefined: none of the contract. */
export function callOf({
  method,
  path,
}: Pick<SandboxRequest, 'method' | 'path'>): PartnerCallName | undefined {
  if (path === '/health') return 'health';
  const [, route = '', part] = /^\/api\/internal\/([a-z_]+)(\/.+)?$/.exec(path) ?? [];
  if (route === 'users') return method === 'POST' ? 'create_user' : 'user';
  if (route === 'operations') return part === undefined ? 'operations' : 'operation';
  return ['add', 'deduct', 'rollback', 'total_points'].includes(route)
    ? (route as PartnerCallName)
    : undefined;
}

/** Which operation a request is about; undefined: none. */
export function idOf({ path, body }: SandboxRequest): string | undefined {
  const [, part] = /^\/api\/internal\/operations\/(.+)$/.exec(path) ?? [];
  if (part !== undefined) return decodeURIComponent(part);
  const id = (body as { readonly transaction_id?: unknown } | null | undefined)?.transaction_id;
  return typeof id === 'string' ? id : undefined;
}

export class FaultySandbox {
  readonly core: Sandbox;
  /** What is under way, by operation. */
  readonly #late = new Map<string, SandboxRequest[]>();

  constructor(core: Sandbox) {
    this.core = core;
  }

  /** Carries a call out as its fault says. */
  async handle(request: SandboxRequest, fault: Fault | undefined): Promise<Outcome> {
    const answer = await this.#carry(request, fault);
    const id = idOf(request);
    // What was late comes after the rollback that it met.
    if (callOf(request) === 'rollback' && id !== undefined) await this.arrive(id);
    return { answer, fault };
  }

  async #carry(
    request: SandboxRequest,
    fault: Fault | undefined,
  ): Promise<SandboxAnswer | undefined> {
    switch (fault?.fault) {
      case 'fail':
        return INTERNAL_ERROR;
      case 'busy':
        return BUSY;
      case 'unauthorized':
        return UNAUTHORIZED;
      case 'moved':
        return MOVED;
      case 'drop':
      case 'stall':
        return undefined;
      case 'delay': {
        const id = idOf(request) ?? '';
        this.#late.set(id, [...(this.#late.get(id) ?? []), request]);
        return undefined;
      }
      case 'fail_after':
        await this.core.handle(request);
        return INTERNAL_ERROR;
      case 'lose':
        await this.core.handle(request);
        return undefined;
      case 'repeat':
        await this.core.handle(request);
        return this.core.handle(request);
      case 'refuse':
        return this.core.refuse(request);
      case 'contradict':
        return contradicting(await this.core.handle(request), fault.what ?? 'amount');
      default:
        return this.core.handle(request);
    }
  }

  /** Has what is under way arrive: of one operation, or all of it. */
  async arrive(id?: string): Promise<void> {
    const some = id === undefined ? [...this.#late.keys()] : [id];
    for (const one of some) {
      const requests = this.#late.get(one) ?? [];
      this.#late.delete(one);
      for (const request of requests) await this.core.handle(request);
    }
  }

  /** Is anything under way? */
  get isLate(): boolean {
    return this.#late.size > 0;
  }
}

const OTHER_STATUS: Readonly<Record<string, string>> = {
  completed: 'rolled_back',
  rolled_back: 'completed',
  refused: 'completed',
  void: 'completed',
};

/** Another thing than what is. Of what is no operation the answer stays as it is. */
function contradicting(answer: SandboxAnswer, what: Contradiction): SandboxAnswer {
  const body = answer.body as Readonly<Record<string, unknown>>;
  const { transaction_id, amount, status, type } = body;
  if (transaction_id === undefined) return answer;
  const others = {
    amount: Number(amount) + 1,
    user_id: 'somebody-else',
    type: type === 'add' ? 'deduct' : 'add',
    asset: 'other_points',
    status: OTHER_STATUS[String(status)] ?? 'completed',
    transaction_id: `${transaction_id}-other`,
  };
  return { status: 200, body: { ...body, [what]: others[what] } };
}
