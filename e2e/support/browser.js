// Friends with a browser each. Whatever they see is looked at: requests to other hosts, the policy, errors, axe.
import assert from 'node:assert/strict';
import axe from 'axe-core';
import { chromium } from 'playwright-core';

import { freePort } from './node.js';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1280, height: 800 };

/** A name by which a browser reaches this computer as phones do: over plain HTTP, and not as itself. */
export const LAN = 'pool.lan';

/** The same address as phones have it. */
export const onLan = (url) => url.replace('127.0.0.1', LAN);

const LAUNCH = {
  executablePath: CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update',
    '--disable-sync', `--host-resolver-rules=MAP ${LAN} 127.0.0.1`],
};

export const openBrowser = (...more) => chromium.launch({ ...LAUNCH, args: [...LAUNCH.args, ...more] });

/** A browser that keeps what it is given in `home`, with a port at which another program sees the same. */
export async function openPhone(home) {
  const port = await freePort();
  const args = [...LAUNCH.args, `--remote-debugging-port=${port}`];
  return { port, context: await chromium.launchPersistentContext(home, { ...LAUNCH, args, viewport: PHONE, locale: 'en-GB' }) };
}

/** Somebody with a browser of their own. */
export class Friend {
  static async come(browser, { size = PHONE, dark = false, locale = 'en-GB', moves = false, script } = {}) {
    const context = await browser.newContext({
      viewport: size,
      hasTouch: size === PHONE,
      colorScheme: dark ? 'dark' : 'light',
      locale,
      timezoneId: 'Europe/Lisbon',
      reducedMotion: moves ? 'no-preference' : 'reduce',
    });
    if (script) await context.addInitScript(script);
    return Friend.with(context);
  }

  /** Somebody with a browser that is open already. */
  static async with(context) {
    const friend = new Friend();
    friend.context = context;
    friend.strangers = [];
    friend.faults = [];
    context.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol.startsWith('http') && !['127.0.0.1', 'localhost', LAN].includes(hostname)) friend.strangers.push(request.url());
    });
    friend.page = await context.newPage();
    friend.page.setDefaultTimeout(45_000);
    friend.page.on('pageerror', (error) => friend.faults.push(String(error)));
    friend.page.on('console', (message) => {
      if (message.type() === 'error' && /Content Security Policy/i.test(message.text())) friend.faults.push(message.text());
    });
    return friend;
  }

  async goto(url) {
    const answer = await this.page.goto(url);
    const policy = answer?.headers()['content-security-policy'];
    // Only the address changed after `#`: the browser asked nobody.
    if (answer) {
      assert.match(policy ?? '', /default-src 'none'/, `${url} has no policy`);
      assert.match(policy, /script-src 'self' 'wasm-unsafe-eval';/);
      assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|https?:/);
    }
    return answer;
  }

  button(name) {
    return this.page.getByRole('button', { name });
  }

  async press(name) {
    await this.button(name).click();
  }

  async sees(text) {
    await this.page.getByText(text).first().waitFor();
  }

  /** What axe finds wrong with what is on the screen. */
  async isClean(where) {
    await this.page.evaluate(axe.source);
    const { violations } = await this.page.evaluate(() =>
      globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }));
    const said = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary}`).join('\n')}`);
    assert.deepEqual(said, [], where);
    const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 0, `${where} is ${wide} px too wide`);
  }

  async join(link, name) {
    await this.goto(link);
    await this.page.getByLabel('What do your friends call you?').fill(name);
    await this.press('Join and tip');
    await this.page.waitForURL(/\/$/);
  }

  /** Plays on by words. */
  async bring(url, words) {
    await this.goto(`${url}/join`);
    await this.press('Already playing?');
    await this.page.getByLabel('Your 24 words').fill(words);
    await this.press('Continue here');
    await this.page.waitForURL(/\/$/);
  }

  /** Waits until a tip is confirmed: in its line, or where it is written. */
  async confirmed() {
    const line = this.page.getByRole('button', { name: /, confirmed; change$/ });
    await this.page.getByText(/^Confirmed$/).or(line).first().waitFor();
  }

  async heading(name) {
    await this.page.getByRole('heading', { name, exact: true }).waitFor();
  }

  /** Opens a match's line, unless its fields are there. */
  async opens(home, away) {
    const field = this.page.getByLabel(`Goals of ${home}`, { exact: true });
    const line = this.page.getByRole('button', { name: `${home} – ${away}, ` });
    await field.or(line).first().waitFor();
    // At a kick-off the line of the next match becomes its large card.
    if (await field.count() === 0) await line.click({ timeout: 5_000 }).catch(() => field.waitFor());
  }

  async write(home, goals, away, others) {
    await this.opens(home, away);
    await this.page.getByLabel(`Goals of ${home}`, { exact: true }).fill(String(goals));
    await this.page.getByLabel(`Goals of ${away}`, { exact: true }).fill(String(others));
  }

  /** Writes the result of a match that has just kicked off. */
  async result(home, goals, away, others) {
    await this.press(`Enter result: ${home} – ${away}`);
    await this.write(home, goals, away, others);
  }

  async leave() {
    assert.deepEqual(this.strangers, [], 'the page asked another host');
    assert.deepEqual(this.faults, [], 'the page failed');
    await this.context.close();
  }
}
