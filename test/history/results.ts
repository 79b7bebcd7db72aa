// What became of each command, out of every time it was asked. Owns: that all answers to one id agree (L5). Never touches: accounts.

import { type Entry, REFUSALS, type RefusalCode } from '../../engine/index.js';
import {
  type Answer,
  type Asked,
  type Attempt,
  chainOf,
  type History,
  mayPass,
  nameOf,
} from './operations.js';

type Posted = Extract<Answer, { state: 'posted' }>;

/** A command and what became of it. */
export interface Result {
  readonly name: string;
  readonly command: Asked;
  /** The first time that somebody asked for it. */
  readonly call: number;
  /** The first answer that told its outcome; Infinity: none did. */
  readonly ret: number;
  /** When it was first told to be prepared on its home shard; Infinity: never. */
  readonly openRet: number;
  readonly state: 'posted' | 'refused' | 'absent' | 'open' | 'unresolved';
  readonly posted: Posted | undefined;
  readonly code: string | undefined;
  /** Shards in the order in which they prepare; one: it is no cross-shard transfer. */
  readonly chain: readonly number[];
}

/** The results by id, which must be unique over all owners. Tells `fault` of answers that contradict each other. */
export function resultsOf(history: History, fault: (what: string) => void): Map<string, Result> {
  const results = new Map<string, Result>();
  for (const { command, attempts } of history.operations) {
    if (results.has(command.id)) throw new Error(`the id ${command.id} is used by two commands`);
    const chain = chainOf(command, history.shardOf);
    results.set(command.id, resultOf(command, attempts, chain, history.kills, fault));
  }
  return results;
}

const isOutcome = ({ answer }: Attempt): boolean =>
  answer.state === 'posted' || answer.state === 'refused';

function resultOf(
  command: Asked,
  attempts: readonly Attempt[],
  chain: readonly number[],
  kills: readonly number[],
  fault: (what: string) => void,
): Result {
  const name = nameOf(command);
  const asked = attempts.filter(({ isLookUp }) => !isLookUp);
  const told = attempts.filter(isOutcome);
  const call = Math.min(...asked.map((attempt) => attempt.call));
  const ret = Math.min(...told.map((attempt) => attempt.ret));
  const open = attempts.filter(({ answer }) => answer.state === 'open');
  const openRet = Math.min(...open.map((attempt) => attempt.ret));
  const first = told[0]?.answer;
  for (const { answer } of told) {
    if (first !== undefined && textOf(answer) !== textOf(first))
      fault(`${name} was answered ${textOf(first)}, and then ${textOf(answer)}`);
  }
  const known = mayPass(command) ? ret : Math.min(ret, openRet);
  for (const attempt of attempts)
    judge(name, attempt, { attempts, known, told: ret, kills }, fault);
  const last = attempts[attempts.length - 1]?.answer.state;
  const unsettled = last === 'absent' || last === 'open' ? last : 'unresolved';
  return {
    name,
    command,
    call,
    ret,
    openRet,
    state: first?.state === 'posted' || first?.state === 'refused' ? first.state : unsettled,
    posted: first?.state === 'posted' ? first : undefined,
    code: first?.state === 'refused' ? first.code : undefined,
    chain,
  };
}

/** All attempts; since when somebody had been told of it, and of its outcome; when nodes were killed. */
interface Circumstances {
  readonly attempts: readonly Attempt[];
  readonly known: number;
  readonly told: number;
  readonly kills: readonly number[];
}

function judge(
  name: string,
  attempt: Attempt,
  { attempts, known, told, kills }: Circumstances,
  fault: (what: string) => void,
): void {
  const { answer, call, ret, isLookUp } = attempt;
  if (answer.state === 'absent' && known < call) fault(`${name} was told, and then not found`);
  if (answer.state === 'open' && told < call) fault(`${name} was decided, and then open again`);
  if (isLookUp || (answer.state !== 'posted' && answer.state !== 'refused')) return;
  // What is refused for now is judged each time that it is asked for.
  const isKept = answer.state === 'posted' || isFinal(answer.code);
  if (isKept && !answer.replayed && told < call) fault(`${name} was carried out a second time`);
  const others = attempts.some((other) => other !== attempt && !other.isLookUp && other.call < ret);
  // A node repeats what it asked of one that was killed before it answered, and that one finds it in its log.
  const isRepeated = kills.some((at) => call < at && at < ret);
  if (answer.replayed && !others && !isRepeated)
    fault(`${name} was answered as a repeat, and nobody had asked before`);
}

const isFinal = (code: string): boolean => REFUSALS[code as RefusalCode]?.kept === 'final';

function textOf(answer: Answer): string {
  if (answer.state === 'refused') return answer.code;
  if (answer.state !== 'posted') return answer.state;
  const { shard, seq, entries, effects } = answer;
  const told = effects === undefined ? '' : ` ${JSON.stringify(effects)}`;
  return `posted in ${shard}/${seq}: ${entries.map(entryText).join(', ')}${told}`;
}

const entryText = ({ owner, asset, version, delta, heldDelta, available, held }: Entry): string =>
  `${owner} ${asset} ${version} ${delta} ${heldDelta} ${available} ${held}`;
