// The conformance suite as it is run. Owns: the order of the checks, what is told of them. Never touches: what they check.
//   conformance.R1. A check that is broken ends itself alone; the others are run all the same.

import { randomBytes } from 'node:crypto';
import { Destinations, hostOf } from '../../outbound/addresses.js';
import { type HttpLimits, httpPartner } from '../http.js';
import { Requests } from '../requests.js';
import { Asking, type AskingParts, type AskRaw, Broken } from './asking.js';
import { type Check, OPERATION_CHECKS } from './checks.js';
import { ACCESS_CHECKS, LIST_CHECKS } from './list-checks.js';

/** All checks, in their order. */
export const CHECKS: readonly Check[] = [...ACCESS_CHECKS, ...OPERATION_CHECKS, ...LIST_CHECKS];

export interface Conformance {
  readonly url: string;
  readonly token: string;
  /** A user that the partner knows, without points. */
  readonly user: string;
  readonly asset: string;
  /** As what system this ledger makes users at the partner. Default: `jifen-check`. */
  readonly sourceSystem?: string | undefined;
  readonly limits: HttpLimits;
  /** Which checks; left out: all. */
  readonly only?: readonly string[] | undefined;
}

/** What came of a check. */
export interface CheckResult {
  readonly name: string;
  readonly rule: string;
  readonly isKept: boolean;
  /** What is wrong; or what is to be said of it. */
  readonly detail?: string | undefined;
}

const RUN_BYTES = 6;

/** Runs the checks one after the other, and tells each one as it ends. The partner is asked at whatever address it is: it is named by hand. */
export async function checkPartner(
  { url, token, user, asset, sourceSystem = 'jifen-check', limits, only }: Conformance,
  tell: (result: CheckResult) => void,
): Promise<readonly CheckResult[]> {
  const destinations = new Destinations([hostOf(new URL(url))]);
  const adapter = httpPartner({ url, token }, destinations, limits);
  const requests = new Requests(destinations);
  const base = url.replace(/\/+$/, '');
  const { partnerTimeoutMs: timeoutMs, partnerPageBytesMax: bytesMax } = limits;
  const signal = new AbortController().signal;
  const raw: AskRaw = (method, path, { body, token: shown = token } = {}) =>
    requests.ask(
      { method, url: new URL(base + path), token: shown, body, timeoutMs, bytesMax },
      signal,
    );
  const run = `check-${randomBytes(RUN_BYTES).toString('hex')}`;
  const parts: AskingParts = { adapter, raw, user, asset, run, sourceSystem };
  const results: CheckResult[] = [];
  for (const check of CHECKS) {
    if (only !== undefined && !only.includes(check.name)) continue;
    const result = await resultOf(check, parts);
    results.push(result);
    tell(result);
  }
  adapter.close();
  requests.close();
  return results;
}

async function resultOf({ name, rule, run }: Check, parts: AskingParts): Promise<CheckResult> {
  const asking = new Asking(parts, name);
  try {
    return { name, rule, isKept: true, detail: await run(asking) };
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return { name, rule, isKept: false, detail: error.message };
  } finally {
    await asking.undo();
  }
}
