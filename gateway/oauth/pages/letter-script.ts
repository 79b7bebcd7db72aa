// What the page of a link does, in the browser: takes the secret out of the address into the form, and shows what the link is for. Owns: nothing else. Never
// touches: other hosts, what is kept; the page works without it.

/** What is used of the page. */
interface Field {
  value: string;
}
interface Form {
  requestSubmit(): void;
}
declare const document: { getElementById(id: string): unknown };
declare const location: {
  readonly hash: string;
  readonly pathname: string;
  readonly search: string;
};
declare const history: { replaceState(state: null, title: string, url: string): void };
declare function addEventListener(type: 'hashchange', listener: () => void): void;

function take(): void {
  const form = document.getElementById('letter-form') as Form | null;
  const field = document.getElementById('letter') as Field | null;
  const secret = location.hash.slice(1);
  if (form === null || field === null || secret === '') return;
  field.value = secret;
  history.replaceState(null, '', location.pathname + location.search);
  form.requestSubmit();
}

addEventListener('hashchange', take);
take();
