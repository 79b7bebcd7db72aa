// Assets: defined and listed. Owns: their paths. Never touches: what a definition means.

import { membersToo, WHOLE_LEDGER } from '../../auth/principal.js';
import { json, problem } from '../../encoding/answer.js';
import { refuse } from '../../refusal.js';
import { engineOf, type Route, type ServedLedger } from '../../route.js';
import { CommandReader } from '../../schema/command-reader.js';
import * as about from '../../schema/ledger-descriptions.js';
import { OK, submitted } from './submit.js';

const DEFINE = new CommandReader('define-asset', ['asset']);

/** The routes of assets. */
export function assetRoutes(ledger: ServedLedger): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/assets',
      access: membersToo('read'),
      module: 'assets',
      describes: about.assetsDescription,
      handle: () => json(OK, { assets: engineOf(ledger).assets() }),
    },
    {
      method: 'GET',
      path: '/v1/assets/{asset}',
      access: membersToo('read'),
      module: 'assets',
      describes: about.assetDescription,
      handle: ({ path }) => {
        const found = engineOf(ledger)
          .assets()
          .find(({ asset }) => asset === path[0]);
        return found === undefined ? problem(refuse('ASSET_UNKNOWN', 'asset')) : json(OK, found);
      },
    },
    {
      method: 'PUT',
      path: '/v1/assets/{asset}',
      body: 'required',
      access: WHOLE_LEDGER,
      module: 'assets',
      describes: about.defineAssetDescription,
      handle: (call) => submitted(ledger, call, DEFINE.read(call.body, call.path), { fresh: OK }),
    },
  ];
}
