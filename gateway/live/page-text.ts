// The page `/live` as text. Owns: what stands in it, its style. Never touches: what it does (page.ts).

export const TITLE = 'jifen live';

export const MAIN = `<h1>Live balance</h1>
<form id="form">
<label>Key or ticket <input id="key" type="password" autocomplete="off" required></label>
<label>Owner <input id="owner" autocomplete="off" required maxlength="64"></label>
<button>Watch</button>
</form>
<p id="state" role="status">Not connected.</p>
<table>
<thead><tr><th>Asset</th><th>Available</th><th>Held</th><th>Version</th></tr></thead>
<tbody id="balances" aria-live="polite"></tbody>
</table>
<h2>Changes</h2>
<ol id="changes"></ol>
`;

export const STYLE = `main { max-width: 40rem; margin: 0 auto; padding: 1rem; }
form { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; }
label { display: flex; flex-direction: column; flex: 1 1 12rem; }
input, button { font: inherit; padding: .4rem .6rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
th, td { text-align: right; padding: .3rem .5rem; border-bottom: 1px solid #8888; }
th:first-child, td:first-child { text-align: left; }
td { font-variant-numeric: tabular-nums; }
tr.changed td { animation: changed 1.2s ease-out; }
@keyframes changed { from { background: #fd08; } to { background: transparent; } }
@media (prefers-reduced-motion: reduce) { tr.changed td { animation: none; } }
ol { list-style: none; padding: 0; }
li { padding: .2rem 0; border-bottom: 1px solid #8884; }
`;
