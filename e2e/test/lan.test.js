// Where phones are: an address in a home network, over plain HTTP. There a browser has no clipboard, no locks, no WebCrypto.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Friend, onLan, openBrowser } from '../support/browser.js';
import { kickOff, makePool, sleepUntil, until } from '../support/node.js';

const GAME = 'MD1-Portugal-Spain';
const TABS = 10;
const QUIET_MS = 3_000;

let browser, pool, ana, url, bruno;

before(async () => {
  browser = await openBrowser();
  pool = await makePool([['Portugal', 'Spain'], ['France', 'Germany']], '--membership', 'invite');
  ana = pool.ana;
  await ana.run();
  await until('Ana', () => ana.read('/players/Ana'));
  url = onLan(ana.url);
});

after(async () => {
  await bruno?.leave();
  await browser?.close();
  await ana?.end();
  await pool?.remove();
});

test('a friend joins, tips, and finds it checked in the table', { timeout: 120_000 }, async () => {
  const { link } = await ana.json('invite', '--url', url);
  bruno = await Friend.come(browser);
  const rules = [];
  bruno.context.on('request', (request) => {
    if (request.url().endsWith('.wasm')) rules.push(request.url());
  });
  await bruno.goto(link);
  await bruno.sees('Ana invites you');
  assert.deepEqual(await bruno.page.evaluate(() => [
    isSecureContext, 'serviceWorker' in navigator, 'clipboard' in navigator, 'locks' in navigator, 'share' in navigator,
    'subtle' in crypto, 'randomUUID' in crypto,
  ]), Array(7).fill(false));
  // The check begins a second after a page stands.
  await bruno.page.waitForTimeout(QUIET_MS);
  assert.deepEqual(rules, [], 'the rules came before a name was typed');
  await bruno.join(link, 'Bruno');
  assert.ok(rules.length > 0);
  await bruno.write('Portugal', 2, 'Spain', 1);
  await bruno.press('Send 1 tip');
  await bruno.confirmed();
  await bruno.goto(`${url}/table`);
  await bruno.sees(/^Checked$/);
  await bruno.goto(`${url}/player/Bruno`);
  await bruno.press('Receipt of Portugal – Spain');
  await bruno.sees(/Signed by Bruno|Save/);
  await bruno.isClean('a receipt in a home network');
});

test('ten tabs share one stream, and each of them hears what happens', { timeout: 180_000 }, async () => {
  const streams = [];
  const watched = await browser.newContext();
  const tabs = [];
  for (let tab = 0; tab < TABS; tab += 1) {
    const page = await watched.newPage();
    page.setDefaultTimeout(20_000);
    page.on('request', (request) => {
      if (new URL(request.url()).pathname === '/api/v1/events') streams.push(request.url());
    });
    await page.goto(`${url}/live`);
    await page.getByText('connected').waitFor();
    tabs.push(page);
  }
  assert.deepEqual(streams, [], 'a tab has a stream of its own');
  await sleepUntil(await kickOff(ana, GAME, 2));
  await until('the result', () => ana.bolao('result', GAME, '2-1', '--yes', '--wait'));
  for (const page of tabs) await page.locator('[data-is=result]').first().waitFor();
  // The first one goes, with whatever it held.
  await tabs.shift().close();
  await ana.bolao('result', GAME, '3-1', '--yes', '--wait', '--reason', 'a goal was missed');
  for (const page of tabs) await page.getByText('3:1', { exact: true }).first().waitFor();
  await watched.close();
});

test('an organiser copies a link, invites by it, and signs a result', { timeout: 120_000 }, async () => {
  const words = await ana.words();
  const desk = await Friend.come(browser);
  await desk.bring(url, words);
  await desk.goto(`${url}/organise?desk=invitations`);
  await desk.press('Create a link');
  await desk.press(/Copy/);
  await desk.sees('Copied');
  await desk.isClean('an invitation in a home network');
  await bruno.goto(`${url}/match/${GAME}`);
  await bruno.press('Is this result wrong?');
  await bruno.page.getByRole('dialog').getByRole('textbox').fill('It was 2:1');
  await bruno.page.getByRole('dialog').locator('button[type=submit]').click();
  await desk.goto(`${url}/table`);
  await desk.sees(/A player says the result of/);
  await desk.isClean('an objection');
  await desk.page.getByRole('link', { name: 'Take a look' }).click();
  await desk.sees('Bruno says this is wrong');
  await desk.sees('“It was 2:1”');
  await sleepUntil(await kickOff(ana, 'MD1-France-Germany', 2));
  await desk.result('France', 1, 'Germany', 0);
  await desk.press('Confirm 1 result');
  await desk.sees('Has it finished?');
  await desk.isClean('a question before a result');
  await desk.press('Yes, it’s over');
  await until('the result', async () => (await ana.read('/matches/MD1-France-Germany')).record);
  await desk.leave();
});
