// A reader at a place of the page, behind a computer that lies.
import { Between } from './between.js';
import { DESK, Friend } from './browser.js';
import { tell } from './mutations.js';

const POLL_MS = 60;
/** So long may the page take to find a lie, or to show what it does not find. */
const LOOKS_MS = 2_200;
/** And so long on a machine that is busy, where a lie seems to stand under a green mark. */
const BUSY_MS = 20_000;
/** And so long to be green. */
const GREEN_MS = 20_000;
const CALM_MS = 4_000;

const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** What a reader sees or is told, but for what says that it is the computer's own word; without what the clock changes. */
function shown() {
  const root = document.getElementById('root').cloneNode(true);
  for (const own of root.querySelectorAll('[data-according], [data-look], style, script')) own.remove();
  const parts = [];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) parts.push(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    for (const name of ['aria-label', 'title', 'alt', 'data-is']) if (node.hasAttribute(name)) parts.push(`[${node.getAttribute(name)}]`);
    node.childNodes.forEach(walk);
  };
  walk(root);
  return parts.join(' ').replaceAll(/\d+\s(s|sec|min|h|seconds?|minutes?)\b/g, '').replaceAll(/\s+/g, ' ').trim();
}

export class Reader {
  /** `state`: what another browser has kept of `from`. */
  static async come(browser, computer, { state, from }) {
    const reader = new Reader();
    reader.liar = await Between.stand(computer);
    const origins = state.origins.filter(({ origin }) => origin === from).map((it) => ({ ...it, origin: reader.liar.url }));
    reader.friend = await Friend.with(await browser.newContext({
      viewport: DESK, locale: 'en-GB', timezoneId: 'Europe/Lisbon', reducedMotion: 'reduce', storageState: { cookies: [], origins },
    }));
    reader.page = reader.friend.page;
    return reader;
  }

  /** Opens a place, and gives every answer of the node that it asked for, by method, path and query. */
  async open(place) {
    const answers = new Map();
    const hear = async (answer) => {
      const { pathname, search } = new URL(answer.url());
      if (!pathname.startsWith('/api/v1/') || !answer.ok() || !answer.headers()['content-type']?.includes('json')) return;
      const body = await answer.json().catch(() => undefined);
      if (body !== undefined) answers.set(`${answer.request().method()} ${pathname}${search}`, body);
    };
    this.liar.honest();
    await this.page.goto('about:blank');
    this.page.on('response', hear);
    await this.page.goto(this.liar.url + place);
    await this.isGreen(place);
    // What is drawn last asks last.
    await sleep(600);
    this.page.off('response', hear);
    return answers;
  }

  links() {
    return this.page.evaluate(() => [...document.querySelectorAll('a[href]')]
      .map(({ href }) => new URL(href)).filter(({ origin }) => origin === location.origin)
      .map(({ pathname, search }) => pathname + search));
  }

  /** How the mark looks at this moment, however busy the machine is; `undefined` where it does not stand. */
  look() {
    return this.page.evaluate(() => document.querySelector('button[data-look]')?.dataset.look).catch(() => undefined);
  }

  async isGreen(place, patience_ms = GREEN_MS) {
    const end = Date.now() + patience_ms;
    while ((await this.look()) !== 'good') {
      if (Date.now() > end) throw new Error(`${place} is not green: ${await this.page.locator('body').innerText()}`);
      await sleep(POLL_MS);
    }
  }

  shown() {
    return this.page.evaluate(shown);
  }

  /** Has everything asked again, as after a block. */
  refresh() {
    this.liar.tell('tip', {});
  }

  /** The node says the truth again, and the page is green. */
  async calm(place) {
    this.liar.honest();
    this.refresh();
    await sleep(900);
    // Some lies a page believes no more until it is loaded again, as of another pool.
    await this.isGreen(place, CALM_MS).catch(() => this.open(place));
  }

  /** Waits until a lie is found, or could have been. */
  async untilWrong(patience_ms = LOOKS_MS) {
    const end = Date.now() + patience_ms;
    while (Date.now() < end && (await this.look()) !== 'wrong') await sleep(POLL_MS);
  }

  /** Tells a lie where a place stands; `undefined` if it could not be told, else whether it was found and what is shown. */
  async lie({ place, url, way, kind }) {
    const [method, path] = url.split(' ');
    let told = false;
    this.liar.lie(path.split('?')[0], (answer, asked) => {
      if (asked === path) told = tell(answer, { way, kind }) || told;
    }, method);
    this.refresh();
    await this.untilWrong();
    if (!told) {
      // Nobody asks for it again here: it is asked for where the place is opened.
      await this.page.goto('about:blank');
      await this.page.goto(this.liar.url + place);
      await this.page.locator('button[data-look="good"], button[data-look="wrong"]').first().waitFor({ timeout: 5_000 }).catch(() => undefined);
      await this.untilWrong();
    }
    return told ? this.seen() : undefined;
  }

  /** Whether the mark is green, and what is shown. */
  async seen() {
    return { green: (await this.look()) === 'good', shown: await this.shown() };
  }

  /** The same later: a busy machine takes longer to compare. */
  async seenLater() {
    await this.untilWrong(BUSY_MS);
    return this.seen();
  }

  async leave() {
    await this.friend.leave();
    await this.liar.end();
  }
}
