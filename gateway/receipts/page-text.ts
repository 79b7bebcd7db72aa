// The page `/receipts` as text. Owns: what stands in it, its style. Never touches: what it does (page.ts).

export const TITLE = 'jifen receipts';

export const MAIN = `<h1>Check a receipt</h1>
<p>Choose a receipt, or a checkpoint. It is checked in your browser: nothing of it is sent anywhere. Choose a second one, and
the page says whether both are of one history.</p>
<form id="form">
<label>Receipt or checkpoint<input id="first" type="file" required></label>
<label>Another one to compare with<input id="second" type="file"></label>
<label>Keys of the ledger that you trust, a line each
<textarea id="logs" rows="3" spellcheck="false" required></textarea></label>
<p class="hint" id="source">Take them from where you trust them.</p>
<label>Keys of witnesses that must have cosigned, a line each
<textarea id="witnesses" rows="3" spellcheck="false"></textarea></label>
<button>Check</button>
<button type="button" id="ask">Take the keys that this server names</button>
</form>
<p id="state" role="status">Nothing was checked yet.</p>
<dl id="found" aria-live="polite"></dl>
<table>
<caption>Entries</caption>
<thead><tr><th>Time</th><th>Type</th><th>Id</th><th>Asset</th><th>Entry</th><th>Change</th><th>Available</th><th>Held</th></tr></thead>
<tbody id="entries"></tbody>
</table>
`;

export const STYLE = `main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
label { display: flex; flex-direction: column; margin-top: .75rem; }
textarea, input, button { font: inherit; padding: .4rem .6rem; }
textarea { font-family: ui-monospace, monospace; font-size: .85rem; }
button { margin-top: .75rem; }
.hint { margin: .25rem 0 0; font-size: .9rem; }
#state { font-weight: bold; }
#state.right { color: #17733f; }
#state.wrong { color: #b3261e; }
@media (prefers-color-scheme: dark) { #state.right { color: #6fd49a; } #state.wrong { color: #ff8a80; } }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; }
dt { font-weight: bold; }
dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; display: block; overflow-x: auto; }
caption { text-align: left; font-weight: bold; }
th, td { text-align: left; padding: .3rem .5rem; border-bottom: 1px solid #8888; white-space: nowrap; }
td { font-family: ui-monospace, monospace; font-size: .8rem; }
`;
