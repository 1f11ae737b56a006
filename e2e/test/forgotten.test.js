// A tip that its node forgot before a block held it: the page hands over the same bytes again.
import assert from 'node:assert/strict';
import { cp, rm } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { Friend, openBrowser } from '../support/browser.js';
import { freePort, makePool, until } from '../support/node.js';

let browser, pool, ana;

const run = () => ana.run('run', '-i', '127.0.0.1', '-p', String(ana.port), '--mine', 'manual');

before(async () => {
  browser = await openBrowser();
  pool = await makePool([['Portugal', 'Spain'], ['France', 'Germany']], '--consensus', 'pow', '--target', 'fixed:4');
  ana = pool.ana;
  ana.port = await freePort();
  await run();
});

after(async () => {
  await browser?.close();
  await ana?.end();
  await pool?.remove();
});

test('a tip that the node forgot is sent again, as it was', { timeout: 120_000 }, async () => {
  const bruno = await Friend.come(browser);
  await bruno.join(`${ana.url}/join`, 'Bruno');
  await ana.bolao('mine');
  await until('Bruno', () => ana.read('/players/Bruno'));
  await ana.end();
  const before = `${ana.home}.before`;
  await cp(ana.home, before, { recursive: true });
  await run();

  await bruno.goto(ana.url);
  await bruno.write('Portugal', 2, 'Spain', 1);
  await bruno.press('Send 1 tip');
  await bruno.sees('Sent');
  const kept = () => bruno.page.evaluate(() => {
    const key = Object.keys(localStorage).find((name) => name.startsWith('bolao.sent.'));
    return key && JSON.parse(localStorage.getItem(key));
  });
  const [{ id, transaction }] = await until('the tip on the phone', kept);
  assert.equal((await ana.read(`/transactions/${id}`)).state, 'waiting');

  await ana.end('SIGKILL');
  await rm(ana.home, { recursive: true });
  await cp(before, ana.home, { recursive: true });
  await run();
  // Who was away may hear of it late, but the node hears of the tip by the page alone.
  await until('the same tip', async () => (await ana.read(`/transactions/${id}`)).state === 'waiting', 60_000);
  assert.deepEqual((await kept()).map((one) => [one.id, one.transaction]), [[id, transaction]]);
  await ana.bolao('mine');
  await bruno.sees('In the book');
  const { items } = await ana.read('/players/Bruno/bets');
  assert.deepEqual(items.map((bet) => bet.transaction), [id]);
  await bruno.leave();
});
