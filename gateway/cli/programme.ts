// `jifen programme ...`: a programme to begin with, and its referral codes, of a ledger that is being served. Owns: what is asked of the server,
// what is shown. Never touches: what the definitions say.

import { setTimeout as sleep } from 'node:timers/promises';
import { sampleProgramme } from '../../engine/index.js';
import { type CliCommand, type Given, textOption, UsageError } from './arguments.js';
import { ASKING, ASKING_HELP, ask, show } from './ask.js';
import { definitionsOf } from './definition.js';

const [PROGRAMME, ASSET, ZONE] = ['shop', 'points', 'Asia/Shanghai'] as const;
/** How often it is looked whether the definitions decide, and for how long. */
const LOOK_MS = 200;
const WAIT_MS = 60_000;

/** A definition that is there. */
interface There {
  readonly kind: string;
  readonly key: string;
  readonly version: number;
}

/** Of an asset that is made for a programme: members are told 30 days before points expire. */
const ASSET_TERMS = { scale: 0, expiryNoticeDays: 30 };

/** Defines the asset, where there is none of this name. */
async function defineAsset(given: Given, asset: string): Promise<void> {
  const { body } = await ask(given, 'GET', '/v1/assets');
  const assets = body['assets'] as readonly { readonly asset: string }[];
  if (assets.some((one) => one.asset === asset)) return;
  await ask(given, 'PUT', `/v1/assets/${encodeURIComponent(asset)}`, ASSET_TERMS);
}

/** Waits until this version decides. */
async function decides(given: Given, { kind, key, version }: There): Promise<void> {
  const path = `/v1/definitions/${kind}/${encodeURIComponent(key)}`;
  for (const end = Date.now() + WAIT_MS; ; await sleep(LOOK_MS)) {
    const { body } = await ask(given, 'GET', path);
    if (Number(body['active'] ?? 0) >= version) return;
    if (Date.now() > end) throw new Error(`${kind} ${key} does not decide yet`);
  }
}

export const init: CliCommand = {
  help: `Usage: jifen programme init --sample [options]

Says the definitions of a programme to begin with: the usual rules of a shop, its
tiers and tasks; and its asset, where there is none of this name. Waits until they
decide, and shows them as JSON. What is there already stays as it is.

  --sample               the usual rules of a shop; there are no others
  --programme <key>      its name. Default: ${PROGRAMME}
  --asset <code>         its points. Default: ${ASSET}
  --zone <name>          whose days it counts. Default: ${ZONE}
${ASKING_HELP}

Exit codes: 0 done; 1 refused, or no server; 2 wrong arguments.
`,
  options: { ...ASKING, sample: 'flag', programme: 'text', asset: 'text', zone: 'text' },
  operands: [],
  run: async (given) => {
    if (given.options['sample'] !== true) throw new UsageError('--sample is missing');
    const programme = textOption(given, 'programme') ?? PROGRAMME;
    const asset = textOption(given, 'asset') ?? ASSET;
    const sample = sampleProgramme(programme, asset, textOption(given, 'zone') ?? ZONE);
    await defineAsset(given, asset);
    const there = new Map<string, number>();
    for (const kind of new Set(sample.map((one) => one.kind)))
      for (const { key, versions } of await definitionsOf(given, kind))
        there.set(`${kind} ${key}`, versions.at(-1)?.version ?? 0);
    const said: There[] = [];
    const all: There[] = [];
    for (const { kind, key, document } of sample) {
      const known = there.get(`${kind} ${key}`);
      if (known === undefined) {
        const path = `/v1/definitions/${kind}/${encodeURIComponent(key)}`;
        const asked = { state: 'active', document, ifVersion: 0 };
        const { body } = await ask(given, 'PUT', path, asked);
        said.push({ kind, key, version: Number(body['definitionVersion']) });
      }
      all.push(known === undefined ? (said.at(-1) as There) : { kind, key, version: known });
    }
    for (const one of said) await decides(given, one);
    show({ programme, asset, said: said.length, definitions: all });
    return 0;
  },
};

export const code: CliCommand = {
  help: `Usage: jifen programme code <code> [options]

Shows what a referral code says as JSON: whose it is, until when it can be used.

  <code>                 in capitals or small letters
  --programme <key>      its programme. Default: ${PROGRAMME}
${ASKING_HELP}

Exit codes: 0 done; 1 refused, or no server; 2 wrong arguments.
`,
  options: { ...ASKING, programme: 'text' },
  operands: ['code'],
  run: async (given) => {
    const programme = encodeURIComponent(textOption(given, 'programme') ?? PROGRAMME);
    const [asked = ''] = given.operands;
    const path = `/v1/referral-codes/${encodeURIComponent(asked)}?programme=${programme}`;
    show((await ask(given, 'GET', path)).body);
    return 0;
  },
};
