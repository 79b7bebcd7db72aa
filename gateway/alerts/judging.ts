// Which node judges what is about the whole ledger. Owns: the claim on it. Never touches: what is judged.
//   alerts.R4. One node at a time has the claim: it is written over the version that was seen, and said anew while its node lives. Another one takes it once
//       it was not said for `STALE_MS`. A node whose claim was taken finds that at its next look: until then two may judge, and of two that find the same, one
//       writes it (alerts.B1).
//   alerts.R5. The claim lies with the alerts: who can write it can write them.

import { Documents, type OwnLedger } from '../documents.js';
import { isRefusal } from '../refusal.js';

/** Who judges. */
interface Claim {
  readonly node: string;
  /** When it said so last, milliseconds since 1970. */
  readonly saidAt: number;
}

const CLAIMS = new Documents<Claim>('#alerts', 'judge');
const ONLY = 'ledger';
/** How often it is said anew; a claim that was not said for so long is nobody's. */
const SAY_MS = 20_000;
const STALE_MS = 60_000;

/**
 * Does a node judge what is about the whole ledger? It claims that where nobody does; the one with the first shard, which has seen most of it, whoever does.
 * `node`: empty, where it is the only one.
 */
export async function claimsJudging(
  ledger: OwnLedger,
  {
    node,
    isFirst,
    now,
  }: { readonly node: string; readonly isFirst: boolean; readonly now: number },
): Promise<boolean> {
  if (node === '') return true;
  const found = await CLAIMS.get(ledger, ONLY);
  if (isRefusal(found)) return false;
  const claim = found?.read();
  const isMine = claim?.node === node;
  const since = claim === undefined ? Number.POSITIVE_INFINITY : now - claim.saidAt;
  if (isMine ? since < SAY_MS : !isFirst && since < STALE_MS) return isMine;
  const no = await CLAIMS.put(ledger, ONLY, { node, saidAt: now }, found?.version ?? 0);
  return no === undefined;
}
