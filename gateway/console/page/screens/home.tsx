// The overview.

import type { JSX } from 'preact';
import { speaker } from '../../../web/page/shell/language.js';
import { Head } from '../ui/head.js';
import { SHELL } from '../words/shell.js';

const t = speaker(SHELL);

export default function Home(): JSX.Element {
  return <Head title={t('home')} />;
}
