// Routes of identities. Owns: their paths and answers. Never touches: what is kept of them.
//   http.H13. A platform registers and sees its own users only; who they are it may not choose.

import { readProblem } from '../../auth/permits.js';
import { type Access, either, membersToo, WHOLE_LEDGER } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import {
  lookUp,
  lookUpBack,
  type Mapping,
  register,
  setStatus,
  update,
} from '../../identity/mappings.js';
import { crossSystemId, derivedId, GLOBAL, type SystemUser } from '../../identity/names.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import { type Call, engineOf, type Route, recordsOf, type ServedLedger } from '../../route.js';
import { MappingChange, RegisterBody } from '../../schema/access.js';
import { USER_DESCRIPTIONS } from '../../schema/access-descriptions.js';
import { bodyReader, fullBody } from '../../schema/check.js';
import { isAssetCode } from '../../schema/words.js';

const readRegistration = bodyReader(RegisterBody);
const readChange = bodyReader(MappingChange);
const USER = '/v1/platforms/{platform}/users/{user}';
const SYSTEM = '/v1/systems/{system}/users/{user}';

/** A mapping as it is answered. */
const shown = ({ source, target, ...rest }: Mapping) => ({
  system: source.system,
  user: source.user,
  target: target.system,
  identity: target.user,
  ...rest,
});

const sourceOf = ({ path }: Call): SystemUser => ({ system: path[0] ?? '', user: path[1] ?? '' });

// A platform's users are nobody else's business.
function strange({ principal }: Call, system: string): Refusal | undefined {
  const isOwn = principal.platform === undefined || principal.platform.id === system;
  if (isOwn) return undefined;
  const detail = 'These are the users of another platform.';
  return refuse('OPERATION_FORBIDDEN', 'platform', detail);
}

function mappingAnswer(status: number, mapping: Mapping | Refusal | undefined): Answer {
  if (mapping === undefined) return problem(refuse('IDENTITY_NOT_FOUND', 'user'));
  if (isRefusal(mapping)) return problem(mapping);
  return json(status, shown(mapping), { identity: mapping.target.user, status: mapping.status });
}

/** The routes of identities. */
export function userRoutes(ledger: ServedLedger): Route[] {
  return [
    ...mappingRoutes(ledger, USER, either('admin')),
    ...mappingRoutes(ledger, `${USER}/targets/{system}`, WHOLE_LEDGER),
    ...lookUpRoutes(ledger),
  ];
}

const targetOf = ({ path }: Call): string => path[2] ?? GLOBAL;

function mappingRoutes(ledger: ServedLedger, path: string, access: Access): Route[] {
  const write = { access, module: 'identity' } as const;
  const verbs = (
    [
      ['deactivate', 'inactive'],
      ['activate', 'active'],
    ] as const
  ).map(
    ([verb, status]): Route => ({
      ...write,
      method: 'POST',
      path: `${path}/${verb}`,
      describes: USER_DESCRIPTIONS[verb],
      body: 'optional',
      handle: async (call) => {
        const source = sourceOf(call);
        const no = strange(call, source.system) ?? fullBody(call.body);
        if (no !== undefined) return problem(no);
        return mappingAnswer(
          200,
          await setStatus(recordsOf(ledger, call), source, targetOf(call), status),
        );
      },
    }),
  );
  return [
    {
      ...write,
      method: 'POST',
      path,
      describes: USER_DESCRIPTIONS.register,
      body: 'optional',
      handle: (call) => registered(ledger, call),
    },
    {
      access: WHOLE_LEDGER,
      module: 'identity',
      method: 'PUT',
      path,
      describes: USER_DESCRIPTIONS.change,
      body: 'required',
      handle: (call) => updated(ledger, call),
    },
    {
      method: 'GET',
      path,
      describes: USER_DESCRIPTIONS.get,
      access: either('read'),
      module: 'identity',
      handle: async (call) => {
        const source = sourceOf(call);
        const no = strange(call, source.system);
        if (no !== undefined) return problem(no);
        return mappingAnswer(200, await lookUp(engineOf(ledger), source, targetOf(call)));
      },
    },
    ...verbs,
  ];
}

// To say who somebody is takes somebody who answers for the whole ledger.
function chosen({ principal }: Call, source: SystemUser, identity: string): Refusal | undefined {
  const { assets, platform } = principal;
  if (platform === undefined && assets === undefined) return undefined;
  if (identity === derivedId(source)) return undefined;
  const detail = 'A platform’s user has the derived id; another one is given by an administrator.';
  return refuse('OPERATION_FORBIDDEN', 'identity', detail);
}

async function registered(ledger: ServedLedger, call: Call): Promise<Answer> {
  const source = sourceOf(call);
  const no = strange(call, source.system);
  if (no !== undefined) return problem(no);
  const fields = readRegistration(call.body);
  if (isRefusal(fields)) return problem(fields);
  const { identity } = fields;
  const wrong = identity === undefined ? undefined : chosen(call, source, identity);
  if (wrong !== undefined) return problem(wrong);
  const made = await register(recordsOf(ledger, call), source, targetOf(call), identity);
  if (isRefusal(made)) return problem(made);
  return mappingAnswer(made.created ? 201 : 200, made.mapping);
}

async function updated(ledger: ServedLedger, call: Call): Promise<Answer> {
  const source = sourceOf(call);
  const fields = readChange(call.body);
  if (isRefusal(fields)) return problem(fields);
  const target = { system: targetOf(call), user: fields.identity };
  return mappingAnswer(200, await update(recordsOf(ledger, call), source, target, fields.was));
}

function lookUpRoutes(ledger: ServedLedger): Route[] {
  const read = { access: either('read'), module: 'identity' } as const;
  return [
    {
      ...read,
      access: membersToo('read'),
      method: 'GET',
      path: '/v1/users/{owner}',
      describes: USER_DESCRIPTIONS.back,
      handle: (call) => {
        const [user = ''] = call.path;
        const { owner } = call.principal;
        return owner === undefined || owner === user
          ? lookedUpBack(ledger, call, { system: GLOBAL, user })
          : problem(refuse('OWNER_FORBIDDEN', 'owner'));
      },
    },
    {
      ...read,
      method: 'GET',
      path: SYSTEM,
      describes: USER_DESCRIPTIONS.back,
      handle: (call) => lookedUpBack(ledger, call, sourceOf(call)),
    },
    {
      ...read,
      method: 'GET',
      path: `${USER}/accounts/{asset}`,
      describes: USER_DESCRIPTIONS.account,
      handle: async (call) => {
        const source = sourceOf(call);
        const asset = call.path[2] ?? '';
        const no = strange(call, source.system) ?? readProblem(call.principal, asset, 'asset');
        if (no !== undefined) return problem(no);
        if (!isAssetCode(asset)) return problem(refuse('ASSET_INVALID', 'asset'));
        const mapping = await lookUp(engineOf(ledger), source, GLOBAL);
        if (mapping === undefined || isRefusal(mapping)) return mappingAnswer(200, mapping);
        const id = crossSystemId(source, asset);
        return json(200, { id, owner: mapping.target.user, asset });
      },
    },
  ];
}

// A platform sees of a person only what it said itself.
async function lookedUpBack(ledger: ServedLedger, call: Call, target: SystemUser): Promise<Answer> {
  const found = await lookUpBack(engineOf(ledger), target);
  if (isRefusal(found)) return problem(found);
  const seen = found.filter(({ source }) => strange(call, source.system) === undefined);
  return json(200, { system: target.system, user: target.user, mappings: seen.map(shown) });
}
