// Which screen is shown. Owns: addresses below the page's own (`/me`, `/console`; in a frame `/me/embed/{platform}`), going to and fro between them. Never touches: screens.

import { signal } from '@preact/signals';

/** Below the page's address: `/`, `/history`, `/orders/O-1?x=y`. */
export interface Place {
  /** The parts of the path: [] is the first screen. */
  readonly parts: readonly string[];
  readonly query: Readonly<Record<string, string>>;
}

const EMBEDDED = /^\/me\/embed\/[^/]+/.exec(location.pathname)?.[0];
/** Is the page somebody else's guest, in a frame? */
export const isEmbedded = EMBEDDED !== undefined;
/** What all addresses begin with. */
export const BASE = EMBEDDED ?? /^\/[^/]*/.exec(location.pathname)?.[0] ?? '';

function placeOf(pathname: string, search: string): Place {
  const below = pathname.startsWith(BASE) ? pathname.slice(BASE.length) : pathname;
  const parts = below.split('/').filter(Boolean).map(decoded);
  return { parts, query: Object.fromEntries(new URLSearchParams(search)) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const place = signal<Place>(hereOf());

function hereOf(): Place {
  return placeOf(location.pathname, location.search);
}

/** The address of a place, for links: `href('orders', id)`. */
export const href = (...parts: readonly string[]): string =>
  [BASE, ...parts.map(encodeURIComponent)].join('/');

/** Goes to an address of the page. `isReplaced`: in the place of this one. */
export function go(address: string, isReplaced = false): void {
  const url = new URL(address, location.href);
  if (isReplaced) history.replaceState(null, '', url);
  else if (url.href !== location.href) history.pushState(null, '', url);
  place.value = placeOf(url.pathname, url.search);
  if (!isReplaced) window.scrollTo(0, 0);
}

/** Changes the query of where one is, and nothing else. */
export function ask(query: Readonly<Record<string, string | undefined>>): void {
  const pairs = Object.entries(query).filter((pair): pair is [string, string] => !!pair[1]);
  const text = new URLSearchParams(pairs).toString();
  go(href(...place.value.parts) + (text === '' ? '' : `?${text}`), true);
}

/** Links within the page are followed without loading it again. */
export function followLinks(): void {
  window.addEventListener('popstate', () => {
    place.value = hereOf();
  });
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link === null || link.target !== '' || link.hasAttribute('download')) return;
    const { origin, pathname, search, hash } = new URL(link.href);
    // To a part of this very page: the browser goes there, with the focus.
    if (hash !== '' && pathname + search === location.pathname + location.search) return;
    if (origin !== location.origin || !(pathname === BASE || pathname.startsWith(`${BASE}/`)))
      return;
    event.preventDefault();
    go(link.href);
  });
}
