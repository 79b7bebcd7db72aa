// What the page `/docs` does, in the browser: shows the calls of /openapi.json, and sends them. Owns: what is shown. Never touches:
// other hosts; credentials stay in their fields.

import { type Api, exampleOf, schemaText, type Told } from './shown.js';

/** What is used of an element of the page. */
interface Part {
  textContent: string;
  className: string;
  value: string;
  hidden: boolean;
  readonly open: boolean;
  append(...parts: readonly (Part | string)[]): void;
  replaceChildren(...parts: readonly Part[]): void;
  setAttribute(name: string, value: string): void;
  addEventListener(type: string, listener: (event: { preventDefault(): void }) => void): void;
}
declare const document: {
  getElementById(id: string): Part | null;
  createElement(name: string): Part;
};

/** A call of the document. */
interface Call {
  readonly method: string;
  readonly path: string;
  readonly told: Told;
}

/** A field of a form, and where its text goes. */
interface Field {
  readonly place: string;
  readonly name: string;
  readonly input: Part;
}

const SHOWN_MAX = 200_000;

function part(id: string): Part {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found;
}

function made(name: string, text = '', className = ''): Part {
  const element = document.createElement(name);
  element.textContent = text;
  if (className !== '') element.className = className;
  return element;
}

const key = part('key');
const token = part('token');

/** The form's fields for the parameters of a call. */
function fieldsOf({ told }: Call, form: Part): Field[] {
  return told.parameters.map(({ name, in: place, required, schema, description }): Field => {
    const input = made('input');
    input.setAttribute('name', name);
    input.setAttribute('autocomplete', 'off');
    input.setAttribute('placeholder', schema.description ?? description ?? place);
    const label = made('label', `${name}${required ? '' : ' (optional)'}`);
    label.append(input);
    form.append(label);
    return { place, name, input };
  });
}

function targetOf({ path }: Call, fields: readonly Field[]): string {
  let target = path;
  const query: string[] = [];
  for (const { place, name, input } of fields) {
    const text = encodeURIComponent(input.value);
    if (place === 'path') target = target.replace(`{${name}}`, () => text);
    else if (place === 'query' && text !== '') query.push(`${encodeURIComponent(name)}=${text}`);
  }
  return query.length === 0 ? target : `${target}?${query.join('&')}`;
}

function headersOf(fields: readonly Field[], hasBody: boolean): Record<string, string> {
  const headers: Record<string, string> = hasBody ? { 'Content-Type': 'application/json' } : {};
  if (key.value !== '') headers.Authorization = `Bearer ${key.value}`;
  else if (token.value !== '') headers['X-Platform-Token'] = token.value;
  for (const { place, name, input } of fields)
    if (place === 'header' && input.value !== '') headers[name] = input.value;
  return headers;
}

/** Text as it comes, so that a stream of events is seen; JSON is laid out. */
async function showBody(answer: Response, shown: Part): Promise<void> {
  const head = `${answer.status} ${answer.statusText}\n\n`;
  const reader = answer.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) {
    text = (text + decoder.decode(next.value, { stream: true })).slice(-SHOWN_MAX);
    shown.textContent = head + text;
  }
  if (/json/.test(answer.headers.get('content-type') ?? ''))
    text = JSON.stringify(JSON.parse(text), null, 2);
  shown.textContent = head + text;
}

function sender(
  call: Call,
  fields: readonly Field[],
  body: Part | undefined,
  shown: Part,
): () => Promise<void> {
  let last = new AbortController();
  return async () => {
    last.abort();
    last = new AbortController();
    const { signal } = last;
    const text = body?.value.trim() ?? '';
    shown.hidden = false;
    shown.className = 'answer';
    shown.textContent = 'Sending ...';
    try {
      const headers = headersOf(fields, text !== '');
      const init = { method: call.method, headers, signal };
      const answer = await fetch(
        targetOf(call, fields),
        text === '' ? init : { ...init, body: text },
      );
      shown.className = `answer ${answer.ok ? 'good' : 'bad'}`;
      await showBody(answer, shown);
    } catch (error) {
      if (!signal.aborted) shown.textContent = `It failed: ${error}`;
    }
  };
}

function formOf(api: Api, call: Call): Part {
  const form = made('form');
  const fields = fieldsOf(call, form);
  const schema = call.told.requestBody?.content['application/json']?.schema;
  let body: Part | undefined;
  if (schema !== undefined) {
    body = made('textarea');
    body.setAttribute('aria-label', 'Body');
    body.setAttribute('spellcheck', 'false');
    body.value = JSON.stringify(exampleOf(api, schema), null, 2);
    form.append(body);
  }
  form.append(made('button', 'Send'));
  const shown = made('pre');
  shown.setAttribute('role', 'status');
  shown.hidden = true;
  const send = sender(call, fields, body, shown);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void send();
  });
  const both = made('div');
  both.append(form, shown);
  return both;
}

function answersOf(api: Api, { told }: Call): Part {
  const list = made('div');
  for (const [status, { description, content = {} }] of Object.entries(told.responses)) {
    const item = made('details');
    item.append(made('summary', `${status}: ${description}`));
    for (const [type, { schema }] of Object.entries(content))
      item.append(made('h3', type), made('pre', schemaText(api, schema.allOf?.[0] ?? schema)));
    list.append(item);
  }
  return list;
}

function fill(item: Part, api: Api, call: Call): void {
  const { told } = call;
  const schema = told.requestBody?.content['application/json']?.schema;
  item.append(made('p', told.description));
  // A WebSocket is not asked for with a form.
  if (told.responses['101'] === undefined) item.append(formOf(api, call));
  if (schema !== undefined) item.append(made('h3', 'Body'), made('pre', schemaText(api, schema)));
  item.append(made('h3', 'Answers'), answersOf(api, call));
}

/** A line for a call, which opens. */
function shownCall(api: Api, call: Call): Part {
  const item = made('details');
  item.setAttribute('id', call.told.operationId);
  const line = made('summary');
  line.append(
    made('span', call.method, 'method'),
    made('span', call.path, 'path'),
    made('span', call.told.summary, 'told'),
  );
  item.append(line);
  let isFilled = false;
  item.addEventListener('toggle', () => {
    if (isFilled || !item.open) return;
    isFilled = true;
    fill(item, api, call);
  });
  return item;
}

function show(api: Api): void {
  const calls = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, told]): Call => ({ method: method.toUpperCase(), path, told }),
    ),
  );
  part('about').textContent = `${api.info.version}. ${api.info.description}`;
  const groups = api.tags.map(({ name, description }) => {
    const group = made('section');
    group.append(made('h2', name), made('p', description));
    const items = calls
      .filter(({ told }) => told.tags.includes(name))
      .map((call) => ({
        text: `${call.method} ${call.path} ${call.told.summary}`.toLowerCase(),
        item: shownCall(api, call),
      }));
    group.append(...items.map(({ item }) => item));
    return { group, items };
  });
  const find = part('find');
  find.addEventListener('input', () => {
    const wanted = find.value.toLowerCase();
    for (const { group, items } of groups) {
      for (const { text, item } of items) item.hidden = !text.includes(wanted);
      group.hidden = items.every(({ item }) => item.hidden);
    }
  });
  part('calls').replaceChildren(...groups.map(({ group }) => group));
}

part('credentials').addEventListener('submit', (event) => event.preventDefault());
show((await (await fetch('/openapi.json')).json()) as Api);
