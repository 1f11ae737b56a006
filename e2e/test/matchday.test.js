// A day with several matches: what is sealed before, what is signed after, and the clock of a reader who counts twelve hours.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Friend, openBrowser } from '../support/browser.js';
import { kickOff, makePool, sleepUntil, until } from '../support/node.js';

const GAMES = ['MD1-Portugal-Spain', 'MD1-France-Germany', 'MD1-Brazil-Japan'];

let browser, pool, ana;

before(async () => {
  browser = await openBrowser();
  pool = await makePool([['Portugal', 'Spain'], ['France', 'Germany'], ['Brazil', 'Japan'], ['England', 'Italy']], '--tips', 'sealed');
  ana = pool.ana;
  await ana.run();
  await until('Ana', () => ana.read('/players/Ana'));
});

after(async () => {
  await browser?.close();
  await ana?.end();
  await pool?.remove();
});

test('a sealed tip of one’s own in all tips, several results with one tap, times in one line', { timeout: 180_000 }, async () => {
  const anas = await Friend.come(browser, { locale: 'en-US' });
  await anas.bring(ana.url, await ana.words());
  await anas.write('Portugal', 1, 'Spain', 0);
  await anas.write('England', 3, 'Italy', 1);
  await anas.press('Send 2 tips');
  await anas.confirmed();

  // Her own device can read what is sealed for the others.
  const clara = await Friend.come(browser);
  for (const friend of [anas, clara]) await friend.goto(`${ana.url}/table?grid=*`);
  await anas.page.getByRole('img', { name: '3:1, hidden from the others' }).waitFor();
  await anas.isClean('all tips, with her own');
  assert.equal(await clara.page.getByRole('img', { name: 'Hidden', exact: true }).count(), 2);
  assert.equal(await clara.page.getByText('3:1', { exact: true }).count(), 0, 'somebody else reads a sealed tip');

  let at;
  for (const game of GAMES) at = await kickOff(ana, game, 3);
  await sleepUntil(at);

  // The organiser on Sunday night: three scores, one tap, a signature each.
  await anas.goto(`${ana.url}/organise`);
  await anas.result('Portugal', 1, 'Spain', 0);
  await anas.result('France', 2, 'Germany', 2);
  await anas.result('Brazil', 0, 'Japan', 1);
  await anas.isClean('three results');
  await anas.press('Confirm 3 results');
  await anas.press('Yes, it’s over');
  const records = async () => Promise.all(GAMES.map(async (game) => (await ana.read(`/matches/${game}`)).record?.score));
  await until('three results', async () => (await records()).every((score) => score != null));
  assert.deepEqual(await records(), [{ home: 1, away: 0 }, { home: 2, away: 2 }, { home: 0, away: 1 }]);
  const { items } = await ana.read('/transactions?limit=100');
  const signed = items.filter(({ action }) => action.type === 'result');
  assert.equal(new Set(signed.map(({ id }) => id)).size, 3, 'each result has a signature of its own');

  // Twelve hours, and no time is broken in two.
  await anas.goto(`${ana.url}/live`);
  await anas.sees('connected');
  const times = anas.page.locator('time');
  await times.first().waitFor();
  const drawn = await times.evaluateAll((all) => all.map((time) => {
    const text = document.createRange();
    text.selectNodeContents(time);
    return [time.textContent, text.getClientRects().length];
  }));
  for (const [says, lines] of drawn) {
    assert.match(says, /^\d{1,2}:\d\d\s[AP]M$/);
    assert.equal(lines, 1, `${says} is broken in ${lines}`);
  }
  await anas.isClean('live');
  for (const friend of [anas, clara]) await friend.leave();
});

test('a newer list is compared again before it is signed, and an answer that is none is told', { timeout: 120_000 }, async () => {
  const friend = await Friend.come(browser);
  await friend.bring(ana.url, await ana.words());
  const game = 'MD1-England-Italy';
  const kickoff = async () => Date.parse((await ana.read(`/matches/${game}`)).kickoff);
  const later = (at, hours) => new Date(at + hours * 3_600_000).toISOString();
  const before = await kickoff();
  const at = later(before, 2);
  await friend.goto(`${ana.url}/organise?desk=fixtures`);
  await friend.press('Update from a list');
  const list = `Date,Time,Home,Away,Round\n${at.slice(0, 10)},${at.slice(11, 16)}Z,England,Italy,Matchday 1\n`;
  await friend.page.route('**/api/v1/fixtures/plan', (route) => route.fulfill({ json: { changes: [{ signs: null }] } }));
  await friend.page.getByLabel('Your list of matches').fill(list);
  await friend.sees('This page can’t read the pool computer’s answer');
  await friend.isClean('an answer that is none');
  await friend.page.unroute('**/api/v1/fixtures/plan');

  await friend.press('Try again');
  await friend.press('See the changes');
  await friend.sees(/Kick-off: from .* to /);
  await ana.bolao('schedule', game, '--kickoff', later(before, 1), '--yes', '--wait');
  const moved = await kickoff();
  await friend.press('Save 1 change');
  await friend.sees('The pool’s matches have changed in the meantime.');
  await friend.isClean('a list that is compared again');
  assert.equal(await kickoff(), moved, 'it was signed all the same');
  assert.equal(await friend.button('Save 1 change').count(), 0, 'what differs is ticked');
  await friend.page.getByLabel('England – Italy').check();
  await friend.press('Save 1 change');
  await until('the kick-off', async () => (await kickoff()) === Date.parse(at));
  await friend.leave();
});
