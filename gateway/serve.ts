// The gateway as a whole: an engine and the web server in front of it. Owns: the order in which
// they start and stop. Never touches: routes, signals, the terminal.

import { type Engine, type OpenOptions, open } from '../engine/index.js';
import { type AdminKey, adminKey, bearerCheck } from './auth/admin-key.js';
import { Metrics } from './http/metrics.js';
import { type Ledger, routes } from './http/routes.js';
import { HttpServer } from './http/server.js';
import { type GatewayLimits, gatewayLimits } from './limits.js';
import { liveRoutes } from './live/routes.js';
import { administratorAccess } from './ws/access.js';
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
  readonly limits?: Partial<GatewayLimits> | undefined;
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
  /** Answers what is in flight, closes the connections, then the engine. */
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
  const ledger: Ledger = {
    engine: undefined,
    unready: 'The ledger is being opened; try again shortly.',
  };
  let authorized = (_authorization: string): boolean => false;
  const metrics: Metrics = new Metrics(
    () => ledger.engine,
    () => server.inFlight,
  );
  const onDefect =
    options.onDefect ?? ((error) => console.error('jifen: a defect in the gateway:', error));
  const tickets = new Tickets(limits);
  const access = tickets.access(administratorAccess((header) => authorized(header)));
  const streams = new Streams({ ledger, limits, access, onDefect });
  const events = new Events({ ledger, limits, access, onDefect });
  streamFigures(metrics, streams, events);
  const server = new HttpServer(
    [...routes(ledger, limits, metrics), ...tickets.routes(), ...liveRoutes()],
    {
      host,
      port,
      limits,
      metrics,
      ledger,
      authorized: (authorization) => authorized(authorization),
      sockets: [streams],
      events: [events],
      onDefect,
    },
  );
  const listening = await server.listen();
  try {
    const engine = await (options.openEngine ?? open)({
      ...options.engine,
      cluster: options.engine.cluster && {
        ...options.engine.cluster,
        onWaiting: (why) => {
          ledger.unready = `The ledger is being opened: ${why}.`;
          options.engine.cluster?.onWaiting?.(why);
        },
      },
    });
    try {
      const key = await adminKey(options.engine.folder);
      authorized = bearerCheck(key.key);
      tickets.setKey(key.key);
      ledger.engine = engine;
      ledger.unready = undefined;
      const name = host.includes(':') ? `[${host}]` : host;
      return {
        engine,
        address: `http://${name}:${listening}`,
        adminKey: key,
        close: () => stop(ledger, server, engine),
      };
    } catch (error) {
      await engine.close();
      throw error;
    }
  } catch (error) {
    await server.close();
    throw error;
  }
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
  metrics.gauge(
    'jifen_stream_slow_readers',
    'Readers that were disconnected because they were too slow, since the start.',
    () => streams.slow + events.slow,
  );
}

async function stop(ledger: Ledger, server: HttpServer, engine: Engine): Promise<void> {
  ledger.unready ??= 'The ledger is closing.';
  await server.close();
  await engine.close();
}
