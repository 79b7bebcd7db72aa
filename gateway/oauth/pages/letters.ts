// The pages of links that members are sent: invitation, confirmation, reset. Owns: how a link is taken and used by a person. Never touches: what is in a link, what
// it opens (sign-in/).
//   consent.L1. The secret of a link stands behind its `#`: browsers send that to nobody, so no log, proxy or Referer ever has it. The page's script puts it into
//       the form, and takes it out of the address; without scripts it is pasted. To look at a link uses nothing up.

import type { Answer } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import type { Route, ServedLedger } from '../../route.js';
import { PAGE_DESCRIPTIONS } from '../../schema/sign-in-pages.js';
import { LETTER_KINDS, type LetterKind, type LetterSeen } from '../../sign-in/shapes.js';
import { type Html, html, type Shown } from './html.js';
import { button, field, named, problemOf } from './layout.js';
import { OWN_PAGE } from './member-sign-in.js';
import { CODES, codeField, LOGIN_LENGTH_MAX, PASSWORD_LENGTH_MAX } from './sign-in-form.js';
import { plain, say } from './texts.js';
import { type Answering, pageRoutes, refused, told, type Visit } from './visits.js';

const LETTERS_PATH = '/letters/{purpose}';
/** Characters of a pasted link. */
const LINK_LENGTH_MAX = 400;
const FORBIDDEN = 403;
const UNPROCESSABLE = 422;

/** Both ways to a link's page. */
export function letterRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const by =
    (answer: (of: Letter) => Answer | Promise<Answer>): Answering =>
    (visit, { path: [purpose] }) => {
      const kind = LETTER_KINDS.find((one) => one === purpose);
      if (kind === undefined) return refused(refuse('ROUTE_NOT_FOUND'));
      return answer({ visit, kind, path: `/letters/${kind}` });
    };
  const { letter, letterUsed } = PAGE_DESCRIPTIONS;
  const ways = pageRoutes(ledger, limits);
  return ways(LETTERS_PATH, [letter, by((of) => shown(of))], [letterUsed, by(taken)]);
}

/** The page of a link. */
interface Letter {
  readonly visit: Visit;
  readonly kind: LetterKind;
  readonly path: string;
}

const formOf = ({ kind }: Letter) => ({ purpose: 'letter', about: [kind] });

function pageOf({ visit, kind, path }: Letter, main: Html, status?: number): Answer {
  const { language } = visit;
  return visit.page({
    title: plain(language, kind),
    main,
    path,
    query: {},
    status,
    hasScript: true,
  });
}

/** Asks for the link: the script answers. */
function shown(letter: Letter, problem?: Shown, status?: number): Answer {
  const { visit, path } = letter;
  const { language } = visit;
  const main = html`${problemOf(problem)}<form method="post" action="${path}" id="letter-form">
<input type="hidden" name="form" value="${visit.token(formOf(letter))}">
${field({
  ...{ name: 'letter', label: say(language, 'letter'), type: 'text', autocomplete: 'off' },
  ...{ lengthMax: LINK_LENGTH_MAX, hint: say(language, 'letterHint') },
})}
${button(say(language, 'goOn'), 'look')}
</form>`;
  return pageOf(letter, main, status);
}

/** What is wrong with a link that is being used. */
interface Wrong {
  readonly problem?: Html;
  readonly login?: Html;
  readonly password?: Html;
  readonly status: number;
  readonly hasCode?: boolean;
}

/** Asks for what the link is used with. */
function asked(letter: Letter, seen: LetterSeen, wrong?: Wrong): Answer {
  const { visit, kind, path } = letter;
  const { language, fields } = visit;
  const account = seen.login;
  const login =
    kind === 'invitation'
      ? field({
          ...{ name: 'login', label: say(language, 'loginChoose'), type: 'text' },
          ...{ autocomplete: 'username', lengthMax: LOGIN_LENGTH_MAX, value: fields.login },
          hint: account === undefined ? undefined : say(language, 'loginHint'),
          ...{ isOptional: account !== undefined, wrong: wrong?.login },
        })
      : html`<input type="text" name="username" autocomplete="username" value="${account}" hidden readonly>`;
  const main = html`${problemOf(wrong?.problem)}\
${account !== undefined && html`<p>${say(language, 'letterFor', { account: named(account) })}</p>\n`}\
<form method="post" action="${path}">
<input type="hidden" name="form" value="${visit.token(formOf(letter))}">
<input type="hidden" name="letter" value="${fields.letter}">
${login}
${field({
  ...{ name: 'password', label: say(language, 'newPassword'), type: 'password' },
  ...{ autocomplete: 'new-password', lengthMax: PASSWORD_LENGTH_MAX },
  ...{ hint: say(language, 'passwordHint'), wrong: wrong?.password },
})}
${wrong?.hasCode === true && codeField(language)}
${button(say(language, 'letterUse'), 'use')}
</form>`;
  return pageOf(letter, main, wrong?.status);
}

async function taken(letter: Letter): Promise<Answer> {
  const { visit } = letter;
  const { language, fields } = visit;
  const { letter: link = '', decision, password = '', login, code: typed } = fields;
  const wrong = visit.wrong(formOf(letter));
  if (wrong !== undefined) return shown(letter, say(language, wrong), FORBIDDEN);
  const seen = await visit.signIn.lookAtLetter(link);
  if (isRefusal(seen)) return gone(letter, seen);
  if (seen.kind !== letter.kind) return gone(letter, refuse('LETTER_NOT_FOUND'));
  if (decision !== 'use') return asked(letter, seen);
  if (password === '')
    return asked(letter, seen, { password: say(language, 'loginNeeded'), status: UNPROCESSABLE });
  const isChosen = letter.kind === 'invitation' && login !== undefined && login !== '';
  const used = await visit.signIn.useLetter({
    ...{ letter: link, password, login: isChosen ? login : undefined, code: typed || undefined },
    ...visit.asked,
  });
  if (!isRefusal(used)) return visit.signedIn(used, OWN_PAGE);
  if (used.code === 'LETTER_NOT_FOUND') return gone(letter, used);
  const { status, code } = used;
  const words = told(language, used);
  const place = PLACES[code] ?? 'problem';
  const hasCode = CODES.has(code);
  return { ...asked(letter, seen, { [place]: words, status, hasCode }), told: { outcome: code } };
}

/** At which field a refusal is shown. */
const PLACES: Readonly<Record<string, 'login' | 'password'>> = {
  PASSWORD_WEAK: 'password',
  LOGIN_INVALID: 'login',
  LOGIN_TAKEN: 'login',
};

const gone = (letter: Letter, refusal: Refusal): Answer => ({
  ...shown(letter, told(letter.visit.language, refusal), refusal.status),
  told: { outcome: refusal.code },
});
