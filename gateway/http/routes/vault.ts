// Personal data: members who are erased, keys. Owns: these paths, who may ask. Never touches: keys, what is erased.
//   http.H98. A member asks for itself, and is not erased by that: an operator decides.

import { isAbsolute } from 'node:path';
import { besideIt } from '../../act-faults.js';
import { WHOLE_LEDGER, whole } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import { ownProgrammes } from '../../own-programmes.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import {
  type AccessParts,
  type Call,
  callerOf,
  engineOf,
  type Route,
  recordsOf,
  type ServedLedger,
} from '../../route.js';
import { bodyReader } from '../../schema/check.js';
import { ActReader } from '../../schema/command-reader.js';
import { BackupBody } from '../../schema/operation-descriptions.js';
import * as about from '../../schema/vault.js';
import type { SignIn } from '../../sign-in/shapes.js';
import type { Erasing } from '../../vault/erasing.js';
import { erasurePage, requestErasure, withdrawErasure } from '../../vault/erasures.js';
import {
  type KeyVersion,
  type KeyVersionParts,
  keyVersions,
  revokeKeyVersion,
} from '../../vault/key-versions.js';
import { resealPage } from '../../vault/resealing.js';
import { OK, submitted } from './submit.js';
import { ofOwner } from './whose.js';

const MEMBER = '/v1/members/{owner}';
const VAULT = '/v1/vault';
const CREATED = 201;
const READS_ERASE = new ActReader(about.ERASE, ['owner']);
const readRequest = bodyReader(about.RequestBody);
const readRotation = bodyReader(about.RotationBody);
const readCopy = bodyReader(BackupBody);
const readReseal = bodyReader(about.ResealBody);
const { VAULT_DESCRIPTIONS } = about;

const erasingOf = ({ erasing }: ServedLedger): Erasing => erasing as Erasing;

/** The routes of personal data. */
export function vaultRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const own = { access: { ...whole('correct'), members: ['self'] }, module: 'accounts' } as const;
  const keys = { access: WHOLE_LEDGER, module: 'operations' } as const;
  return [
    {
      method: 'POST',
      path: `${MEMBER}/erasure`,
      access: whole('correct'),
      module: 'acts',
      body: 'required',
      repeats: true,
      describes: about.eraseDescription(limits),
      handle: (call) => erased(ledger, call),
    },
    {
      ...own,
      method: 'GET',
      path: `${MEMBER}/erasure`,
      describes: VAULT_DESCRIPTIONS.state,
      handle: ofOwner(async (owner) => {
        const state = await erasingOf(ledger).state(owner);
        if (isRefusal(state)) return problem(state);
        return state === undefined
          ? problem(refuse('ERASURE_NOT_FOUND', 'owner'))
          : json(OK, state);
      }),
    },
    {
      ...own,
      method: 'POST',
      path: `${MEMBER}/erasure-request`,
      body: 'required',
      describes: VAULT_DESCRIPTIONS.request,
      handle: (call) => {
        const asked = readRequest(call.body);
        if (isRefusal(asked)) return problem(asked);
        return ofOwner((owner) => requested(ledger, call, owner, asked.reason))(call);
      },
    },
    {
      ...own,
      method: 'DELETE',
      path: `${MEMBER}/erasure-request`,
      describes: VAULT_DESCRIPTIONS.withdraw,
      handle: (call) =>
        ofOwner(async (owner) => {
          const no = await withdrawErasure(recordsOf(ledger, call), owner);
          return no === undefined ? json(OK, { owner }) : problem(no);
        })(call),
    },
    {
      method: 'GET',
      path: '/v1/erasures',
      access: whole('view'),
      module: 'accounts',
      describes: VAULT_DESCRIPTIONS.list,
      handle: async ({ query }) => {
        const state = query['state'] === 'requested' ? 'requested' : 'erased';
        const page = await erasurePage(engineOf(ledger), state, query['cursor']);
        return isRefusal(page) ? problem(page) : json(OK, page);
      },
    },
    {
      ...keys,
      method: 'GET',
      path: VAULT,
      describes: VAULT_DESCRIPTIONS.figures,
      handle: async () => json(OK, await engineOf(ledger).vault.figures()),
    },
    {
      ...keys,
      method: 'POST',
      path: `${VAULT}/rotate`,
      body: 'required',
      describes: VAULT_DESCRIPTIONS.rotate,
      handle: async ({ body }) => {
        const asked = readRotation(body);
        if (isRefusal(asked)) return problem(asked);
        const { vault } = engineOf(ledger);
        const no = await vault.rotate(asked.level ?? 'master');
        return no === undefined ? json(OK, await vault.figures()) : problem(no);
      },
    },
    {
      ...keys,
      method: 'POST',
      path: `${VAULT}/copy`,
      body: 'required',
      describes: VAULT_DESCRIPTIONS.copy,
      handle: (call) => copied(ledger, call),
    },
    {
      ...keys,
      method: 'GET',
      path: `${MEMBER}/key-versions`,
      describes: VAULT_DESCRIPTIONS.versions,
      handle: (call) => ofOwner((owner) => versioned(ledger, call, owner, keyVersions))(call),
    },
    {
      ...keys,
      method: 'DELETE',
      path: `${MEMBER}/key-versions/{version}`,
      describes: VAULT_DESCRIPTIONS.revoke,
      handle: (call) =>
        ofOwner((owner) =>
          versioned(ledger, call, owner, (parts) => {
            const version = Number(call.path[1]);
            return revokeKeyVersion(parts, owner, version);
          }),
        )(call),
    },
    {
      ...keys,
      method: 'POST',
      path: `${VAULT}/reseal`,
      body: 'required',
      describes: VAULT_DESCRIPTIONS.reseal,
      handle: async (call) => {
        const asked = readReseal(call.body);
        if (isRefusal(asked)) return problem(asked);
        const { sealer, directory } = ledger.access as AccessParts;
        const page = await resealPage(
          {
            ...{ engine: engineOf(ledger), caller: callerOf(ledger, call), sealer, directory },
            signIn: ledger.signIn as SignIn,
          },
          asked.cursor,
        );
        return isRefusal(page) ? problem(page) : json(OK, page);
      },
    },
  ];
}

/** Tells versions of a member's key. */
async function versioned(
  ledger: ServedLedger,
  call: Call,
  owner: string,
  of: (parts: KeyVersionParts, owner: string) => Promise<readonly KeyVersion[] | Refusal>,
): Promise<Answer> {
  const { sealer, directory } = ledger.access as AccessParts;
  const engine = engineOf(ledger);
  const programmes = await ownProgrammes(engine);
  if (isRefusal(programmes)) return problem(programmes);
  const signIn = ledger.signIn as SignIn;
  const caller = callerOf(ledger, call);
  const parts = { engine, caller, sealer, directory, signIn, programmes: programmes.all };
  const versions = await of(parts, owner);
  return isRefusal(versions) ? problem(versions) : json(OK, { owner, versions });
}

async function erased(ledger: ServedLedger, call: Call): Promise<Answer> {
  const command = READS_ERASE.read(call.body, call.path, call.idempotencyKey);
  let isErased = false;
  const answer = await submitted(ledger, call, command, {
    fresh: OK,
    named: besideIt,
    hears: ([outcome]) => {
      isErased = outcome?.ok === true;
    },
  });
  // What cannot be removed now is removed soon: it is looked for.
  if (isErased) await erasingOf(ledger).carryOut(call.path[0] ?? '');
  return answer;
}

async function requested(
  ledger: ServedLedger,
  call: Call,
  owner: string,
  reason: string | undefined,
): Promise<Answer> {
  const state = await erasingOf(ledger).state(owner);
  if (isRefusal(state)) return problem(state);
  if (state !== undefined && state.state !== 'requested')
    return problem(refuse('MEMBER_ERASED', 'owner'));
  const by = call.principal.principal ?? null;
  const asked = { at: engineOf(ledger).now(), by, reason: reason ?? null };
  const kept = await requestErasure(recordsOf(ledger, call), owner, asked);
  return isRefusal(kept) ? problem(kept) : json(CREATED, { owner, state: 'requested', ...kept });
}

async function copied(ledger: ServedLedger, { body }: Call): Promise<Answer> {
  const fields = readCopy(body);
  if (isRefusal(fields)) return problem(fields);
  const { to } = fields;
  const wrong = (detail: string): Refusal => refuse('COMMAND_INVALID', 'to', detail);
  if (!isAbsolute(to) || to.includes('\0'))
    return problem(wrong('to must be the absolute path of a new folder.'));
  try {
    const no = await engineOf(ledger).vault.copy(to);
    return no === undefined ? json(OK, { to }) : problem(no);
  } catch (error) {
    return problem(wrong(`The copy failed: ${(error as Error).message}`));
  }
}
