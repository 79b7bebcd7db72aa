// What a person does on a page, as documents print it: `Open <...>`, `press **Name**`, `type `text` into **Name**`, `you see **text**`. Owns: how such a line
// is read and done. Never touches: which lines there are.

import type { Locator, Page } from 'playwright-core';

/** One thing to do. */
type Step =
  | { readonly does: 'open'; readonly address: string }
  | { readonly does: 'press'; readonly name: string }
  | { readonly does: 'type'; readonly text: string; readonly into: string }
  | { readonly does: 'see'; readonly text: string };

const STEP =
  /open <(?<address>[^>]+)>|press \*\*(?<name>[^*]+)\*\*|type `(?<text>[^`]+)` into\s+\*\*(?<into>[^*]+)\*\*|you\s+see\s+\*\*(?<seen>[^*]+)\*\*/gi;

/** The steps in a text, in their order. */
export function stepsIn(text: string): Step[] {
  return [...text.matchAll(STEP)].map(({ groups = {} }): Step => {
    const { address, name, text: typed, into, seen } = groups;
    if (address !== undefined) return { does: 'open', address };
    if (name !== undefined) return { does: 'press', name };
    if (typed !== undefined && into !== undefined) return { does: 'type', text: typed, into };
    return { does: 'see', text: seen ?? '' };
  });
}

/** What can be pressed under a name: a button, a link. */
const pressable = (page: Page, name: string): Locator =>
  page
    .getByRole('button', { name })
    .or(page.getByRole('link', { name }))
    .filter({ visible: true })
    .first();

/** Does a step, or throws, saying which it was. `readAs`: what an address is in the test. */
export async function take(page: Page, step: Step, readAs: (address: string) => string) {
  try {
    switch (step.does) {
      case 'open':
        await page.goto(readAs(step.address));
        return;
      case 'press':
        await pressable(page, step.name).click();
        return;
      case 'type':
        await page.getByLabel(step.into).first().fill(step.text);
        return;
      case 'see':
        await page.getByText(step.text).filter({ visible: true }).first().waitFor();
    }
  } catch (error) {
    const shown = await page.locator('body').textContent();
    throw new Error(`${JSON.stringify(step)} at ${page.url()}: ${String(error)}\n${shown}`);
  }
}
