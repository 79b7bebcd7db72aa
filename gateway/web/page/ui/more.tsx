// The end of a list that comes page by page. Owns: how more is asked for, and what is told where it did not come. Never touches: the list.

import type { JSX } from 'preact';
import type { Pages } from '../shell/pages.js';
import { Button } from './parts.js';
import { ProblemNote } from './told.js';

export const More = ({
  pages,
  label,
}: {
  pages: Pick<Pages<unknown, unknown>, 'isMore' | 'isBusy' | 'problem' | 'more'>;
  label: string;
}): JSX.Element => (
  <>
    {pages.problem && <ProblemNote problem={pages.problem} onAgain={() => pages.more()} />}
    {pages.isMore && (
      <Button kind="plain" isBusy={pages.isBusy} onClick={() => pages.more()}>
        {label}
      </Button>
    )}
  </>
);
