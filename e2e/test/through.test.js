// Who goes through: a tip of a draw names a team, is read back with it, and gives a point more where that team advances.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Friend, openBrowser } from '../support/browser.js';
import { kickOff, makePool, sleepUntil, until } from '../support/node.js';

const SMALL = { width: 320, height: 640 };

let browser, pool, ana, clara;

before(async () => {
  browser = await openBrowser();
  pool = await makePool(
    [['Portugal', 'Spain', 'Round of 16'], ['France', 'Germany', 'Round of 16'], ['Italy', 'England', 'Final']],
    '--with', 'through', '--tips', 'open',
  );
  ana = pool.ana;
  await ana.run();
  clara = await Friend.come(browser, { size: SMALL });
  await clara.join(`${ana.url}/join`, 'Clara');
});

after(async () => {
  await clara?.leave();
  await browser?.close();
  await ana?.end();
  await pool?.remove();
});

const matches = async () => (await ana.read('/matches')).items;
const tipOn = async ({ code }) => (await ana.read(`/matches/${code}/tips`)).items[0];
const asks = ({ home, away }) => clara.page.getByRole('group', { name: `${home.name} – ${away.name}: who goes through?` });
const chip = (match, { name }) => asks(match).getByRole('button', { name, exact: true });
const isPressed = async (of) => (await of.getAttribute('aria-pressed')) === 'true';

test('a tip of a draw names a team, and is read back with it', { timeout: 120_000 }, async () => {
  const [first] = await matches();
  const { home, away } = first;
  await clara.goto(`${ana.url}/`);
  await clara.write(home.name, 2, away.name, 1);
  assert.equal(await asks(first).count(), 0);
  await clara.write(home.name, 1, away.name, 1);
  await chip(first, away).click();
  const { height } = await chip(first, away).boundingBox();
  assert.ok(height >= 44, `a chip is ${height} px high`);
  await clara.isClean('a draw with a team');
  await clara.press('Send 1 tip');
  await until('the tip', async () => (await tipOn(first)).through === 'away');
  assert.deepEqual((await tipOn(first)).score, { home: 1, away: 1 });
  await clara.goto(`${ana.url}/`);
  await until('the chip', () => isPressed(chip(first, away).first()));
});

test('another score forgets the team, and another tap takes it back', { timeout: 120_000 }, async () => {
  const [, second] = await matches();
  const { home, away } = second;
  await clara.goto(`${ana.url}/`);
  await clara.write(home.name, 0, away.name, 0);
  await chip(second, home).click();
  await clara.write(home.name, 1, away.name, 0);
  assert.equal(await asks(second).count(), 0);
  await clara.write(home.name, 1, away.name, 1);
  assert.equal(await isPressed(chip(second, home)), false);
  await chip(second, home).click();
  await chip(second, home).click();
  await clara.press('Send 1 tip');
  await until('the tip', async () => (await tipOn(second)) !== undefined);
  assert.equal((await tipOn(second)).through ?? null, null);
});

test('the right team gives a point more, and the page says so', { timeout: 180_000 }, async () => {
  const [first] = await matches();
  await sleepUntil(await kickOff(ana, first.code, 5));
  await until('the kick-off', async () => (await matches())[0].status !== 'scheduled');
  await ana.bolao('result', first.code, '1-1', '--advances', 'away', '--yes', '--wait');
  const tip = await tipOn(first);
  assert.equal(tip.points, 5 * first.multiplier);
  await clara.goto(`${ana.url}/match/${first.code}`);
  await clara.sees('who goes through +1');
  await clara.sees(`${first.away.name} goes through`);
  await clara.isClean('a match with who goes through');
});
