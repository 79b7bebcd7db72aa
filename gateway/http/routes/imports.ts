// Imports: begun, looked at, members brought in, ended. Owns: their paths. Never touches: what lines become.
//   http.H62. A dry run needs no import that has begun, and leaves none.

import { VIEWERS, WHOLE_LEDGER } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import { importOwner } from '../../importing/line.js';
import { bringIn, type MemberLines } from '../../importing/members.js';
import { allImports, beginImport, endImport, importOf } from '../../importing/registry.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import {
  auditOf,
  type Call,
  callerOf,
  engineOf,
  isTrue,
  type Route,
  recordsOf,
  type ServedLedger,
} from '../../route.js';
import { bodyReader } from '../../schema/check.js';
import {
  IMPORT_DESCRIPTIONS,
  ImportBody,
  ImportEndBody,
  ImportMembersBody,
  isImportName,
} from '../../schema/imports.js';
import { OK } from './submit.js';

const readBody = bodyReader(ImportBody);
const readMembers = bodyReader(ImportMembersBody);
const readEnd = bodyReader(ImportEndBody);
const CREATED = 201;
const ROW = { access: WHOLE_LEDGER, module: 'identity' } as const;
const ONE = '/v1/imports/{import}';

/** The routes of imports. */
export function importRoutes(ledger: ServedLedger): Route[] {
  return [
    {
      ...ROW,
      method: 'POST',
      path: '/v1/imports',
      body: 'required',
      describes: IMPORT_DESCRIPTIONS.begin,
      handle: (call) => begin(ledger, call),
    },
    {
      ...ROW,
      access: VIEWERS,
      method: 'GET',
      path: '/v1/imports',
      describes: IMPORT_DESCRIPTIONS.all,
      handle: async () => {
        const imports = await allImports(engineOf(ledger));
        return isRefusal(imports) ? problem(imports) : json(OK, { imports });
      },
    },
    {
      ...ROW,
      access: VIEWERS,
      method: 'GET',
      path: ONE,
      describes: IMPORT_DESCRIPTIONS.one,
      handle: (call) => shown(ledger, call),
    },
    {
      ...ROW,
      method: 'POST',
      path: `${ONE}/members`,
      body: 'batch',
      describes: IMPORT_DESCRIPTIONS.members,
      handle: (call) => members(ledger, call),
    },
    {
      ...ROW,
      method: 'POST',
      path: `${ONE}/end`,
      body: 'required',
      describes: IMPORT_DESCRIPTIONS.end,
      handle: async (call) => {
        const came = readEnd(call.body);
        if (isRefusal(came)) return problem(came);
        const name = nameIn(call);
        if (isRefusal(name)) return problem(name);
        return answered(await endImport(recordsOf(ledger, call), name, came));
      },
    },
  ];
}

const answered = (told: object | Refusal): Answer =>
  isRefusal(told as Refusal) ? problem(told as Refusal) : json(OK, told);

async function begin(ledger: ServedLedger, call: Call): Promise<Answer> {
  const body = readBody(call.body);
  if (isRefusal(body)) return problem(body);
  const begun = await beginImport(recordsOf(ledger, call), body.name, body.digest);
  if (isRefusal(begun)) return problem(begun);
  return json(begun.made ? CREATED : OK, begun.import);
}

/** The import that a path names; a refusal where none can be called so. */
const nameIn = ({ path: [name = ''] }: Call): string | Refusal =>
  isImportName(name) ? name : refuse('IMPORT_NOT_FOUND', 'import');

async function shown(ledger: ServedLedger, call: Call): Promise<Answer> {
  const name = nameIn(call);
  if (isRefusal(name)) return problem(name);
  const found = await importOf(engineOf(ledger), name);
  if (isRefusal(found)) return problem(found);
  const balances = await engineOf(ledger).balance(importOwner(name));
  if (isRefusal(balances)) return problem(balances);
  const brought = balances.map(({ asset, available }) => [asset, 0 - available] as const);
  return json(OK, { ...found, brought: Object.fromEntries(brought) });
}

async function members(ledger: ServedLedger, call: Call): Promise<Answer> {
  const body = readMembers(call.body);
  if (isRefusal(body)) return problem(body);
  const name = nameIn(call);
  if (isRefusal(name)) return problem(name);
  const dryRun = isTrue(call.query, 'dryRun');
  const found = await importOf(engineOf(ledger), name);
  const isNew = isRefusal(found) && found.code === 'IMPORT_NOT_FOUND';
  if (isRefusal(found) && !(dryRun && isNew)) return problem(found);
  const at = isRefusal(found) ? Date.now() : found.at;
  const bringing = {
    brought: { name, at },
    caller: callerOf(ledger, call),
    records: recordsOf(ledger, call),
    options: { dryRun, audit: auditOf(call) },
  };
  const told = await bringIn(bringing, body.members as readonly MemberLines[]);
  return isRefusal(told) ? problem(told) : json(OK, { at, members: told });
}
