// A question before something that ends. Owns: how it is asked. Never touches: what ends.

import type { JSX } from 'preact';
import { Dialog } from './dialog.js';
import { Button } from './parts.js';

export const Sure = ({
  title,
  what,
  yes,
  no,
  isBusy,
  onYes,
  onNo,
}: {
  title: string;
  /** What will be then. */
  what: string;
  yes: string;
  no: string;
  isBusy: boolean;
  onYes: () => void;
  onNo: () => void;
}): JSX.Element => (
  <Dialog title={title} onClose={onNo}>
    <p>{what}</p>
    <div class="buttons">
      <Button kind="danger" isBusy={isBusy} onClick={onYes}>
        {yes}
      </Button>
      <Button kind="plain" onClick={onNo}>
        {no}
      </Button>
    </div>
  </Dialog>
);
