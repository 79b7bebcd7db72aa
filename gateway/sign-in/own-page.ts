// Whose page asks, where a cookie is shown. Owns: how that is told. Never touches: cookies, forms.
//   signin.C1. What a cookie permits is asked for by the server's own pages alone: browsers say whose page asks (`Origin`, `Sec-Fetch-Site`), and no page can say
//       otherwise. Who says neither is no browser, and has no cookie by accident.

/** The headers that say it. */
export const PAGE_HEADERS = ['origin', 'sec-fetch-site', 'host'] as const;

/** May a request with these headers have come from a page of the server's own, or from no page at all? */
export function isOwnPage(headers: Readonly<Record<string, string>>, publicUrl: string): boolean {
  const { origin = '', host = '', 'sec-fetch-site': site = '' } = headers;
  if (site !== '' && site !== 'same-origin') return false;
  if (origin === '') return true;
  if (!URL.canParse(origin)) return false;
  if (origin === new URL(publicUrl).origin) return true;
  // Without TLS the server is asked by other names, too: a phone near it by its address.
  return !publicUrl.startsWith('https:') && new URL(origin).host === host;
}
