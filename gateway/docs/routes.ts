// `/openapi.json`, and `/docs` to read it. Owns: which calls the document has. Never touches: what it says of them.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ANYONE } from '../auth/principal.js';
import { type Answer, jsonText } from '../encoding/answer.js';
import { page, script } from '../pages.js';
import type { Route } from '../route.js';
import { type Operation, openApi } from '../schema/document.js';
import {
  documentDescription,
  eventsDescription,
  socketDescription,
} from '../schema/operation-descriptions.js';
import { version } from '../version.js';
import { MAIN, STYLE, TITLE } from './page-text.js';

/** What is served beside the table of routes. */
const STREAMS: readonly Operation[] = [
  { method: 'GET', path: '/v1/stream', access: ANYONE, describes: socketDescription },
  { method: 'GET', path: '/v1/stream/sse', access: ANYONE, describes: eventsDescription },
];

/** The document of all calls, the ones here among them. */
export function docsRoutes(others: readonly Route[]): Route[] {
  let text: string | undefined;
  const document = (): Answer => {
    // Made when it is first asked for.
    text ??= openApi([...others, ...mine, ...STREAMS], version());
    return jsonText(200, text);
  };
  const mine: Route[] = [
    {
      method: 'GET',
      path: '/openapi.json',
      access: ANYONE,
      module: 'operations',
      describes: documentDescription,
      handle: document,
    },
    ...page('/docs', 'A page to read and try the calls.', {
      title: TITLE,
      main: MAIN,
      style: STYLE,
    }),
    ...['page.js', 'shown.js'].map((name) =>
      script(`/docs/page/${name}`, readFileSync(join(import.meta.dirname, name), 'utf8')),
    ),
  ];
  return mine;
}
