// The form with which somebody signs in. Owns: how it looks, what comes of it. Never touches: where it leads.

import type { Answer } from '../../encoding/answer.js';
import { isRefusal } from '../../refusal.js';
import type { SignedIn } from '../../sign-in/shapes.js';
import { type Html, html, type Shown } from './html.js';
import type { Language } from './languages.js';
import { button, field, type PageParts, problemOf, withQuery } from './layout.js';
import { plain, say } from './texts.js';
import { told, type Visit } from './visits.js';

/** Characters of a login name or a password that are read; what is longer is none. */
export const LOGIN_LENGTH_MAX = 254;
export const PASSWORD_LENGTH_MAX = 256;
/** The same of one-time codes. */
export const CODE_LENGTH_MAX = 40;

/** Refusals after which a code is asked for. */
export const CODES: ReadonlySet<string> = new Set(['CODE_REQUIRED', 'CODE_WRONG']);

const FORBIDDEN = 403;
const UNPROCESSABLE = 422;

/** A page on which one signs in. */
export interface SignInPage {
  readonly visit: Visit;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** What the form is bound to. */
  readonly about: readonly string[];
  readonly lead: Shown;
  /** What stands in the field at first. */
  readonly hint?: string | undefined;
  /** How one gets away without signing in. */
  readonly cancel?: Shown | undefined;
  readonly leadsTo?: readonly string[] | undefined;
}

const formOf = ({ about }: SignInPage) => ({ purpose: 'sign in', about });

/** What is shown beside the form. */
interface Said {
  readonly problem?: Shown;
  readonly status?: number | undefined;
  readonly login?: string | undefined;
  /** Which field is not filled in. */
  readonly missing?: 'login' | 'password' | undefined;
  /** Is a one-time code asked for, too? */
  readonly hasCode?: boolean | undefined;
}

/** The field for a one-time code. */
export const codeField = (language: Language): Html =>
  field({
    ...{ name: 'code', label: say(language, 'code'), type: 'text' },
    ...{ autocomplete: 'one-time-code', lengthMax: CODE_LENGTH_MAX },
    hint: say(language, 'codeHint'),
  });

/** The page with the form. */
export function signInPage(of: SignInPage, said: Said = {}): Answer {
  const { visit, path, query, lead, hint, cancel, leadsTo } = of;
  const { language } = visit;
  const { problem, status, login = hint, missing, hasCode } = said;
  const needed = (name: string) => (missing === name ? say(language, 'loginNeeded') : undefined);
  const main = html`${problemOf(problem)}<p>${lead}</p>
<form method="post" action="${withQuery(path, query)}">
<input type="hidden" name="form" value="${visit.token(formOf(of))}">
${field({
  ...{ name: 'login', label: say(language, 'login'), type: 'text' },
  ...{
    autocomplete: 'username',
    lengthMax: LOGIN_LENGTH_MAX,
    value: login,
    wrong: needed('login'),
  },
})}
${field({
  ...{ name: 'password', label: say(language, 'password'), type: 'password' },
  ...{
    autocomplete: 'current-password',
    lengthMax: PASSWORD_LENGTH_MAX,
    wrong: needed('password'),
  },
})}
${hasCode && codeField(language)}
${button(say(language, 'signIn'), 'sign-in')}
${cancel !== undefined && button(cancel, 'cancel', true)}
</form>
<ul class="links">
<li><a href="/sign-in/reset">${say(language, 'forgotten')}</a></li>
<li><a href="/sign-in/register">${say(language, 'register')}</a></li>
</ul>`;
  const parts: Omit<PageParts, 'language'> = {
    ...{ title: plain(language, 'signIn'), main, path, query, leadsTo, status },
  };
  return visit.page(parts);
}

/** What comes of a form: somebody has signed in, or wants to get away; else the page again. */
export type SignInTaken = SignedIn | 'cancel' | Answer;

/** Signs in with what the form says. */
export async function takeSignIn(of: SignInPage): Promise<SignInTaken> {
  const { visit } = of;
  const { language, fields } = visit;
  const { login = '', password = '', code, decision } = fields;
  const wrong = visit.wrong(formOf(of));
  if (wrong !== undefined)
    return signInPage(of, { problem: say(language, wrong), status: FORBIDDEN, login });
  if (decision === 'cancel') return 'cancel';
  const missing = login === '' ? 'login' : password === '' ? 'password' : undefined;
  if (missing !== undefined) return signInPage(of, { login, missing, status: UNPROCESSABLE });
  const signedIn = await visit.signIn.signIn({
    login,
    password,
    code: code || undefined,
    ...visit.asked,
  });
  if (!isRefusal(signedIn)) return signedIn;
  const page = signInPage(of, {
    problem: told(language, signedIn),
    status: signedIn.status,
    login,
    hasCode: CODES.has(signedIn.code),
  });
  return { ...page, told: { outcome: signedIn.code } };
}
