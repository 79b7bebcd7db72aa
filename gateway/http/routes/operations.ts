// What operators ask: backups, the clock, whether it is alive and ready, figures. Owns: their paths. Never touches: state.

import { isAbsolute } from 'node:path';
import { ANYONE, WHOLE_LEDGER } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import type { Metrics } from '../../metrics/metrics.js';
import { noteBackup } from '../../overview/status.js';
import { isRefusal, refuse } from '../../refusal.js';
import { type Call, engineOf, type Route, recordsOf, type ServedLedger } from '../../route.js';
import { bodyReader, fullBody } from '../../schema/check.js';
import * as operation from '../../schema/operation-descriptions.js';
import { OK } from './submit.js';

const readBackup = bodyReader(operation.BackupBody);

/** The routes of operators. */
export function operationRoutes(ledger: ServedLedger, metrics: Metrics): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/admin/backup',
      body: 'required',
      access: WHOLE_LEDGER,
      module: 'operations',
      describes: operation.backupDescription,
      handle: (call) => backup(ledger, call),
    },
    {
      method: 'POST',
      path: '/v1/admin/accept-clock',
      body: 'optional',
      access: WHOLE_LEDGER,
      module: 'operations',
      describes: operation.acceptClockDescription,
      handle: async ({ body }) => {
        const no = fullBody(body);
        if (no !== undefined) return problem(no);
        await engineOf(ledger).acceptClock();
        return json(OK, readiness(ledger));
      },
    },
    {
      method: 'GET',
      path: '/healthz',
      access: ANYONE,
      module: 'operations',
      describes: operation.healthDescription,
      handle: () => json(OK, { status: 'ok' }),
    },
    {
      method: 'GET',
      path: '/readyz',
      access: ANYONE,
      module: 'operations',
      describes: operation.readyDescription,
      handle: () => {
        const { ready, reasons } = readiness(ledger);
        return json(ready ? OK : 503, { ready, reasons });
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      access: ANYONE,
      module: 'operations',
      describes: operation.metricsDescription,
      handle: async () => ({
        status: OK,
        contentType: metrics.contentType,
        body: await metrics.text(),
      }),
    },
  ];
}

/**
 * Copies the open folder: `{"to": "/absolute/new/folder"}`. Answers when the copy is complete and
 * durable.
 */
async function backup(ledger: ServedLedger, call: Call): Promise<Answer> {
  const engine = engineOf(ledger);
  const fields = readBackup(call.body);
  if (isRefusal(fields)) return problem(fields);
  const { to } = fields;
  if (!isAbsolute(to) || to.includes('\0')) {
    return problem(
      refuse('COMMAND_INVALID', 'to', 'to must be the absolute path of a new folder.'),
    );
  }
  try {
    const seqs = await engine.backup(to);
    const { shardsHere: shards } = engine;
    const { principal: by } = call.principal;
    // The copy is there, whether it is remembered or not.
    await noteBackup(recordsOf(ledger, call), { to, at: engine.now(), by, shards, seqs });
    return json(201, { to, shards, seqs });
  } catch (error) {
    // The folder is the administrator's own choice, so what is wrong with it may be said.
    return problem(
      refuse('COMMAND_INVALID', 'to', `The backup failed: ${(error as Error).message}`),
    );
  }
}

function readiness(ledger: ServedLedger): { ready: boolean; reasons: readonly string[] } {
  if (ledger.unready !== undefined) return { ready: false, reasons: [ledger.unready] };
  return engineOf(ledger).readiness();
}
