// A picture that a phone reads: a secret of one-time codes. Owns: how it is drawn. Never touches: what it says.

import type { JSX } from 'preact';

/** `qr`: an SVG path in a box of `size` by `size`; `label`: for who does not see it. */
export const Squares = ({
  qr: { size, path },
  label,
}: {
  qr: { readonly size: number; readonly path: string };
  label: string;
}): JSX.Element => (
  <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
    <path d={path} />
  </svg>
);
