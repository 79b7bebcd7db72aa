// A dialog over the page. Owns: that the focus stays in it, goes back where it was, and Escape closes it: the browser's own `<dialog>` does. Never touches: what is in it.

import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { lapsed } from '../shell/app.js';
import { speaker } from '../shell/language.js';
import { AROUND } from '../words/around.js';
import { Button } from './parts.js';

const t = speaker(AROUND);

/** Open as long as it is rendered. */
export function Dialog({
  title,
  children,
  onClose,
}: {
  title: string;
  children: ComponentChildren;
  onClose: () => void;
}): JSX.Element {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  /** Where the finger or the mouse went down: who marks a text and lets go outside does not want to leave. */
  const isPressedOutside = useRef(false);
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  // A browser may close it without asking, also from behind another one: it is there as long as it is rendered.
  useEffect(() => {
    const element = dialog.current;
    if (!lapsed.value && element?.open === false) element.showModal();
  }, [lapsed.value]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it, too.
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        // What is behind another one is not meant.
        if (!lapsed.peek()) onClose();
      }}
      onClose={() => {
        if (dialog.current !== null && !lapsed.peek()) onClose();
      }}
      onPointerDown={(event) => {
        isPressedOutside.current = event.target === event.currentTarget;
      }}
      onClick={(event) => {
        // The second one of a double click was meant for the button that has opened it.
        if (event.detail > 1) return;
        if (event.target === event.currentTarget && isPressedOutside.current) onClose();
      }}
    >
      <div class="dialog">
        <div class="card-head">
          <h2 id={id}>{title}</h2>
          <Button kind="quiet" icon="cross" label={t('close')} onClick={onClose} />
        </div>
        {children}
      </div>
    </dialog>
  );
}
