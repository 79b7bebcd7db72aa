// The service worker. Owns: the page's own files while there is no network. Never touches: the API, whose answers it lets through unseen.
//   member.W1. The page is asked of the server first: a cached one is shown only where none comes in time. So none is stale for ever.
//   member.W2. The files of the build before are kept, so that a page that is open still finds its parts.

declare const BUILD_FILES: readonly string[];
declare const BUILD_VERSION: string;

/** What is used of a worker's events. */
interface Waits {
  waitUntil(until: Promise<unknown>): void;
}
interface Fetches {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Scope {
  readonly location: Location;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Waits) => void): void;
  addEventListener(type: 'fetch', listener: (event: Fetches) => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}
const worker = self as unknown as Scope;

const PREFIX = 'jifen-me-';
const CACHE = PREFIX + BUILD_VERSION;
const SHELL = '/me';
const STAYING = ['/me/icons/icon.svg', '/me/manifest.webmanifest'];
/** How long the server may take for the page, where there is a cached one. */
const PATIENCE_MS = 3_000;
/** Caches that stay: this build's and the one before. */
const BUILDS_KEPT = 2;

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  // Not out of the browser's own cache: the page names the files of this build.
  await cache.addAll([
    ...BUILD_FILES,
    ...[SHELL, ...STAYING].map((path) => new Request(path, { cache: 'reload' })),
  ]);
}

/** In the order in which they were made. */
async function activate(): Promise<void> {
  const ours = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  const old = ours.slice(0, Math.max(0, ours.length - (BUILDS_KEPT - 1)));
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

const cached = async (path: string): Promise<Response | undefined> => {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? caches.match(path);
};

async function page(request: Request): Promise<Response> {
  const fresh = fetch(request);
  const kept = await cached(SHELL);
  if (kept === undefined) return fresh;
  const late = new Promise<undefined>((resolve) =>
    setTimeout(() => resolve(undefined), PATIENCE_MS),
  );
  try {
    const answer = await Promise.race([fresh, late]);
    // A server that is starting, or somebody in front of it, says 5xx.
    return answer === undefined || answer.status >= 500 ? kept : answer;
  } catch {
    return kept;
  } finally {
    fresh.catch(() => undefined);
  }
}

const part = async (request: Request, path: string): Promise<Response> =>
  (await cached(path)) ?? fetch(request);

worker.addEventListener('install', (event) => event.waitUntil(install()));
worker.addEventListener('activate', (event) => event.waitUntil(activate()));
worker.addEventListener('message', ({ data }) => {
  if (data === 'take over') void worker.skipWaiting();
});
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== worker.location.origin) return;
  // An embedded page has other headers, and is never kept.
  if (pathname.startsWith('/me/embed/')) return;
  if (request.mode === 'navigate') {
    if (pathname === SHELL || pathname.startsWith(`${SHELL}/`)) event.respondWith(page(request));
  } else if (pathname.startsWith('/me/assets/') || STAYING.includes(pathname))
    event.respondWith(part(request, pathname));
});
