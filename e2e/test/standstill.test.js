// A book that waits for a keeper says so on an open page by itself, and goes on by itself.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Friend, openBrowser } from '../support/browser.js';
import { kickOff, makePool, sleepUntil, until } from '../support/node.js';

const GAME = 'MD1-Portugal-Spain';
const STILL = 'Tips can’t be confirmed right now.';

let browser, pool, ana, kaethe;

before(async () => {
  browser = await openBrowser();
  pool = await makePool([['Portugal', 'Spain'], ['France', 'Germany']], '--membership', 'invite', '--tips', 'sealed');
  ana = pool.ana;
  await ana.run();
  kaethe = pool.computer('kaethe');
});

after(async () => {
  await browser?.close();
  await kaethe?.end();
  await ana?.end();
  await pool?.remove();
});

test('who waits for whom is said on open pages, and they go on when that is over', { timeout: 240_000 }, async () => {
  const { link } = await ana.json('invite', '--url', ana.url);
  const friend = await Friend.come(browser);
  await friend.join(link, 'Jürgen');
  await kaethe.bolao('join', link, '--name', 'Käthe');
  await kaethe.run();
  await until('the offer', async () => (await ana.read('/validators')).offers.length === 1);

  const organiser = await Friend.come(browser);
  await organiser.bring(ana.url, await ana.words());
  await organiser.goto(`${ana.url}/organise?desk=people`);
  await organiser.press('Accept');
  await organiser.sees(/Then both validators’ computers must stay on/);
  await organiser.isClean('a second keeper');
  await organiser.press('Add as a validator');
  await until('two keepers', async () => (await ana.read('/validators')).validators.length === 2);
  await sleepUntil(await kickOff(ana, GAME, 3));

  await kaethe.end('SIGKILL');
  await friend.write('France', 2, 'Germany', 1);
  await friend.press('Send 1 tip');
  await friend.sees(/^Sent$/);
  await friend.sees(STILL);
  await friend.sees(/1 of 2 validators are offline/);
  await friend.sees(/Not confirmed yet: the pool is waiting for the computer of Käthe/);
  await friend.isClean('tips that wait');

  await organiser.goto(`${ana.url}/organise?desk=results`);
  await organiser.result('Portugal', 1, 'Spain', 1);
  await organiser.press('Confirm 1 result');
  await organiser.press('Yes, it’s over');
  await organiser.sees('Sent');
  await organiser.sees('1:1');
  await organiser.sees(STILL);
  await organiser.goto(`${ana.url}/book`);
  await organiser.sees(STILL);
  await organiser.page.getByRole('listitem').filter({ hasText: 'Käthe' }).getByText('away').waitFor();
  await organiser.isClean('a book that stands still');

  await kaethe.run();
  await friend.confirmed();
  for (const { page } of [friend, organiser])
    await page.getByText(STILL).waitFor({ state: 'detached', timeout: 30_000 });
  assert.equal((await ana.read(`/matches/${GAME}`)).record?.score?.home, 1);
  await friend.leave();
  await organiser.leave();
});
