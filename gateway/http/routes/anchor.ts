// The anchor on a chain. Owns: its paths, who may ask. Never touches: the chain, records.

import { type Anchoring, refusalOf } from '../../anchor/anchoring.js';
import { linkAddress, linksOf, unlinkAddress } from '../../anchor/feeds.js';
import { type AddressLink, type Hex, ONLY, SETTINGS } from '../../anchor/shapes.js';
import { deployAnchor, putAnchor, settingsOf, toldAnchor, toldRoot } from '../../anchor/told.js';
import { VIEWERS, VISITORS, WHOLE_LEDGER } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import { type Call, engineOf, type Route, recordsOf, type ServedLedger } from '../../route.js';
import {
  Address,
  AddressBody,
  anchorDescriptions,
  CompareBody,
  DeployBody,
} from '../../schema/anchor.js';
import { bodyReader } from '../../schema/check.js';
import { fits } from '../../schema/words.js';
import { OK } from './submit.js';

const ANCHOR = '/v1/anchor';
const ADDRESSES = `${ANCHOR}/platforms/{platform}/addresses`;
const ADDRESS = `${ADDRESSES}/{address}`;
const readDeploy = bodyReader(DeployBody);
const readCompare = bodyReader(CompareBody);
const readAddress = bodyReader(AddressBody);
const isAddress = fits(Address);

function anchoringOf({ anchoring }: ServedLedger): Anchoring {
  if (anchoring === undefined) throw new Error('a request came before the ledger was open');
  return anchoring;
}

/** What a route does, where what fails is a refusal. */
async function tried(
  work: () => Promise<object | Refusal>,
  business?: Readonly<Record<string, string | number>>,
): Promise<Answer> {
  try {
    const told = await work();
    return isRefusal(told) ? problem(told) : json(OK, told, business);
  } catch (error) {
    return problem(refusalOf(error));
  }
}

/** The routes of the anchor. */
export function anchorRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const about = anchorDescriptions(limits);
  const all = async (): Promise<object | Refusal> => {
    const engine = engineOf(ledger);
    const settings = await settingsOf(engine);
    return isRefusal(settings) ? settings : toldAnchor(engine, anchoringOf(ledger), settings);
  };
  const changes = { access: WHOLE_LEDGER, module: 'operations' } as const;
  return [
    {
      method: 'GET',
      path: ANCHOR,
      access: VIEWERS,
      module: 'operations',
      describes: about.status,
      handle: () => tried(all),
    },
    {
      ...changes,
      method: 'PUT',
      path: ANCHOR,
      body: 'required',
      describes: about.put,
      handle: (call) =>
        tried(async () => {
          const platforms = ledger.access?.directory.platforms ?? [];
          const isPlatform = (id: string) => platforms.some((one) => one.id === id);
          const [records, engine] = [recordsOf(ledger, call), engineOf(ledger)];
          const put = await putAnchor(records, engine, anchoringOf(ledger), isPlatform, call.body);
          return isRefusal(put) ? put : all();
        }, {}),
    },
    {
      ...changes,
      method: 'DELETE',
      path: ANCHOR,
      describes: about.remove,
      handle: (call) =>
        tried(async () => {
          const told = await all();
          if (isRefusal(told)) return told;
          return (await SETTINGS.delete(recordsOf(ledger, call), ONLY)) ?? told;
        }, {}),
    },
    {
      ...changes,
      method: 'POST',
      path: `${ANCHOR}/deploy`,
      body: 'optional',
      describes: about.deploy,
      handle: (call) =>
        tried(async () => {
          const fields = readDeploy(call.body === undefined ? {} : call.body);
          if (isRefusal(fields)) return fields;
          const owner = fields.owner?.toLowerCase() as Hex | undefined;
          const [records, engine] = [recordsOf(ledger, call), engineOf(ledger)];
          const made = await deployAnchor(records, engine, anchoringOf(ledger), owner);
          return isRefusal(made) ? made : all();
        }, {}),
    },
    {
      ...changes,
      method: 'POST',
      path: `${ANCHOR}/compare`,
      body: 'optional',
      describes: about.compare,
      handle: (call) => tried(() => compared(ledger, call, all), {}),
    },
    {
      method: 'GET',
      path: `${ANCHOR}/roots/{number}`,
      access: VISITORS,
      module: 'operations',
      describes: about.anchored,
      handle: (call) => tried(() => toldRoot(engineOf(ledger), Number(call.path[0]))),
    },
    ...addressRoutes(ledger, limits, about),
  ];
}

async function compared(
  ledger: ServedLedger,
  call: Call,
  all: () => Promise<object | Refusal>,
): Promise<object | Refusal> {
  const fields = readCompare(call.body === undefined ? {} : call.body);
  if (isRefusal(fields)) return fields;
  const anchoring = anchoringOf(ledger);
  const settings = await settingsOf(engineOf(ledger));
  if (isRefusal(settings)) return settings;
  if (!anchoring.isHere) return refuse('SHARD_ELSEWHERE');
  const refused = fields.accept === true ? await anchoring.accept(call.principal.id) : undefined;
  if (refused !== undefined) return refused;
  await anchoring.look(true);
  return all();
}

function addressRoutes(
  ledger: ServedLedger,
  { anchorAddressesMax }: GatewayLimits,
  about: ReturnType<typeof anchorDescriptions>,
): Route[] {
  const changes = { access: WHOLE_LEDGER, module: 'access', path: ADDRESS } as const;
  const toldLink = (platform: string, address: string, { owner, fed }: AddressLink) => ({
    ...{ platform, address, owner: owner ?? null, fed },
  });
  /** The address of a path at a platform that is fed. */
  const placeOf = async ({ path: [platform = '', address = ''] }: Call) => {
    const settings = await settingsOf(engineOf(ledger));
    if (isRefusal(settings)) return settings;
    if (!settings.platforms.some((one) => one.platform === platform))
      return refuse('ANCHOR_NOT_FOUND', 'platform', 'The platform is not shown on the chain.');
    if (address !== '' && !isAddress(address)) return refuse('ANCHOR_NOT_FOUND', 'address');
    return { platform, address: address.toLowerCase() as Hex };
  };
  return [
    {
      method: 'GET',
      path: ADDRESSES,
      access: VIEWERS,
      module: 'access',
      describes: about.links,
      handle: (call) =>
        tried(async () => {
          const place = await placeOf(call);
          if (isRefusal(place)) return place;
          const { platform } = place;
          const links = await linksOf(engineOf(ledger), platform);
          return { addresses: links.map((one) => toldLink(platform, one.address, one.link)) };
        }),
    },
    {
      ...changes,
      method: 'PUT',
      body: 'required',
      describes: about.link,
      handle: (call) =>
        tried(async () => {
          const fields = readAddress(call.body);
          if (isRefusal(fields)) return fields;
          const place = await placeOf(call);
          if (isRefusal(place)) return place;
          const { owner } = fields;
          const [records, engine] = [recordsOf(ledger, call), engineOf(ledger)];
          const refused = await linkAddress(
            records,
            engine,
            { ...place, owner },
            anchorAddressesMax,
          );
          if (refused !== undefined) return refused;
          const { platform, address } = place;
          return toldLink(platform, address, { owner, fed: 0, at: 0 });
        }, {}),
    },
    {
      ...changes,
      method: 'DELETE',
      describes: about.unlink,
      handle: (call) =>
        tried(async () => {
          const place = await placeOf(call);
          if (isRefusal(place)) return place;
          const { platform, address } = place;
          const records = recordsOf(ledger, call);
          const gone = await unlinkAddress(records, engineOf(ledger), platform, address);
          if (isRefusal(gone)) return gone;
          return gone === undefined
            ? refuse('ANCHOR_NOT_FOUND', 'address')
            : toldLink(platform, address, gone);
        }, {}),
    },
  ];
}
