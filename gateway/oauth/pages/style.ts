// How the pages for signing in look. Owns: their style. Never touches: what stands in them.

/** For a phone first; the contrast of every text is at least 4.5 to 1, of what is pressed and focused at least 3 to 1, in light and dark. */
export const STYLE = `:root {
  color-scheme: light dark;
  --background: #f4f5f7; --surface: #ffffff; --text: #1b1d21; --muted: #565b64; --line: #7b818c;
  --accent: #1a56b8; --on-accent: #ffffff; --danger: #a81e14; --danger-surface: #fdeeed; --good-surface: #e9f5ec;
  font: 16px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --background: #121316; --surface: #1d1f24; --text: #f0f1f3; --muted: #b3b8c2; --line: #878d99;
    --accent: #8db7ff; --on-accent: #0c1a33; --danger: #ffb0a8; --danger-surface: #3a1714; --good-surface: #16301d;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--background); color: var(--text); }
main { max-width: 28rem; margin: 0 auto; padding: 1.25rem; background: var(--surface); }
h1 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 .75rem; overflow-wrap: anywhere; }
p { margin: 0 0 .75rem; overflow-wrap: anywhere; }
form { display: grid; gap: 1rem; margin: 1rem 0; }
.field { display: grid; gap: .25rem; }
label, legend { font-weight: 600; }
input[type="text"], input[type="email"], input[type="password"] {
  font: inherit; width: 100%; padding: .6rem .7rem; color: inherit; background: var(--surface);
  border: 1px solid var(--line); border-radius: .4rem;
}
input[aria-invalid="true"] { border: 2px solid var(--danger); }
button, .button {
  font: inherit; font-weight: 600; min-height: 2.75rem; width: 100%; padding: .6rem 1rem; cursor: pointer;
  border: 1px solid var(--accent); border-radius: .4rem; background: var(--accent); color: var(--on-accent);
}
button.other { background: transparent; color: var(--accent); }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.hint { color: var(--muted); font-size: .9rem; }
.wrong { color: var(--danger); font-weight: 600; }
.notice { padding: .75rem; border-radius: .4rem; background: var(--good-surface); }
.problem { padding: .75rem; border-radius: .4rem; background: var(--danger-surface); color: var(--danger); }
fieldset { border: 1px solid var(--line); border-radius: .4rem; margin: 0; padding: .5rem .9rem; min-width: 0; }
.scope { display: grid; grid-template-columns: auto 1fr; gap: .6rem; align-items: start; padding: .4rem 0; }
.scope input { width: 1.35rem; height: 1.35rem; margin: .1rem 0 0; accent-color: var(--accent); }
.scope label { font-weight: 400; overflow-wrap: anywhere; }
.links { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; padding: 0; margin: 0; list-style: none; }
.links a { display: inline-block; padding: .35rem 0; }
footer { max-width: 28rem; margin: 0 auto; padding: .75rem 1.25rem; }
@media (min-width: 40rem) { main { margin-top: 3rem; border-radius: .75rem; padding: 2rem; } }
`;
