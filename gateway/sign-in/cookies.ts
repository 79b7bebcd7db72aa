// Cookies of members and operators: that of a session, and that by which a browser is known. Owns: their names, how they are set and read. Never touches: what they open.
//   signin.C2. No script reads them, no other site's page has them sent with what changes something, and over TLS no other host sets them (`__Host-`).

/** How long a browser is known, in seconds: as long as browsers keep a cookie. */
const DEVICE_SECONDS = 400 * 86_400;

/** A header line, as answers carry them. */
type Line = readonly [string, string];

/** Cookies out of the header `Cookie`, by name; of two of one name the first counts. */
export function readCookies(header: string): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  for (const part of header.split(';')) {
    const at = part.indexOf('=');
    const name = part.slice(0, at).trim();
    if (at > 0 && !all.has(name)) all.set(name, part.slice(at + 1).trim());
  }
  return all;
}

/** Whose cookies they are. */
interface CookieNames {
  readonly session: string;
  readonly device: string;
  /** Are they sent where a page of another site leads to one of the server's? */
  readonly sameSite: 'Lax' | 'Strict';
}

/** Cookies of members, and of operators. */
export const MEMBERS: CookieNames = {
  ...{ session: 'jifen_session', device: 'jifen_device' },
  sameSite: 'Lax',
};
export const OPERATORS: CookieNames = {
  ...{ session: 'jifen_operator', device: 'jifen_operator_device' },
  sameSite: 'Strict',
};

/** The cookies of a server with this public URL. */
export class Cookies {
  readonly session: string;
  readonly device: string;
  readonly #flags: string;

  constructor(publicUrl: string, names: CookieNames) {
    const isSecure = publicUrl.startsWith('https:');
    const prefix = isSecure ? '__Host-' : '';
    this.session = `${prefix}${names.session}`;
    this.device = `${prefix}${names.device}`;
    this.#flags = `Path=/; HttpOnly; SameSite=${names.sameSite}${isSecure ? '; Secure' : ''}`;
  }

  /** The values that a request brings; undefined: it has none. */
  read(header: string): {
    readonly session: string | undefined;
    readonly device: string | undefined;
  } {
    const all = readCookies(header);
    return { session: all.get(this.session), device: all.get(this.device) };
  }

  /** Sets both; the session's lives as long as the browser keeps it, and no longer than `seconds`. */
  signedIn(of: { readonly cookie: string; readonly device: string }, seconds: number): Line[] {
    return [
      this.#line(this.session, of.cookie, seconds),
      this.#line(this.device, of.device, DEVICE_SECONDS),
    ];
  }

  /** The session's lives on, as long as the session itself. */
  again(cookie: string, seconds: number): Line[] {
    return [this.#line(this.session, cookie, seconds)];
  }

  /** Takes the session's away; the browser stays known. */
  signedOut(): Line[] {
    return [this.#line(this.session, '', 0)];
  }

  #line(name: string, value: string, seconds: number): Line {
    return ['Set-Cookie', `${name}=${value}; Max-Age=${seconds}; ${this.#flags}`];
  }
}
