// Definitions of a programme: said, read, listed; what documents look like. Owns: their paths. Never touches: what a definition means.

import {
  type Command,
  type DefinitionHistory,
  type DefinitionVersion,
  limits as engineLimits,
} from '../../../engine/index.js';
import { ANYONE, VIEWERS, whole } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import { type Call, callerOf, count, type Route, type ServedLedger } from '../../route.js';
import { CommandReader, isFields, strangeField } from '../../schema/command-reader.js';
import { configurationSchema } from '../../schema/configuration.js';
import * as about from '../../schema/definitions.js';
import { type Batched, carriedOut } from './batches.js';
import { type Named, OK, submitted } from './submit.js';

const KIND = '/v1/definitions/{kind}';
const PUT = new CommandReader('put-definition', ['kind', 'key']);

const SAID = new CommandReader('put-definition');
const ASSET = new CommandReader('define-asset', ['asset', 'ifVersion']);
const SEVERAL: Batched = {
  what: 'POST /v1/definitions',
  read: (value) =>
    isFields(value) && value['kind'] === 'asset' ? assetOf(value) : SAID.read(value),
};
const ASSET_FIELDS: ReadonlySet<string> = new Set(['kind', 'key', 'document', 'ifVersion']);

/** An asset among definitions, as its own route takes it. */
function assetOf(value: Readonly<Record<string, unknown>>): Command | Refusal {
  const strange = strangeField(value, ASSET_FIELDS);
  if (strange !== undefined) return strange;
  const { key, document, ifVersion } = value;
  if (typeof key !== 'string') return refuse('ASSET_INVALID', 'key');
  if (!isFields(document)) return refuse('COMMAND_INVALID', 'document');
  const command = ASSET.read(document, [key]);
  if (!isRefusal(command)) return { ...command, ifVersion } as Command;
  const { field = '' } = command;
  return { ...command, field: field.startsWith('document') ? field : `document.${field}` };
}
const SCHEMA_FILE = /^([a-z-]+)\.json$/;

/** The routes of definitions. */
export function definitionRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const row = { access: whole('configure', 'settle'), module: 'definitions' } as const;
  return [
    {
      ...row,
      method: 'POST',
      path: '/v1/definitions',
      body: 'batch',
      describes: about.putDefinitionsDescription(limits),
      handle: (call) => carriedOut(ledger, call, limits, SEVERAL),
    },
    {
      ...row,
      method: 'GET',
      path: '/v1/schemas/{file}',
      access: ANYONE,
      describes: about.schemaDescription,
      handle: ({ path: [file = ''] }) => {
        const found = configurationSchema(SCHEMA_FILE.exec(file)?.[1] ?? '');
        return found === undefined
          ? problem(refuse('DEFINITION_KIND_UNKNOWN', 'file'))
          : json(OK, found);
      },
    },
    {
      ...row,
      access: VIEWERS,
      method: 'GET',
      path: KIND,
      describes: about.definitionsDescription,
      handle: (call) => page(ledger, call),
    },
    {
      ...row,
      access: VIEWERS,
      method: 'GET',
      path: `${KIND}/{key}`,
      describes: about.definitionDescription,
      handle: (call) => one(ledger, call, call.path[0] ?? '', call.path[1] ?? ''),
    },
    {
      ...row,
      method: 'PUT',
      path: `${KIND}/{key}`,
      body: 'required',
      describes: about.putDefinitionDescription,
      handle: (call) => submitted(ledger, call, PUT.read(call.body, call.path), { fresh: OK }),
    },
  ];
}

/** A programme, by its name alone: the definition of its kind. */
const PROGRAMME = '/v1/programmes/{programme}';

export function programmeRoutes(ledger: ServedLedger): Route[] {
  const row = { path: PROGRAMME, access: whole('configure'), module: 'definitions' } as const;
  return [
    {
      ...row,
      access: VIEWERS,
      method: 'GET',
      describes: about.programmeDescription,
      handle: (call) => one(ledger, call, 'programme', call.path[0] ?? ''),
    },
    {
      ...row,
      method: 'PUT',
      body: 'required',
      describes: about.putProgrammeDescription,
      handle: (call) => {
        const { body: document, path } = call;
        const body = { state: 'active', document };
        const command = PUT.read(body, ['programme', ...path]);
        return submitted(ledger, call, command, { fresh: OK, named: ofProgramme });
      },
    },
  ];
}

/** A refusal of the definition, as one of the programme's own fields. */
const ofProgramme: Named = (refused) => {
  const field = refused.field === 'key' ? 'programme' : refused.field?.replace(/^document\./, '');
  return { ...refused, field: field === 'document' ? 'body' : field };
};

/** A draft has no time at which it begins. */
function shown({ activeFrom, ...version }: DefinitionVersion): object {
  return activeFrom === 0 ? version : { ...version, activeFrom };
}

async function page(ledger: ServedLedger, call: Call): Promise<Answer> {
  const limit = count(call.query, 'limit') ?? engineLimits.DEFINITIONS_PAGE_MAX;
  const kind = call.path[0] ?? '';
  const caller = callerOf(ledger, call);
  const found: DefinitionHistory[] = [];
  let cursor = call.query['cursor'];
  for (let looks = 0; looks < LOOKS_MAX; ) {
    const some = await caller.definitions(kind, { after: cursor, limit });
    if (isRefusal(some)) return problem(some);
    looks += some.length;
    const isLast = some.length < limit;
    cursor = isLast ? undefined : some.at(-1)?.key;
    for (const one of some) {
      if (!fits(one, call.query)) continue;
      found.push(one);
      if (found.length < limit) continue;
      // What was looked at behind it is looked at again.
      if (one !== some.at(-1) || !isLast) cursor = one.key;
      break;
    }
    if (isLast || found.length === limit) break;
  }
  const definitions = found.map((one) => ({ ...one, versions: one.versions.map(shown) }));
  return json(OK, { definitions, cursor });
}

/** Definitions that one page looks at, where not all fit. */
const LOOKS_MAX = 2_000;

function fits({ key, versions }: DefinitionHistory, { programme, state, q }: Call['query']) {
  const newest = versions.at(-1);
  const document = newest?.document ?? versions.at(-2)?.document;
  if (state !== undefined && newest?.state !== state) return false;
  if (programme !== undefined && document?.['programme'] !== programme && key !== programme)
    return false;
  if (q === undefined) return true;
  const name = document?.['name'];
  const texts = [key, ...(typeof name === 'string' ? [name] : [])];
  return texts.some((text) => text.toLowerCase().includes(q.toLowerCase()));
}

async function one(ledger: ServedLedger, call: Call, kind: string, key: string): Promise<Answer> {
  const found = await callerOf(ledger, call).definition(kind, key);
  if (isRefusal(found)) return problem(found);
  if (found === undefined)
    return problem(refuse('DEFINITION_NOT_FOUND', call.path.length === 1 ? 'programme' : 'key'));
  return json(OK, { ...found, versions: found.versions.map(shown) });
}
