// Files that screens of this area offer. Owns: that one is asked for with the token, and saved under its name. Never touches: what is in it.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { AnyOperation, Asked } from '../../../../../web/page/calls/operation.js';
import { speaker } from '../../../../../web/page/shell/language.js';
import { saveFile } from '../../../../../web/page/shell/download.js';
import { Button } from '../../../../../web/page/ui/parts.js';
import { ProblemNote } from '../../../../../web/page/ui/told.js';
import type { Problem } from '../../../../../web/page/calls/operation.js';
import { COMMON } from './words.js';

const t = speaker(COMMON);

/** A button that saves what a GET answers as a file. */
export function Download<Op extends AnyOperation>({
  label,
  operation,
  asked,
  name,
}: {
  label: string;
  operation: Op;
  asked: Asked<Op>;
  name: string;
}): JSX.Element {
  const isBusy = useSignal(false);
  const problem = useSignal<Problem | undefined>(undefined);
  const save = async (): Promise<void> => {
    isBusy.value = true;
    problem.value = await saveFile(operation, asked, name);
    isBusy.value = false;
  };
  return (
    <>
      <Button
        kind="plain"
        icon="export"
        label={`${t('download')}: ${name}`}
        isBusy={isBusy.value}
        onClick={() => void save()}
      >
        {label}
      </Button>
      {problem.value !== undefined && <ProblemNote problem={problem.value} />}
    </>
  );
}
