// What a person does on a page, as documents print it: `Open <...>`, `press **Name**`, `type `text` into **Name**`, `press the row of **text**`, `choose
// **This** in **Name**`, `you see **text**`. Owns: how such a line is read and done. Never touches: which lines there are.

import type { Locator, Page } from 'playwright-core';

/** One thing to do. */
type Step =
  | { readonly does: 'open'; readonly address: string }
  | { readonly does: 'press'; readonly name: string }
  | { readonly does: 'row'; readonly text: string }
  | { readonly does: 'type'; readonly text: string; readonly into: string }
  | { readonly does: 'choose'; readonly text: string; readonly into: string }
  | { readonly does: 'see'; readonly text: string };

const STEP =
  /open\s+<(?<address>[^>]+)>|press\s+the\s+row\s+of\s+\*\*(?<row>[^*]+)\*\*|press\s+\*\*(?<name>[^*]+)\*\*|type\s+`(?<text>[^`]+)`\s+into\s+\*\*(?<into>[^*]+)\*\*|choose\s+\*\*(?<chosen>[^*]+)\*\*\s+in\s+\*\*(?<of>[^*]+)\*\*|you\s+see\s+\*\*(?<seen>[^*]+)\*\*/gi;

/** The steps in a text, in their order. */
export function stepsIn(text: string): Step[] {
  return [...text.matchAll(STEP)].map(({ groups = {} }): Step => {
    const { address, row, name, text: typed, into, chosen, of, seen } = groups;
    if (address !== undefined) return { does: 'open', address };
    if (row !== undefined) return { does: 'row', text: row };
    if (name !== undefined) return { does: 'press', name };
    if (typed !== undefined && into !== undefined) return { does: 'type', text: typed, into };
    if (chosen !== undefined && of !== undefined) return { does: 'choose', text: chosen, into: of };
    return { does: 'see', text: seen ?? '' };
  });
}

/** What may be done something with: what lies on all else, where there is such a thing. */
async function ground(page: Page): Promise<Locator> {
  const dialog = page.locator('dialog[open]').last();
  return (await dialog.count()) > 0 ? dialog : page.locator('body');
}

/** What can be pressed under a name: a button, a link, an entry of a list. One that is called just so goes before one whose name has more to it. */
async function pressable(page: Page, name: string): Promise<Locator> {
  const within = await ground(page);
  const called = (exact: boolean): Locator =>
    within
      .getByRole('button', { name, exact })
      .or(within.getByRole('link', { name, exact }))
      .or(within.getByRole('option', { name, exact }))
      .filter({ visible: true });
  await called(false).first().waitFor();
  return (await called(true).count()) > 0 ? called(true).first() : called(false).first();
}

/** The field of that label: one that is called just so goes before others, too. */
async function field(page: Page, label: string): Promise<Locator> {
  const within = await ground(page);
  const called = (exact: boolean): Locator =>
    within.getByLabel(label, { exact }).and(within.locator('input, select, textarea'));
  await called(false).first().waitFor();
  return (await called(true).count()) > 0 ? called(true).first() : called(false).first();
}

/** The value of the entry of a list that says this. */
async function entryOf(list: Locator, text: string): Promise<string> {
  const entry = list.locator('option').filter({ hasText: text }).first();
  await entry.waitFor({ state: 'attached' });
  return (await entry.getAttribute('value')) ?? text;
}

/** Does a step, or throws, saying which it was. `readAs`: what an address is in the test. */
export async function take(page: Page, step: Step, readAs: (address: string) => string) {
  try {
    switch (step.does) {
      case 'open':
        await page.goto(readAs(step.address));
        return;
      case 'press':
        await (await pressable(page, step.name)).click();
        return;
      case 'row':
        await page
          .getByRole('row')
          .filter({ hasText: step.text })
          .getByRole('link')
          .first()
          .click();
        return;
      case 'type':
        await (await field(page, step.into)).fill(step.text);
        return;
      case 'choose': {
        const list = await field(page, step.into);
        await list.selectOption(await entryOf(list, step.text));
        return;
      }
      case 'see':
        await page.getByText(step.text).filter({ visible: true }).first().waitFor();
    }
  } catch (error) {
    const shown = await page.locator('body').textContent();
    throw new Error(`${JSON.stringify(step)} at ${page.url()}: ${String(error)}\n${shown}`);
  }
}
