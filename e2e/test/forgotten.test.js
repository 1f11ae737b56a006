// A tip that its node forgot before a block held it: the page hands over the same bytes again.
import assert from 'node:assert/strict';
import { cp, rm } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { Friend, openBrowser } from '../support/browser.js';
import { freePort, makePool, until } from '../support/node.js';

let browser, pool, ana, bruno;

const run = () => ana.run('run', '-i', '127.0.0.1', '-p', String(ana.port), '--mine', 'manual');

before(async () => {
  browser = await openBrowser();
  pool = await makePool([['Portugal', 'Spain'], ['France', 'Germany']], '--consensus', 'pow', '--target', 'fixed:4');
  ana = pool.ana;
  ana.port = await freePort();
  await run();
});

after(async () => {
  await bruno?.leave();
  await browser?.close();
  await ana?.end();
  await pool?.remove();
});

test('a tip that the node forgot is sent again, as it was', { timeout: 120_000 }, async () => {
  bruno = await Friend.come(browser);
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
  await bruno.sees(/^Sent$/);
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
  await bruno.sees('In a block');
  const { items } = await ana.read('/players/Bruno/bets');
  assert.deepEqual(items.map((bet) => bet.transaction), [id]);
});

test('a host who goes back to an older copy is told of, after a reload too', { timeout: 120_000 }, async () => {
  const before = `${ana.home}.before`;
  const goBack = async () => {
    await ana.end('SIGKILL');
    await rm(ana.home, { recursive: true });
    await cp(before, ana.home, { recursive: true });
    await run();
  };
  await bruno.goto(`${ana.url}/table`);
  await bruno.sees(/^Checked$/);
  await goBack();
  for (const place of ['/', '/table']) {
    await bruno.goto(`${ana.url}${place}`);
    await bruno.sees(/shows an older version of the pool than this device has seen/);
  }
  assert.equal(await bruno.page.locator('button[data-look="good"]').count(), 0);
  // With more work than the other it is the book.
  await ana.bolao('mine', '--count', '2');
  await bruno.goto(`${ana.url}/table`);
  await bruno.sees(/^Checked$/);
});
