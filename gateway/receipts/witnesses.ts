// The witnesses that are asked to cosign. Owns: which there are, what one must be. Never touches: requests to them (asking.ts).

import { Documents, type OwnLedger } from '../documents.js';
import type { GatewayLimits } from '../limits.js';
import type { Destinations } from '../outbound/addresses.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { bodyReader } from '../schema/check.js';
import { WitnessBody } from '../schema/receipts.js';
import { COSIGNATURE, keyOf, ReceiptError } from './verify.js';

/** A witness, as it is kept and told. */
export interface WitnessRecord {
  readonly witness: string;
  /** For people. */
  readonly name?: string | undefined;
  /** Its public key, as a line. */
  readonly vkey: string;
  /** What `/add-checkpoint` follows. */
  readonly url: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** All witnesses, by id. */
export const WITNESSES = new Documents<WitnessRecord>('#witnesses', 'witness', 'witness');

const readBody = bodyReader(WitnessBody);

const wrong = (field: string, detail: string): Refusal =>
  refuse('WITNESS_INVALID', field, `${field}: ${detail}`);

function keyProblem(line: string): Refusal | undefined {
  try {
    const { type } = keyOf(line);
    if (type === COSIGNATURE) return undefined;
    return wrong('vkey', 'It is the key of a log; that of a witness is of type 4.');
  } catch (error) {
    if (error instanceof ReceiptError) return wrong('vkey', error.message);
    throw error;
  }
}

function urlProblem(text: string, destinations: Destinations): Refusal | undefined {
  if (!URL.canParse(text)) return wrong('url', 'It is no URL.');
  const url = new URL(text);
  if (url.search !== '' || url.hash !== '') return wrong('url', 'It ends with its path.');
  const problem = destinations.problem(url);
  return problem === undefined ? undefined : wrong('url', problem);
}

/** What witnesses are defined with. */
export interface WitnessParts {
  readonly ledger: OwnLedger;
  readonly limits: Pick<GatewayLimits, 'witnessesMax'>;
  readonly destinations: Destinations;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Says that there is a witness, or says it anew. */
export async function putWitness(
  { ledger, limits, destinations, now }: WitnessParts,
  witness: string,
  body: unknown,
): Promise<WitnessRecord | Refusal> {
  const fields = readBody(body);
  if (isRefusal(fields)) return fields;
  const problem = keyProblem(fields.vkey) ?? urlProblem(fields.url, destinations);
  if (problem !== undefined) return problem;
  const all = await WITNESSES.all(ledger);
  if (isRefusal(all)) return all;
  const found = all.find(({ key }) => key === witness);
  if (found === undefined && all.length >= limits.witnessesMax)
    return wrong('witness', `There are ${limits.witnessesMax} already, the most there may be.`);
  const vkey = fields.vkey.trim();
  const others = all.filter((one) => one !== found).map((one) => one.read());
  // Its cosignature would count twice.
  const twin = others.find((one) => one.vkey === vkey);
  if (twin !== undefined) return wrong('vkey', `It is the key of the witness ${twin.witness}.`);
  const kept = {
    ...{ ...fields, vkey, witness },
    ...{ createdAt: found?.read().createdAt ?? now, updatedAt: now },
  };
  return (await WITNESSES.put(ledger, witness, kept, found?.version ?? 0)) ?? kept;
}

/** Asks a witness nothing more. */
export async function removeWitness(
  ledger: OwnLedger,
  witness: string,
): Promise<WitnessRecord | Refusal> {
  const found = await WITNESSES.get(ledger, witness);
  if (isRefusal(found)) return found;
  if (found === undefined) return refuse('WITNESS_NOT_FOUND', 'witness');
  return (await WITNESSES.delete(ledger, witness)) ?? found.read();
}
