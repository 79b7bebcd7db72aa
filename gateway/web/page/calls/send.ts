// One request and its answer. Owns: what goes over the wire, how an answer is read. Never touches: attempts, who is signed in.

import { retryAfterMs } from '../../../client/pauses.js';
import { type Problem, problemOf, type Question } from './operation.js';

/** What the page is in: the browser, or a test. */
export interface World {
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** What one attempt may take on a slow network. */
const ATTEMPT_MS = 30_000;

export type Sent =
  | { readonly ok: true; readonly status: number; readonly body: unknown }
  | { readonly ok: false; readonly problem: Problem };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** Asks once, with the session's cookie where it may be known (by itself it permits nothing: signin.C1). Never rejects: where nothing came back that is a problem, too. */
export async function send(
  { fetch }: World,
  { method, path, body }: Question,
  token: string | undefined,
  isWithCookie = false,
): Promise<Sent> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (token !== undefined) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  try {
    const init: RequestInit & { readonly cache: 'no-store' } = {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      credentials: isWithCookie ? 'same-origin' : 'omit',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(ATTEMPT_MS),
    };
    const response = await fetch(path, init);
    return await read(response);
  } catch (error) {
    return { ok: false, problem: problemOf('OFFLINE', 0, String(error)) };
  }
}

async function read(response: Response): Promise<Sent> {
  const { status } = response;
  const type = response.headers.get('content-type') ?? '';
  const text = await response.text();
  if (response.ok && text === '') return { ok: true, status, body: undefined };
  const body = /json/.test(type) ? parsed(text) : undefined;
  if (response.ok && body !== undefined) return { ok: true, status, body };
  return { ok: false, problem: problemIn(response, body) };
}

/** What an answer that is none says. */
export async function readProblem(response: Response): Promise<Problem> {
  const type = response.headers.get('content-type') ?? '';
  return problemIn(response, /json/.test(type) ? parsed(await response.text()) : undefined);
}

function problemIn({ status, headers }: Response, body: unknown): Problem {
  const afterMs = retryAfterMs(headers.get('retry-after'));
  if (!isObject(body) || typeof body.code !== 'string')
    return { ...problemOf('FOREIGN', status), afterMs };
  return {
    code: body.code,
    status,
    detail: textOf(body.detail) ?? textOf(body.title) ?? body.code,
    field: textOf(body.field),
    retry: body.retry === true,
    afterMs,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
