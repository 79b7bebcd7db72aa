// The page `/draws` as text. Owns: what stands in it, its style. Never touches: what it does (page.ts).

export const TITLE = 'jifen draws';

export const MAIN = `<h1>Check a draw</h1>
<p>Paste a draw as the ledger tells it. This page asks the ledger for the seed of its period, which is published when the
period is over, and works out in your browser what was drawn.</p>
<form id="form">
<label>Draw (JSON)<textarea id="draw" rows="14" spellcheck="false" required></textarea></label>
<button>Check</button>
</form>
<p id="state" role="status">Nothing was checked yet.</p>
<ol id="findings" aria-live="polite"></ol>
<h2>Seeds</h2>
<table>
<thead><tr><th>Shard</th><th>Number</th><th>From</th><th>To</th><th>SHA-256</th><th>Seed</th></tr></thead>
<tbody id="seeds"></tbody>
</table>
`;

export const STYLE = `main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
label { display: flex; flex-direction: column; }
textarea, button { font: inherit; padding: .4rem .6rem; }
textarea { font-family: ui-monospace, monospace; font-size: .85rem; }
button { margin-top: .5rem; }
table { border-collapse: collapse; width: 100%; display: block; overflow-x: auto; }
th, td { text-align: left; padding: .3rem .5rem; border-bottom: 1px solid #8888; }
td { font-family: ui-monospace, monospace; font-size: .8rem; }
li.wrong { color: #c22; font-weight: bold; }
`;
