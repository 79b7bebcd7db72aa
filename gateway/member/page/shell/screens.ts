// The screens of the member's page. Owns: what they are beside any page's, which there are. Never touches: how one is found (web/page/shell/screen.ts).

import type { Screen } from '../../../web/page/shell/screen.js';

export interface MemberScreen extends Screen {
  /** `tab`: at the bottom of a phone (five at most); `more`: in the list of all; `none`: reached from another screen. */
  readonly nav: 'tab' | 'more' | 'none';
  /** What the token must permit, or it is not offered. */
  readonly needs?: string;
}

/** All screens, in the navigation's order: set once, before anything is shown. */
export const screens: MemberScreen[] = [];
