// The gateway as a whole: an engine and the web server in front of it. Owns: the order in which
// they start and stop. Never touches: routes, signals, the terminal.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  clockOf,
  type Engine,
  isDataFolder,
  type OpenOptions,
  open,
  SECRETS_KEY_FILE,
} from '../engine/index.js';
import { ALERT_FAMILIES } from './alerts/figures.js';
import { type Judged, openAlerts } from './alerts/open.js';
import { Anchoring } from './anchor/anchoring.js';
import { ADMIN_KEY_FILE, type AdminKey, adminKey } from './auth/admin-key.js';
import { Authenticator, bareCredentials } from './auth/authenticator.js';
import { Directory } from './auth/directory.js';
import { memberPrincipal } from './auth/member-principal.js';
import { either, type Principal } from './auth/principal.js';
import { RateLimits } from './auth/rate-limits.js';
import { folderSealer } from './auth/secrets-key.js';
import { Draining } from './clearing/draining.js';
import { CLEARING_FAMILIES, ClearingFigures } from './clearing/figures.js';
import { consoleRoutes } from './console/routes.js';
import { docsRoutes } from './docs/routes.js';
import { drawsPageRoutes } from './draws/routes.js';
import { healthRoutes } from './http/routes/health.js';
import { routes } from './http/routes/table.js';
import { Gate } from './http/server/gate.js';
import { HttpServer } from './http/server/server.js';
import { importersOf } from './importing/registry.js';
import { type GatewayLimits, gatewayLimits } from './limits.js';
import { liveRoutes } from './live/routes.js';
import { type LogOptions, type Logs, NO_LOGS, openLogs } from './logs/logs.js';
import { TrailThread } from './logs/trail.js';
import { Mall } from './mall/mall.js';
import { embedRoutes } from './member/embed.js';
import { memberRoutes } from './member/routes.js';
import { Metrics } from './metrics/metrics.js';
import { TRUST_FAMILIES } from './metrics/trust-metrics.js';
import { OAUTH_FAMILIES } from './oauth/figures.js';
import { signInPageRoutes } from './oauth/pages/routes.js';
import { OAuth } from './oauth/server.js';
import { administratorDigest, Sessions } from './operators/sessions.js';
import type { KeyHolder } from './operators/shapes.js';
import { OperatorSignIn } from './operators/sign-in.js';
import { WEBHOOK_FAMILIES } from './outbound/figures.js';
import { Outbound } from './outbound/outbound.js';
import type { SinkSettings } from './outbound/sink.js';
import { Driving } from './partners/driving.js';
import { PARTNER_FAMILIES } from './partners/figures.js';
import { partnerPrincipal } from './partners/inbound-principal.js';
import { Partners } from './partners/partners.js';
import { RECONCILING_FAMILIES, ReconcilingFigures } from './partners/reconciling/figures.js';
import { Reconciling } from './partners/reconciling/running.js';
import { Disclosures } from './privacy/disclosures.js';
import { PROJECTION_FAMILIES } from './projections/figures.js';
import { Peers } from './projections/peers.js';
import { Projections } from './projections/projections.js';
import { Reporting } from './projections/reports/reporting.js';
import { ScheduledReports } from './projections/reports/scheduled.js';
import { Checkpoints } from './receipts/checkpoints.js';
import { nameFor } from './receipts/keys.js';
import { receiptPageRoutes } from './receipts/routes.js';
import { isRefusal, type Refusal, refuse } from './refusal.js';
import { RiskDesk } from './risk/desk.js';
import { DeviceRules } from './risk/device-rules.js';
import { RISK_FAMILIES } from './risk/figures.js';
import { closedLedger, type Route, type ServedLedger } from './route.js';
import { sentLetter } from './sign-in/letters.js';
import { Passwords } from './sign-in/passwords.js';
import { MemberSignIn } from './sign-in/sign-in.js';
import { Erasing } from './vault/erasing.js';
import { gateAccess } from './ws/access.js';
import { Events } from './ws/events.js';
import { Streams } from './ws/streams.js';
import { Tickets } from './ws/tickets.js';

/** How a server is started. */
export interface ServeOptions {
  readonly engine: OpenOptions;
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Default 8080; 0: any that is free. */
  readonly port?: number | undefined;
  /** Where browsers and applications reach it: an origin, `https://points.example`. Default: the address that it listens on. */
  readonly publicUrl?: string | undefined;
  readonly limits?: Partial<GatewayLimits> | undefined;
  /** Origins whose pages may read answers and open WebSockets. Default: none but its own. */
  readonly origins?: readonly string[] | undefined;
  /** Where and how long logs are kept. Default: there are none. */
  readonly logs?: LogOptions | undefined;
  /** Hosts that webhooks may go to although they are private or without TLS, by name or address. Default: none. */
  readonly webhookHosts?: readonly string[] | undefined;
  /** Where every event goes, beside webhooks. Default: nowhere. */
  readonly sinks?: readonly SinkSettings[] | undefined;
  /** An operator's word that a lost secrets.key is made anew: see folderSealer(). Default false. */
  readonly newSecretsKey?: boolean | undefined;
  /** Projects the logs for reports from the start on. Default false: from the first question on, or where that was done before. */
  readonly reports?: boolean | undefined;
  /** What the ledger is called in its checkpoints; said once, before the first. Default: made out of `publicUrl` and chance. */
  readonly ledgerName?: string | undefined;
  /** Told of defects in the gateway. Default: print them. */
  readonly onDefect?: ((error: unknown) => void) | undefined;
  /** For tests: another engine than the one in the folder. */
  readonly openEngine?: ((options: OpenOptions) => Promise<Engine>) | undefined;
}

/** A server that is running. */
export interface Server {
  readonly engine: Engine;
  /** E.g. `http://127.0.0.1:8080`. */
  readonly address: string;
  readonly adminKey: AdminKey;
  /** Answers what is in flight, closes the connections, then the engine and the logs. Once, however often it is called. */
  close(): Promise<void>;
}

/**
 * Listens, opens the folder, makes the administrator's key at the first start. While the folder is
 * being opened every call is answered 503. Rejects, with everything closed again, where the port or
 * the folder cannot be had.
 */
export async function startServer(options: ServeOptions): Promise<Server> {
  const { host = '127.0.0.1', port = 8080 } = options;
  const limits = gatewayLimits(options.limits);
  const ledger: ServedLedger = closedLedger('The ledger is being opened; try again shortly.');
  const told = options.onDefect ?? printed;
  let defects = 0;
  const onDefect = (error: unknown): void => {
    defects++;
    logs.service('error', 'a defect in the gateway', { error: String(error) });
    told(error);
  };
  const gate = new Gate(limits, new RateLimits(limits.bucketsMax));
  const metrics: Metrics = new Metrics(
    () => ledger.engine,
    () => server.inFlight,
  );
  const tickets = new Tickets(limits);
  const access = tickets.access(gateAccess(gate));
  const streams = new Streams({ ledger, limits, access, onDefect });
  const events = new Events({ ledger, limits, access, onDefect });
  streamFigures(metrics, streams, events);
  metrics.families(
    WEBHOOK_FAMILIES,
    async () => (await ledger.outbound?.figures()) ?? { receivers: [] },
  );
  metrics.families(PARTNER_FAMILIES, async () => ledger.partners?.figures() ?? []);
  metrics.families(OAUTH_FAMILIES, async () => ledger.oauth?.figures);
  metrics.families(RISK_FAMILIES, async () => ledger.risks?.counts);
  const clearing = new ClearingFigures(() => ledger.engine);
  metrics.families(CLEARING_FAMILIES, () => clearing.read());
  const reconciled = new ReconcilingFigures(
    () => ledger.engine && ledger.partners && { engine: ledger.engine, partners: ledger.partners },
    limits.reconcileMismatchesMax,
  );
  metrics.families(RECONCILING_FAMILIES, () => reconciled.read());
  metrics.families(ALERT_FAMILIES, async () => ({
    alerts: ledger.alerts?.figures,
    recount: ledger.engine?.recount.figures,
  }));
  metrics.families(TRUST_FAMILIES, async () => ({
    vault: await ledger.engine?.vault.figures(),
    trees: await ledger.checkpoints?.seen(),
  }));
  metrics.families(PROJECTION_FAMILIES, async () => ledger.projections?.state());
  metrics.counter(
    'jifen_passwords_total',
    'Passwords of members and operators that were made or compared.',
    () => ledger.signIn?.passwords ?? 0,
  );
  metrics.counter('jifen_defects_total', 'Exceptions in the gateway: defects.', () => defects);
  const server = new HttpServer(allRoutes(ledger, limits, metrics, tickets), {
    host,
    port,
    limits,
    metrics,
    ledger,
    sockets: [streams],
    events: [events],
    origins: options.origins,
    gate,
    onDefect,
  });
  const listening = await server.listen();
  const address = `http://${host.includes(':') ? `[${host}]` : host}:${listening}`;
  const publicUrl = options.publicUrl ?? address;
  let logs = NO_LOGS;
  let trail: TrailThread | undefined;
  const { folder } = options.engine;
  const isNew = !isDataFolder(folder);
  try {
    const engine = await (options.openEngine ?? open)({
      diskFreeBytesMin: limits.diskFreeBytesMin,
      segments: {
        bytes: limits.segmentBytes,
        days: limits.segmentDays,
        hotBytes: limits.segmentHotBytes,
      },
      auditDays: limits.auditDays || undefined,
      ...options.engine,
      replica: replicaOf(options.engine, limits, (why) => {
        ledger.unready = `The ledger is not served here: ${why}.`;
      }),
      cluster: options.engine.cluster && {
        ...options.engine.cluster,
        claimMs: limits.claimMs,
        clockDifferenceMs: limits.clockDifferenceMs,
        clockDifferenceMsMax: limits.clockDifferenceMsMax,
        onWaiting: (why) => {
          ledger.unready = `The ledger is being opened: ${why}.`;
          options.engine.cluster?.onWaiting?.(why);
        },
      },
    });
    try {
      // Not before: the engine refuses a folder that has something else in it.
      if (options.logs !== undefined) {
        const { auditDays } = limits;
        const days = { ...(auditDays > 0 && { audit: auditDays }), ...options.logs.days };
        const logOptions = { ...options.logs, days };
        logs = openLogs(logOptions, told, limits.refusalLinesRate);
        const { shardsHere: shards } = engine;
        const { clockOffset } = options.engine;
        if (auditDays > 0)
          trail = new TrailThread(
            { ledger: folder, shards, auditDays, clockOffset },
            logOptions,
            told,
          );
      }
      const mayMakeKey = options.newSecretsKey === true;
      const sealer = await folderSealer(engine, folder, { isNew, mayMakeKey });
      const key = await adminKey(folder, isNew);
      if (key.replaces) logs.service('warn', 'admin.key was missing: a new one was made');
      const cluster = options.engine.cluster?.description.name ?? '';
      // Every node opens what one of them sealed.
      engine.share({ [SECRETS_KEY_FILE]: sealer.digestFor(cluster) });
      const directory = new Directory(engine, sealer, limits, onDefect);
      for (const kept of [streams, events]) directory.onChange(() => kept.look());
      await directory.start();
      const partnerOf = (token: string) => {
        const partner = ledger.partners?.partnerOfToken(token);
        return partner && partnerPrincipal(partner, limits);
      };
      const tokensOf = (text: string) =>
        text.startsWith('jifen_at_')
          ? ledger.oauth?.tokens
          : text.startsWith('jifen_op_')
            ? ledger.operators?.sessions
            : undefined;
      const authenticator = new Authenticator(
        engine,
        directory,
        key.key,
        limits,
        partnerOf,
        tokensOf,
      );
      const devices = new DeviceRules(engine);
      gate.open({
        ...{ authenticator, logs, now: () => engine.now() },
        deviceDigest: (device) => (devices.asksNow ? sealer.deviceDigest(device) : undefined),
      });
      tickets.setKey(key.key);
      ledger.engine = engine;
      ledger.access = { directory, sealer };
      const node = options.engine.cluster?.node ?? '';
      const judged: Judged = {
        ...{ totals: () => metrics.totals, importers: () => importersOf(engine) },
        trees: async () => ledger.checkpoints?.seen(),
      };
      ledger.alerts = openAlerts({ engine, limits, node, directory, log: logs.service }, judged);
      ledger.risks = new RiskDesk(engine, limits, devices);
      ledger.mall = new Mall(engine);
      ledger.mall.start();
      ledger.draining = new Draining(engine);
      ledger.draining.start();
      ledger.outbound = new Outbound({
        ...{ engine, directory, sealer, limits, onDefect },
        hosts: options.webhookHosts ?? [],
        sinks: options.sinks ?? [],
        clockOffset: options.engine.clockOffset,
        findLetter: (event) => sentLetter({ engine, sealer, publicUrl }, event),
      });
      await ledger.outbound.start();
      const { destinations } = ledger.outbound;
      ledger.partners = new Partners({
        ...{ engine, directory, sealer, destinations, limits, onDefect },
      });
      await ledger.partners.start();
      ledger.driving = new Driving(engine, ledger.partners, limits);
      ledger.driving.start();
      ledger.reconciling = new Reconciling({
        ...{ engine, partners: ledger.partners, limits, onDefect, log: logs.service },
        folder: join(folder, 'reconciling'),
      });
      ledger.reconciling.start();
      const oauth = new OAuth({
        ...{ ledger: engine, sealer, limits, directory, onDefect },
        issuer: publicUrl,
        now: clockOf(options.engine),
        principalOf: (holder) => memberPrincipal(holder, directory),
        callerOf: (authorization, token) => callerOf(authenticator, authorization, token),
      });
      for (const kept of [streams, events]) oauth.tokens.onEnd(() => kept.look());
      oauth.tokens.start();
      ledger.oauth = oauth;
      const passwords = new Passwords(limits);
      ledger.signIn = new MemberSignIn({
        ...{ engine, sealer, directory, limits, publicUrl, onDefect, passwords },
        grants: oauth.grants,
      });
      ledger.disclosures = new Disclosures(limits.disclosureDays);
      ledger.erasing = new Erasing({
        ...{ engine, sealer, directory, outbound: ledger.outbound, signIn: ledger.signIn },
      });
      ledger.erasing.start();
      const sessions = new Sessions({ engine, directory, limits, adminKey: key.key, onDefect });
      for (const kept of [streams, events]) sessions.onEnd(() => kept.look());
      sessions.start();
      ledger.operators = new OperatorSignIn({
        ...{ engine, sealer, limits, passwords, sessions, publicUrl },
        keyOf: (text) => keyHolder(authenticator, text),
      });
      ledger.projections = new Projections({
        ...{ folder, limits, onDefect },
        peers: new Peers(engine.beside),
      });
      ledger.projections.start(options.reports === true);
      const files = join(folder, 'projections', 'files');
      const reporting = new Reporting({
        engine,
        limits,
        source: ledger.projections,
        folder: files,
      });
      await reporting.start();
      ledger.reporting = reporting;
      ledger.scheduledReports = new ScheduledReports({
        ...{ engine, reporting, limits, publicUrl, onDefect },
        folder: join(folder, 'reports'),
        node,
      });
      ledger.scheduledReports.start();
      ledger.alerts.start();
      ledger.checkpoints = new Checkpoints({
        ...{ engine, sealer, destinations, limits, log: logs.service },
        name: await nameFor(engine, options.ledgerName, options.publicUrl),
      });
      ledger.checkpoints.start();
      ledger.anchoring = new Anchoring({
        ...{ engine, sealer, destinations, limits, log: logs.service },
        ...{ checkpoints: ledger.checkpoints, alerts: ledger.alerts },
      });
      ledger.anchoring.start();
      ledger.unready = undefined;
      let closed: Promise<void> | undefined;
      logs.service('info', 'serving', { address, folder });
      return {
        engine,
        address,
        adminKey: key,
        close: () => {
          closed ??= stop(ledger, server, logs, trail);
          return closed;
        },
      };
    } catch (error) {
      await trail?.close();
      await engine.close();
      throw error;
    }
  } catch (error) {
    await server.close();
    await ledger.signIn?.idle();
    await logs.close();
    throw error;
  }
}

/** One of several replicas does not lead without the keys that the others have. */
function replicaOf(
  { folder, replica }: OpenOptions,
  { replicaStandMs: standMs }: GatewayLimits,
  onWaiting: (why: string) => void,
): OpenOptions['replica'] {
  if (replica === undefined) return undefined;
  const unfit = (isFirst: boolean): string | undefined => {
    if (isFirst) return undefined;
    const missing = [SECRETS_KEY_FILE, ADMIN_KEY_FILE].find(
      (file) => !existsSync(join(folder, file)),
    );
    return missing && `${missing} is missing: copy it from another replica's folder`;
  };
  const told = (why: string): void => {
    onWaiting(why);
    replica.onWaiting?.(why);
  };
  return { standMs, unfit, ...replica, onWaiting: told };
}

/** Every route that is served: of the ledger, of tickets for its streams, of the page that shows them, of their document. */
export function allRoutes(
  ledger: ServedLedger,
  limits: GatewayLimits,
  metrics: Metrics,
  tickets: Tickets,
): Route[] {
  const all = [
    ...routes(ledger, limits, metrics),
    ...healthRoutes(ledger, limits),
    ...tickets.routes(),
    ...liveRoutes(),
    ...drawsPageRoutes(),
    ...receiptPageRoutes(),
    ...memberRoutes(),
    ...consoleRoutes(),
    ...signInPageRoutes(ledger, limits),
    ...embedRoutes(ledger),
  ];
  return [...all, ...docsRoutes(all)];
}

function streamFigures(metrics: Metrics, streams: Streams, events: Events): void {
  metrics.gauge('jifen_stream_connections', 'Open WebSockets.', () => streams.connections);
  metrics.gauge('jifen_event_streams', 'Open event streams.', () => events.connections);
  metrics.gauge(
    'jifen_stream_subscriptions',
    'Subscriptions to balances and feeds.',
    () => streams.subscriptions,
  );
  metrics.gauge(
    'jifen_stream_backlog_bytes',
    'Bytes that wait for the readers of WebSockets.',
    () => streams.backlogBytes,
  );
  metrics.counter(
    'jifen_stream_slow_readers_total',
    'Readers that were disconnected because they were too slow.',
    () => streams.slow + events.slow,
  );
}

/** Whose key or platform's token it is, where no request has been admitted by it. */
async function callerOf(
  authenticator: Authenticator,
  authorization: string,
  token: string,
): Promise<Refusal | Principal> {
  const claim = authenticator.claim(either('read'), bareCredentials(authorization, token));
  if (isRefusal(claim)) return claim;
  return (await claim.proof?.(new Uint8Array())) ?? claim.principal;
}

/** Whose key it is that begins a session. */
async function keyHolder(authenticator: Authenticator, key: string): Promise<Refusal | KeyHolder> {
  const isKey = key.startsWith('jifen_key_') || key.startsWith('jifen_admin_');
  const principal = isKey ? await callerOf(authenticator, `Bearer ${key}`, '') : undefined;
  if (isRefusal(principal)) return principal;
  if (principal?.kind === 'administrator') return { administrator: administratorDigest(key) };
  return principal?.kind === 'key' ? { key: principal.id } : refuse('UNAUTHORIZED', 'key');
}

const printed = (error: unknown): void => console.error('jifen: a defect in the gateway:', error);

async function stop(
  ledger: ServedLedger,
  server: HttpServer,
  logs: Logs,
  trail: TrailThread | undefined,
): Promise<void> {
  ledger.unready ??= 'The ledger is closing.';
  ledger.draining?.close();
  await ledger.alerts?.close();
  ledger.oauth?.tokens.close();
  ledger.operators?.sessions.close();
  await server.close();
  await ledger.access?.directory.stop();
  await ledger.erasing?.close();
  await ledger.mall?.close();
  await ledger.driving?.close();
  await ledger.reconciling?.close();
  await ledger.partners?.close();
  await ledger.anchoring?.close();
  await ledger.checkpoints?.close();
  await ledger.outbound?.close();
  // What is being written is given up, so that it ends.
  const scheduled = ledger.scheduledReports?.close();
  await ledger.projections?.close();
  await scheduled;
  // What was answered is durable. It lets go of the logs before the ledger does.
  await trail?.close();
  await ledger.engine?.close();
  logs.service('info', 'stopped');
  await logs.close();
}
