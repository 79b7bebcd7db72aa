// The page `/docs` as text. Owns: what stands in it, its style. Never touches: what it does (page.ts).

export const TITLE = 'jifen API';

export const MAIN = `<h1>jifen API</h1>
<p id="about">Reading the document ...</p>
<form id="credentials">
<label>Key <input id="key" type="password" autocomplete="off" placeholder="Authorization: Bearer"></label>
<label>Platform token <input id="token" type="password" autocomplete="off" placeholder="X-Platform-Token"></label>
<label>Find <input id="find" type="search" autocomplete="off" placeholder="transfers"></label>
</form>
<p><a href="/openapi.json">/openapi.json</a></p>
<div id="calls"></div>
`;

export const STYLE = `main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
form { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; margin: .5rem 0; }
label { display: flex; flex-direction: column; flex: 1 1 12rem; min-width: 0; }
input, textarea, button { font: inherit; padding: .4rem .6rem; box-sizing: border-box; max-width: 100%; }
textarea, pre, code, .path { font: 14px/1.45 ui-monospace, monospace; }
textarea { width: 100%; min-height: 9rem; }
pre { overflow-x: auto; padding: .6rem; border: 1px solid #8884; margin: .3rem 0; }
h2 { margin: 1.5rem 0 .3rem; text-transform: capitalize; }
h3 { margin: .8rem 0 .2rem; font-size: 1rem; }
details { border-bottom: 1px solid #8884; padding: .3rem 0; }
summary { cursor: pointer; overflow-wrap: anywhere; }
.method { font-weight: 600; margin-right: .5rem; }
.told { display: block; padding-left: 1rem; opacity: .8; }
.answer { border-left: 4px solid #888; }
.answer.good { border-color: #2a8; }
.answer.bad { border-color: #c44; }
[hidden] { display: none; }
`;
