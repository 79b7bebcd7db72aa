// Does a principal's permission extend to what is asked? Owns: which operations and assets a command
// takes. Never touches: credentials, state (it asks the engine where a command does not say).
//   A15. A command is permitted only where every part of it is, before anything of it is done.
//   A16. Which asset a hold or a transfer is in never changes, so looking first and acting then is
//        no race.

import { type Command, type Engine, homeOwner, type Refused } from '../../engine/index.js';
import { isRefusal, type Refusal, refuse } from '../http/problem.js';
import { OPERATIONS, type Operation, type Principal } from './principal.js';

/** A part of a command: whose points, and what it takes to be allowed to do it. */
export interface Part {
  readonly operation: Operation;
  /** Undefined: it is in none. */
  readonly asset: string | undefined;
  /** It concerns the whole ledger: not for those who are restricted to assets. */
  readonly whole?: boolean | undefined;
  /** The field that says so. */
  readonly field: string;
}

/** May a principal do everything there is? Then nothing has to be looked at. */
export const isUnlimited = ({ operations, assets }: Principal): boolean =>
  assets === undefined && operations.size === OPERATIONS.length;

/** What is missing for a part, if anything. */
export function partProblem(
  { operations, assets }: Principal,
  { operation, asset, field, whole }: Part,
): Refusal | undefined {
  if (!operations.has(operation)) {
    const detail = `${field} takes the permission to ${operation}.`;
    return refuse('OPERATION_FORBIDDEN', field, detail);
  }
  if (assets === undefined) return undefined;
  if (whole !== true && (asset === undefined || assets.has(asset))) return undefined;
  return refuse('ASSET_FORBIDDEN', field);
}

const isSystem = (owner: unknown): boolean => typeof owner === 'string' && owner.startsWith('@');

/** What it takes to move points from one owner to another. */
export function movement(from: unknown, to: unknown): Operation {
  if (isSystem(from)) return from === '@issue' && !isSystem(to) ? 'earn' : 'admin';
  if (!isSystem(to)) return 'transfer';
  return to === '@redeem' ? 'redeem' : 'spend';
}

type Movements = Pick<Extract<Command, { type: 'transfer' }>, 'legs' | 'condition' | 'followUps'>;

function transferParts({ legs, condition, followUps }: Movements, path = ''): Part[] {
  // What is malformed is for the engine to refuse: it does nothing.
  const parts: Part[] = Array.isArray(legs)
    ? legs.map((leg, at) => ({
        operation: movement(leg?.from, leg?.to),
        asset: leg?.asset,
        field: `${path}legs[${at}]`,
      }))
    : [];
  // A condition tells something of a balance.
  if (condition !== undefined)
    parts.push({ operation: 'read', asset: condition?.asset, field: `${path}condition` });
  if (Array.isArray(followUps))
    followUps.forEach((one, at) => {
      parts.push(...transferParts({ ...one }, `followUps[${at}].`));
    });
  return parts;
}

/** What a command takes, where it says so itself; undefined: what it works on must be looked at. */
export function directParts(command: Command): readonly Part[] | undefined {
  switch (command.type) {
    case 'transfer':
      return transferParts(command);
    case 'hold':
      return [{ operation: 'spend', asset: command.asset, field: 'asset' }];
    case 'capture':
    case 'release':
    case 'reverse':
      return undefined;
    case 'put-record':
    case 'delete-record':
      return [{ operation: 'admin', asset: undefined, field: 'owner', whole: true }];
    case 'define-asset':
      return [{ operation: 'admin', asset: command.asset, field: 'asset', whole: true }];
    default:
      return [{ operation: 'admin', asset: command.asset, field: 'asset' }];
  }
}

/** What a command takes; a refusal where what it works on cannot be looked at, undefined: there is nothing. */
async function partsOf(engine: Engine, command: Command): Promise<readonly Part[] | Refused> {
  if (command.type === 'reverse') return reversalParts(engine, command);
  if (command.type === 'capture' || command.type === 'release') return holdParts(engine, command);
  return directParts(command) ?? [];
}

async function holdParts(
  engine: Engine,
  command: Extract<Command, { type: 'capture' | 'release' }>,
): Promise<readonly Part[] | Refused> {
  const hold = await engine.transfer(command.owner, command.holdId);
  if (isRefusal(hold)) return hold;
  const parts: Part[] = [];
  const asset = hold?.command.type === 'hold' ? hold.command.asset : undefined;
  parts.push({ operation: 'spend', asset, field: 'holdId' });
  if (command.type === 'capture') {
    const operation = movement(command.owner, command.to);
    if (operation !== 'redeem') parts.push({ operation, asset, field: 'to' });
  }
  return parts;
}

// Who may undo a movement: who may make it. To leave its receiver in debt takes an administrator.
async function reversalParts(
  engine: Engine,
  { owner, transferId, allowDebt }: Extract<Command, { type: 'reverse' }>,
): Promise<readonly Part[] | Refused> {
  const found = await engine.transfer(owner, transferId);
  if (isRefusal(found)) return found;
  const parts: Part[] = [];
  if (found?.command.type === 'transfer') parts.push(...transferParts(found.command));
  else if (found?.command.type === 'capture') {
    const captured = await holdParts(engine, found.command);
    if (isRefusal(captured)) return captured;
    parts.push(...captured);
  }
  // Nothing there, or nothing that can be reversed: the engine says so to whoever may move points.
  if (allowDebt === true) parts.push({ operation: 'admin', asset: undefined, field: 'allowDebt' });
  return parts.map((part) => ({ ...part, field: 'transferId' }));
}

/** What is missing for a command, if anything. */
export async function commandProblem(
  engine: Engine,
  principal: Principal,
  command: Command,
): Promise<Refusal | undefined> {
  const parts = await partsOf(engine, command);
  return isRefusal(parts) ? parts : problemOfParts(principal, parts);
}

/** As commandProblem(), of a transfer: it says itself all that it takes. */
export const transferProblem = (principal: Principal, command: Command): Refusal | undefined =>
  command.type === 'transfer' ? problemOfParts(principal, transferParts(command)) : undefined;

/** What is missing for some of several parts, if anything. */
export function problemOfParts(principal: Principal, parts: readonly Part[]): Refusal | undefined {
  for (const part of parts) {
    const problem = partProblem(principal, part);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** What is missing to read an asset's figures, if anything. */
export const readProblem = (
  principal: Principal,
  asset: string,
  field: string,
): Refusal | undefined => partProblem(principal, { operation: 'read', asset, field });

/** The assets in which a command moves points, as far as it says. */
export async function assetsOf(
  engine: Engine,
  command: Command,
): Promise<readonly string[] | Refused> {
  const parts = await partsOf(engine, command);
  if (isRefusal(parts)) return parts;
  return parts.flatMap(({ asset }) => (asset === undefined ? [] : [asset]));
}

/** The users whose limits a command counts against, each with the operation. */
export function usersOf(command: Command): readonly (readonly [string, Operation])[] {
  if (command.type !== 'transfer') {
    const owner = homeOwner(command);
    return command.type === 'hold' && typeof owner === 'string' ? [[owner, 'spend']] : [];
  }
  const { followUps } = command;
  const all = [command, ...(Array.isArray(followUps) ? followUps : [])];
  return all.flatMap((movements) => usersIn(movements?.legs));
}

// One transfer is one operation of each of its users, however many legs it has.
function usersIn(legs: Movements['legs'] | undefined): (readonly [string, Operation])[] {
  if (!Array.isArray(legs)) return [];
  const found = new Map<string, readonly [string, Operation]>();
  for (const leg of legs) {
    const operation = movement(leg?.from, leg?.to);
    const user = operation === 'earn' ? leg?.to : leg?.from;
    if (typeof user === 'string' && !isSystem(user))
      found.set(`${user} ${operation}`, [user, operation]);
  }
  return [...found.values()];
}
