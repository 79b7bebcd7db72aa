// A screen that whoever is signed in may not see. Owns: what is said then. Never touches: who may what.

import type { JSX } from 'preact';
import type { Operation } from '../../../../engine/protocol/grants.js';
import { speaker } from '../../../web/page/shell/language.js';
import { Empty } from '../../../web/page/ui/parts.js';
import { SHELL } from '../words/shell.js';
import { Head } from './head.js';

const t = speaker(SHELL);

/** `needs`: one of these would do. */
export const Forbidden = ({
  title,
  needs,
}: {
  title: string;
  needs: readonly Operation[];
}): JSX.Element => (
  <>
    <Head title={title} />
    <Empty icon="lock">
      <strong>{t('forbiddenTitle')}</strong> {t('forbiddenWhy', { operations: needs.join(', ') })}
    </Empty>
  </>
);
