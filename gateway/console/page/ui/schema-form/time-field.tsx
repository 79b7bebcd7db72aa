// A time that is typed: date and time of day, in a zone. Owns: how it is asked for. Never touches: what it is for; the same within a form of a schema (fields.tsx).

import type { JSX } from 'preact';
import { useId } from 'preact/hooks';

export function TimeField({
  label,
  hint,
  value,
  onInput,
}: {
  label: string;
  hint?: string;
  /** As the browser has it: `2026-11-30T08:15`; '' where there is none (zoned.ts makes a time of it). */
  value: string;
  onInput: (value: string) => void;
}): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="datetime-local"
        value={value}
        {...(hint !== undefined && { 'aria-describedby': `${id}-hint` })}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
