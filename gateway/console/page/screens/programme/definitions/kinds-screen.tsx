// The kinds of definitions.

import type { JSX } from 'preact';
import { speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import { Head } from '../../../ui/head.js';
import { KINDS, kindName } from './kinds.js';
import { DEFINITIONS } from './words.js';

const t = speaker(DEFINITIONS);

export default function Kinds(): JSX.Element {
  return (
    <>
      <Head title={t('definitions')}>
        <p class="muted">{t('about')}</p>
      </Head>
      <ul class="tiles">
        {KINDS.map((kind) => (
          <li key={kind}>
            <a class="tile" href={href('definitions', kind)}>
              <strong>{kindName(kind)}</strong>
              <code class="muted">{kind}</code>
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
