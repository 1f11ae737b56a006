// A pool that only its players may look at.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Friend, onLan, openBrowser } from '../support/browser.js';
import { makePool } from '../support/node.js';

let browser, pool, ana;

before(async () => {
  browser = await openBrowser();
  pool = await makePool([['Portugal', 'Spain'], ['France', 'Germany']], '--viewers', 'players', '--membership', 'invite');
  ana = pool.ana;
  await ana.run();
});

after(async () => {
  await browser?.close();
  await ana?.end();
  await pool?.remove();
});

test('a stranger sees nothing, a player everything, and again at the next visit', { timeout: 120_000 }, async () => {
  // The node answers to the name from here on.
  const { link } = await ana.json('invite', '--url', onLan(ana.url));
  const stranger = await Friend.come(browser);
  const answers = [];
  const told = [];
  stranger.page.on('response', async (answer) => {
    const { pathname } = new URL(answer.url());
    if (!pathname.startsWith('/api/v1/') || !answer.ok()) return;
    answers.push(pathname);
    // All that the pool’s id stands for names accounts, and nobody.
    if (/\/genesis(\.bin)?$/.test(pathname)) return;
    const text = await answer.text().catch(() => '');
    if (/"(name|account)":"?(Ana|bolao1)|"players":/.test(text)) told.push(`${pathname}: ${text}`);
  });
  for (const place of ['/', '/table', '/live', '/book', '/match/MD1-Portugal-Spain']) {
    await stranger.goto(onLan(ana.url) + place);
    await stranger.sees('Only players can look at this pool');
    assert.equal(await stranger.page.getByText('Portugal').count(), 0, `${place} names a team`);
  }
  await stranger.isClean('a page that is closed');
  assert.deepEqual(answers.filter((path) => !['/api/v1/status', '/api/v1/pool', '/api/v1/pool/genesis', '/api/v1/pool/genesis.bin', '/api/v1/time'].includes(path)), []);
  assert.deepEqual(told, []);
  await stranger.leave();

  const guest = await Friend.come(browser);
  const short = (await ana.json('invite')).link;
  await guest.goto(onLan(ana.url) + short.slice(short.indexOf('/join')));
  await guest.sees('Ana invites you');
  assert.equal(await guest.page.getByText('is in').count(), 0, 'says how many play');
  await guest.leave();

  const bruno = await Friend.come(browser);
  await bruno.join(link, 'Bruno');
  await bruno.write('Portugal', 2, 'Spain', 1);
  await bruno.press('Send 1 tip');
  await bruno.confirmed();
  await bruno.goto(`${onLan(ana.url)}/table`);
  await bruno.sees('Bruno');

  const phone = await Friend.come(browser);
  await phone.bring(onLan(ana.url), await ana.words());
  await phone.goto(`${onLan(ana.url)}/table`);
  await phone.sees('Ana');
  for (const friend of [bruno, phone]) await friend.leave();
});
