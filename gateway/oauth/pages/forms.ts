// Forms that only their own page can send. Owns: the tokens in them, the cookie that they are bound to, which origins may send them. Never touches: what a form
// is for, sessions.
//   consent.F1. A form counts only with a token that this server made for it: for its purpose, for what it was made about (the request, the session and account
//       that it shows), for the browser whose cookie it came with, within `formMs`.
//   consent.F2. What a page of others has sent (signin.C1) is answered without a look at it, and without a form or a cookie: no form that is open stops being good.
//   consent.F3. Nothing is kept of a form: any number of them, in any number of tabs, are good at once, on every node, after a restart.

import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Answer } from '../../encoding/answer.js';
import { readCookies } from '../../sign-in/cookies.js';
import { PAGE_HEADERS } from '../../sign-in/own-page.js';

/** What of a request says who sends a form, and from where. */
export const FORM_HEADERS = [
  ...PAGE_HEADERS,
  'cookie',
  'accept-language',
  'sec-fetch-mode',
] as const;

export type FormHeaders = Readonly<Record<string, string>>;

const SECRET = /^[A-Za-z0-9_-]{43}$/;
const TOKEN = /^(\d{1,15})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;
const NONCE_BYTES = 16;
const SECRET_BYTES = 32;

/** Who sends a form. */
export interface Browser {
  /** The secret that its forms are bound to. */
  readonly secret: string;
  /** Tells it that secret, where it does not have it yet. */
  readonly headers: NonNullable<Answer['headers']>;
}

/** What is said of a form. */
export interface FormOf {
  readonly browser: Browser;
  readonly purpose: string;
  /** What it is about: it is another form where any of it differs. */
  readonly about: readonly string[];
}

/** What a form is bound with. */
export interface FormSettings {
  /** Proof that this server has said so: 43 characters of base64url. */
  readonly mac: (parts: readonly string[]) => string;
  readonly now: () => number;
  readonly formMs: number;
  /** The public URL of the server, without a slash at its end. */
  readonly publicUrl: string;
}

export class Forms {
  readonly #settings: FormSettings;
  readonly #cookie: string;
  readonly #attributes: string;

  constructor(settings: FormSettings) {
    this.#settings = settings;
    const isSecure = settings.publicUrl.startsWith('https:');
    this.#cookie = isSecure ? '__Host-jifen_form' : 'jifen_form';
    this.#attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  }

  /** The browser that asks, as its cookie says; a new one where it has none. */
  browser(headers: FormHeaders): Browser {
    const shown = readCookies(headers.cookie ?? '').get(this.#cookie);
    if (shown !== undefined && SECRET.test(shown)) return { secret: shown, headers: [] };
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    return { secret, headers: [['Set-Cookie', `${this.#cookie}=${secret}; ${this.#attributes}`]] };
  }

  /** The token of a form. */
  token(form: FormOf): string {
    const made = String(this.#settings.now());
    const nonce = randomBytes(NONCE_BYTES).toString('base64url');
    return `${made}.${nonce}.${this.#proof(form, made, nonce)}`;
  }

  /**
   * Was this form made here, for this? `old`: longer ago than a form is good for. `foreign`: it is not the form that it says to be.
   */
  judge(token: string, form: FormOf): 'good' | 'old' | 'foreign' {
    const [, made = '', nonce = '', proof = ''] = TOKEN.exec(token) ?? [];
    if (proof === '') return 'foreign';
    const right = this.#proof(form, made, nonce);
    if (!timingSafeEqual(Buffer.from(proof), Buffer.from(right))) return 'foreign';
    const { now, formMs } = this.#settings;
    return now() - Number(made) <= formMs ? 'good' : 'old';
  }

  #proof({ browser, purpose, about }: FormOf, made: string, nonce: string): string {
    return this.#settings.mac([purpose, browser.secret, made, nonce, ...about]);
  }
}
