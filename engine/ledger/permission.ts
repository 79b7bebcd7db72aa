// May the caller do this? Judged in the shard, in the commit that does it. Owns: what every command and query takes.
// Never touches: credentials; state, but to read what a command works on.
//   ledger.G7. What a command works on (a hold, a transfer) is looked up in the same turn in which the command is decided: nothing
//       comes between.
//   ledger.G8. A repeated command is judged like the first one: by what is stored under its id, which is the same command.
//   ledger.G5. What is not there is nobody's: who is restricted to assets is told so, and nothing is kept of it under the id.
//   ledger.G6. Refusals by grants are never kept.
//   ledger.G9. An asset is looked for among those of the operation that is asked for (Granted.assetsOf), never among those of others.
//   ledger.G10. Who asks as a member (Granted.isMember) may ask for acts that are for members (Act.own), for itself, and take back those that say so: no
//       movements, holds or reversals by hand, whatever operations it has.

import type { Act } from '../programme/act.js';
import { kindOf } from '../programme/definitions/index.js';
import { needsOf } from '../programme/permitted.js';
import { saidIn, type Tuple, unpackTuples } from '../protocol/codec.js';
import type { CommandView } from '../protocol/command-view.js';
import type { Command, Said } from '../protocol/commands.js';
import {
  assetForbidden,
  EVERYTHING,
  expiryForbidden,
  type Granted,
  type Operation,
  operationForbidden,
  ownerForbidden,
} from '../protocol/grants.js';
import { homeOwnerOfTuple } from '../protocol/home.js';
import { LEG, LEG_PLACES, OP, PLACES } from '../protocol/layout.js';
import { REFUSALS } from '../protocol/refusals.js';
import { MEMBER_SCOPE, scopeOf } from '../protocol/scope.js';
import { isImportOwner, isSystemOwner } from '../protocol/syntax.js';
import { planOfTuple } from '../transfer/carried.js';
import { causeIn } from '../transfer/caused.js';
import type { PastRecord } from './state.js';

/** May the caller make points last longer than they would, between users? */
export const mayLengthen = (granted: Granted): boolean =>
  granted.may('earn') || granted.may('adjust');

/** An act that there is none of: what comes of it is refused by itself. */
const UNKNOWN: Pick<Act, 'needs' | 'or' | 'own' | 'isOfWhole'> = { needs: [] };

type Handled = Exclude<Command['type'], 'transfer'>;

/** What is known under an id. */
interface Records {
  lookUp(owner: string, id: string): PastRecord | null;
  assetOfHold(owner: string, holdId: string): string | undefined;
}

/** What acts take, by name. */
interface Acts {
  get(name: string): Pick<Act, 'needs' | 'or' | 'own' | 'isOfWhole'> | undefined;
}

/** What commands about one account take, where that is not `admin`. */
const NEEDED: { readonly [T in Handled]?: Operation } = {
  hold: 'spend',
  'extend-lots': 'adjust',
  'freeze-account': 'freeze',
  'unfreeze-account': 'freeze',
  'close-account': 'freeze',
  'reopen-account': 'freeze',
};

/** What may be taken back by who may correct. */
const CORRECTED: ReadonlySet<Operation> = new Set([
  'earn',
  'spend',
  'transfer',
  'redeem',
  'adjust',
  'backdate',
]);

const {
  legs: LEGS,
  condition: CONDITION,
  followUps: FOLLOW_UPS,
  occurredAt: OCCURRED,
} = PLACES.transfer;

/** What it takes to say a definition of a kind; of a kind that there is none of, what it takes to do anything else. */
const takenBy = (kind: string): Operation => {
  const of = kindOf(kind);
  return of === undefined ? 'admin' : (of.needs ?? 'configure');
};

/** What it takes to move points from one owner to another. */
export function movement(from: string, to: string): Operation {
  if (isImportOwner(to)) return 'admin';
  if (isSystemOwner(from)) return isSystemOwner(to) ? 'admin' : (TO_USERS.get(from) ?? 'admin');
  if (!isSystemOwner(to)) return 'transfer';
  return to === '@redeem' ? 'redeem' : 'spend';
}

/** What it takes to move points to a user, by the system owner they come from. */
const TO_USERS: ReadonlyMap<string, Operation> = new Map([
  ['@issue', 'earn'],
  ['@redeem', 'adjust'],
  ['@expire', 'adjust'],
  ['@adjust', 'adjust'],
]);

/** Judges commands and queries of one caller. */
export class Permission {
  readonly #records: Records;
  readonly #acts: Acts;
  #granted: Granted = EVERYTHING;
  /** What it takes instead of what it takes to do it: `read`, to know what it came to; `correct`, to take it back. */
  #instead: 'read' | 'correct' | undefined;

  constructor(records: Records, acts: Acts) {
    this.#records = records;
    this.#acts = acts;
  }

  /** What keeps this caller from a command: a refusal's number as told (grants.ts), 0: nothing does. */
  ofCommand(granted: Granted, command: CommandView): number {
    return granted.mayEverything ? 0 : this.#doing(granted, command.tuple(), '');
  }

  /** What keeps this caller from asking again for what is known: what an act moves, its first record alone says. */
  ofRepeat(granted: Granted, { tuple }: PastRecord): number {
    return granted.mayEverything || tuple[1] !== OP.act ? 0 : this.#doing(granted, tuple, '');
  }

  /** Could this caller have asked for what was carried out? */
  couldAsk(granted: Granted, { tuple }: PastRecord): boolean {
    if (granted.isMember) return false;
    return granted.mayEverything || this.#doing(granted, tuple, 'id') === 0;
  }

  #doing(granted: Granted, tuple: Tuple, path: string): number {
    this.#granted = granted;
    this.#instead = undefined;
    return granted.isMember ? this.#ofMember(tuple, path) : this.#of(tuple, path);
  }

  /** A member asks for itself: for an act, or to take one back. */
  #ofMember(t: Tuple, field: string): number {
    if (t[1] === OP.act) return this.#ofAct(t, field);
    if (t[1] !== OP.reverse) return operationForbidden('admin', field);
    const said = saidIn<'reverse'>(t);
    const scope = this.#concerns(said.owner, field || 'owner');
    if (scope !== 0) return scope;
    const past = this.#records.lookUp(said.owner, said.transferId);
    if (past === null || !isPosted(past)) return REFUSALS.TRANSFER_NOT_FOUND.number;
    const place = field || 'transferId';
    const act = past.tuple[1] === OP.act ? saidIn<'act'>(past.tuple).act : '';
    const isTheirs = scopeOf(said.transferId) === MEMBER_SCOPE && said.allowDebt !== true;
    return isTheirs && this.#acts.get(act)?.own?.isWithdrawn === true
      ? this.#ofAct(past.tuple, place)
      : operationForbidden('admin', place);
  }

  /** What keeps this caller from knowing what became of a command. */
  ofRecord(granted: Granted, { tuple }: PastRecord): number {
    if (granted.mayEverything) return 0;
    this.#granted = granted;
    this.#instead = 'read';
    const refusal = this.#of(tuple, 'id');
    // What is known of something that is not there is that it is not.
    return refusal < 128 ? this.#takes('read', undefined, 'id') : refusal;
  }

  /** What keeps this caller from an owner's figures in an asset; undefined: in none by name. */
  ofFigures(granted: Granted, owner: string, asset: string | undefined, field: string): number {
    if (granted.mayEverything) return 0;
    this.#granted = granted;
    this.#instead = 'read';
    return this.#takes('read', asset, field) || this.#concerns(owner, 'owner');
  }

  /** What keeps this caller from what concerns the whole ledger. */
  ofWhole(granted: Granted, operation: Operation, field: string): number {
    if (granted.mayEverything) return 0;
    this.#granted = granted;
    this.#instead = operation === 'read' ? 'read' : undefined;
    return this.#whole(operation, field);
  }

  #whole(operation: Operation, field: string): number {
    const refusal = this.#takes(operation, undefined, field);
    if (refusal !== 0) return refusal;
    const needed = this.#needed(operation);
    if (this.#granted.assetsOf(needed) !== undefined) return assetForbidden(field);
    return this.#granted.owner === undefined ? 0 : ownerForbidden(field);
  }

  #needed(operation: Operation): Operation {
    if (this.#instead === 'correct') return CORRECTED.has(operation) ? 'correct' : operation;
    return this.#instead ?? operation;
  }

  /** An operation, and an asset where there is one. */
  #takes(operation: Operation, asset: string | undefined, field: string): number {
    const granted = this.#granted;
    const needed = this.#needed(operation);
    if (!granted.may(needed)) return operationForbidden(needed, field);
    if (asset === undefined) return 0;
    const assets = granted.assetsOf(needed);
    return assets === undefined || assets.has(asset) ? 0 : assetForbidden(field);
  }

  #concerns(owner: string, field: string): number {
    const { owner: only } = this.#granted;
    return only === undefined || only === owner ? 0 : ownerForbidden(field);
  }

  /** What a command takes. `field`: to name instead of the command's own. */
  #of(t: Tuple, field: string): number {
    if (t[1] === OP.transfer) return this.#transfer(t, '', field);
    const said = saidIn<Handled>(t);
    switch (said.type) {
      case 'capture':
      case 'release':
        return this.#ofHold(said, field);
      case 'reverse':
        return this.#ofTransfer(said, field) || this.#debt(said, field);
      case 'confirm-pending':
        return this.#ofTransfer(said, field);
      case 'put-record':
      case 'delete-record':
        return this.#whole('admin', field || 'owner');
      case 'define-asset':
        return this.#whole('admin', field || 'asset');
      case 'act':
        return this.#ofAct(t, field);
      case 'put-definition':
        return this.#whole(takenBy(said.kind), field || 'id');
      default: {
        // What no caller can submit is nobody's to know of, but for those with no restriction.
        if (said.asset === undefined) return this.#whole('admin', field || 'id');
        const needed = NEEDED[said.type] ?? 'admin';
        const isCorrecting = said.type === 'extend-lots' && !this.#granted.may(needed);
        const operation = isCorrecting && this.#granted.may('correct') ? 'correct' : needed;
        return (
          this.#takes(operation, said.asset, field || 'asset') ||
          this.#concerns(said.owner, field || 'owner')
        );
      }
    }
  }

  #transfer(t: Tuple, path: string, field: string): number {
    const home = this.#concerns(homeOwnerOfTuple(t), field || `${path}legs[0]`);
    if (home !== 0) return home;
    for (let i = LEGS, leg = 0; i < t.length; i += LEG_PLACES, leg++) {
      const from = t[i + LEG.from] as string;
      const to = t[i + LEG.to] as string;
      const asset = t[i + LEG.asset] as string;
      const place = field || `${path}legs[${leg}]`;
      const refusal =
        this.#takes(movement(from, to), asset, place) ||
        this.#concerns(isSystemOwner(from) ? to : from, place);
      if (refusal !== 0) return refusal;
    }
    if (t[CONDITION] !== null) {
      // A condition tells something of a balance.
      const place = field || `${path}condition`;
      const refusal =
        this.#takes('read', t[CONDITION + 1] as string, place) ||
        this.#concerns(t[CONDITION] as string, field || `${place}.owner`);
      if (refusal !== 0) return refusal;
    }
    if (t[OCCURRED] !== null) {
      const refusal = this.#takes('backdate', undefined, field || `${path}occurredAt`);
      if (refusal !== 0) return refusal;
    }
    return this.#followUps(t[FOLLOW_UPS] as Uint8Array | null, field);
  }

  #followUps(packed: Uint8Array | null, field: string): number {
    if (packed === null) return 0;
    for (const [n, tuple] of unpackTuples(packed).entries()) {
      const path = `followUps[${n}].`;
      const refusal = this.#transfer(tuple, path, field) || this.#expiries(tuple, path, field);
      if (refusal !== 0) return refusal;
    }
    return 0;
  }

  /** What lots a follow-up will take is not known yet: an expiry of its own between users is taken for a longer one. */
  #expiries(t: Tuple, path: string, field: string): number {
    if (this.#instead === 'read' || mayLengthen(this.#granted)) return 0;
    for (let i = LEGS, leg = 0; i < t.length; i += LEG_PLACES, leg++) {
      const isBetweenUsers =
        !isSystemOwner(t[i + LEG.from] as string) && !isSystemOwner(t[i + LEG.to] as string);
      if (isBetweenUsers && t[i + LEG.expiresAt] !== null)
        return expiryForbidden(field || `${path}legs[${leg}].expiresAt`);
    }
    return 0;
  }

  /** An act: what it needs, for its owner, in all assets that it moves. */
  #ofAct(t: Tuple, field: string): number {
    const { owner, act, body, legs = [] } = saidIn<'act'>(t);
    const scope = this.#concerns(owner, field || 'owner');
    if (scope !== 0) return scope;
    const one = this.#acts.get(act) ?? UNKNOWN;
    const { isOfWhole = false } = one;
    const needs = this.#instead !== undefined ? one.needs : needsOf(one, this.#granted, body);
    if (needs === undefined) return operationForbidden(one.needs[0] ?? 'admin', field || 'act');
    const moved = [...legs.map(({ asset }) => asset), ...(planOfTuple(t)?.assets ?? [])];
    const assets = moved.length === 0 ? [undefined] : moved;
    for (const operation of needs)
      for (const asset of assets) {
        const refusal = isOfWhole
          ? this.#whole(operation, field || 'act')
          : this.#takes(operation, asset, field || 'act');
        if (refusal !== 0) return refusal;
      }
    return 0;
  }

  /** A capture or a release: who may reserve the points may. */
  #ofHold(command: Said<'capture' | 'release'>, field: string): number {
    const { owner, holdId } = command;
    const refusal = this.#takes('spend', undefined, field || 'holdId');
    if (refusal !== 0) return refusal;
    const scope = this.#concerns(owner, field || 'owner');
    if (scope !== 0) return scope;
    const asset = this.#records.assetOfHold(owner, holdId);
    const needed = this.#needed('spend');
    if (asset === undefined && this.#granted.assetsOf(needed) !== undefined)
      return REFUSALS.HOLD_NOT_FOUND.number;
    const held = this.#takes('spend', asset, field || 'holdId');
    if (held !== 0 || command.type === 'release') return held;
    const operation = movement(owner, command.to);
    return operation === 'redeem' ? 0 : this.#takes(operation, asset, field || 'to');
  }

  /** Who may undo a movement, or confirm it: who may make it; what an act has caused goes with its cause, or is an administrator's. */
  #ofTransfer(said: Said<'reverse' | 'confirm-pending'>, field: string): number {
    const { type, owner, transferId } = said;
    const scope = this.#concerns(owner, field || 'owner');
    if (scope !== 0) return scope;
    const past = this.#records.lookUp(owner, transferId);
    if (past !== null && isPosted(past)) {
      const place = field || 'transferId';
      const isCaused = causeIn(past.tuple) !== undefined;
      const refusal = isCaused ? this.#takes('admin', undefined, place) : 0;
      return refusal || this.#undoing(past.tuple, type, place);
    }
    return this.#granted.isNarrow ? REFUSALS.TRANSFER_NOT_FOUND.number : 0;
  }

  /** What was moved is taken back by who could move it, and by who corrects. */
  #undoing(moved: Tuple, type: 'reverse' | 'confirm-pending', field: string): number {
    const refusal = this.#of(moved, field);
    const isCorrected = refusal !== 0 && type === 'reverse' && this.#instead === undefined;
    if (!isCorrected || !this.#granted.may('correct')) return refusal;
    this.#instead = 'correct';
    const corrected = this.#of(moved, field);
    this.#instead = undefined;
    return corrected;
  }

  /** To leave its receiver in debt takes an administrator. */
  #debt({ allowDebt }: Said<'reverse'>, field: string): number {
    return allowDebt === true ? this.#takes('admin', undefined, field || 'allowDebt') : 0;
  }
}

const isPosted = ({ effects, offset }: PastRecord): boolean => effects.refusalNumber(offset) === 0;
