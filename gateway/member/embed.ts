// `/me/embed/{platform}`: the member's page inside of a platform's own. Owns: who may put it into a frame, what it is told of that. Never touches: the page's files
// (routes.ts), sign-in.
//   member.E1. Only the platform's `embedOrigins` may frame it, as they are known now; where the platform is not, is disabled, or cannot be known, nobody may.
//   member.E2. What is answered says nothing of whether there is such a platform, but to who names none of its origins.

import { ANYONE } from '../auth/principal.js';
import type { Answer } from '../encoding/answer.js';
import type { Call, Route, ServedLedger } from '../route.js';
import { pageDescription, partDescription } from '../schema/operation-descriptions.js';
import { policyOf } from '../web/built.js';
import { pageHtml } from './routes.js';

const EMBED = '/me/embed/{platform}';

/** Who may embed the page of a platform. */
function originsOf({ access }: ServedLedger, id: string): readonly string[] {
  if (access === undefined || !access.directory.isFresh) return [];
  const { disabled = true, embedOrigins = [] } = access.directory.platform(id)?.platform ?? {};
  return disabled ? [] : embedOrigins;
}

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);

/** The page as it is built, with what it is told: whose it is, and who may embed it (gateway/member/page/embed/host.ts). */
function embeddedHtml(platform: string, origins: readonly string[]): string {
  const told = escaped(JSON.stringify({ platform, origins }));
  return pageHtml().replace('<head>', () => `<head>\n<meta name="jifen-embed" content="${told}">`);
}

/** The page's addresses inside of a frame. */
export function embedRoutes(ledger: ServedLedger): Route[] {
  const handle = ({ path: [platform = ''] }: Call): Answer => {
    const origins = originsOf(ledger, platform);
    const policy = policyOf({
      hasWorker: true,
      ...(origins.length > 0 && { framedBy: origins.join(' ') }),
    });
    return {
      status: 200,
      contentType: 'text/html; charset=utf-8',
      body: embeddedHtml(platform, origins),
      headers: [
        ['Content-Security-Policy', policy],
        ['X-Content-Type-Options', 'nosniff'],
        ['Referrer-Policy', 'no-referrer'],
        ['Cache-Control', 'no-cache'],
      ],
    };
  };
  const paths = ['', '/{screen}', '/{screen}/{item}', '/{screen}/{item}/{part}'];
  return paths.map((rest) => ({
    method: 'GET',
    path: EMBED + rest,
    access: ANYONE,
    module: 'operations',
    takesAny: true,
    describes: rest === '' ? EMBED_DESCRIPTION : partDescription('text/html'),
    handle,
  }));
}

const EMBED_DESCRIPTION = pageDescription(
  'The member’s page, for the frames of a platform’s own pages (embedOrigins).',
);
