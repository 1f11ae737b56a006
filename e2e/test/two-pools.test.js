// Two pools of one host, each below a path of its own, and a friend who plays in both with one key and one set of tips.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { DESK, Friend, onLan, openBrowser } from '../support/browser.js';
import { freePort, makePoolOf, until } from '../support/node.js';
import { Proxy } from '../support/proxy.js';

let browser, proxy, family, office, stranger, bruno;

const urlOf = (code) => `${proxy.url.replace('/bolao', '')}/p/${code}`;
const pageOf = (code) => onLan(urlOf(code));

/** Runs a pool's node for the page at a path of the proxy. */
async function show(pool, code) {
  const { ana } = pool;
  ana.port ??= await freePort();
  await ana.run('run', '-i', '127.0.0.1', '-p', String(ana.port), '--proxy', '127.0.0.1', '--url', urlOf(code));
}

/** Shows pools below paths of one host, instead of those before. */
async function host(pools) {
  const port = proxy?.port;
  await proxy?.end();
  const nodes = Object.entries(pools).map(([code, { ana }]) => [`/p/${code}`, `127.0.0.1:${ana.port}`]);
  proxy = await Proxy.paths(family.dir, Object.fromEntries(nodes), port);
}

const discs = () => bruno.page.getByRole('navigation', { name: 'Your pools' });
const disc = (name) => discs().getByRole('link', { name, exact: true });
const also = () => bruno.page.getByRole('switch', { name: /^Also in Office/ });

/** What Bruno has tipped in a pool, by the teams at home. */
async function tips({ ana }) {
  const { items } = await ana.read('/players/Bruno/bets?limit=100');
  return items.length;
}

before(async () => {
  browser = await openBrowser();
  const from_ms = Date.now();
  const matches = [['Portugal', 'Spain'], ['France', 'Germany'], ['Brazil', 'Chile']];
  family = await makePoolOf('Family', from_ms, matches, '--membership', 'invite');
  // Hidden until kick-off, and without the last match.
  office = await makePoolOf('Office', from_ms, matches.slice(0, 2), '--membership', 'invite', '--tips', 'sealed');
  stranger = await makePoolOf('Strangers', from_ms, matches);
  for (const { ana } of [family, office, stranger]) ana.port = await freePort();
  await host({ family, office });
  await show(family, 'family');
  await show(office, 'office');
  bruno = await Friend.come(browser);
});

after(async () => {
  await browser?.close();
  for (const pool of [family, office, stranger]) await pool?.ana.end();
  await proxy?.end();
  for (const pool of [family, office, stranger]) await pool?.remove();
});

/** A link to a pool, by which its node learns the name of its host as phones have it. */
const linkTo = async ({ ana }, code) => (await ana.json('invite', '--url', pageOf(code))).link;

test('joins the second pool by one tap, and goes from one to the other by discs', { timeout: 180_000 }, async () => {
  await bruno.join(await linkTo(family, 'family'), 'Bruno');
  await bruno.sees('Portugal');
  assert.equal(await discs().count(), 0, 'one pool has no disc');
  await bruno.goto(await linkTo(office, 'office'));
  assert.equal(await bruno.page.getByLabel('What do your friends call you?').count(), 0);
  await bruno.button('As somebody else').waitFor();
  await bruno.isClean('one tap');
  await bruno.press('Join as Bruno');
  await bruno.page.waitForURL(/\/p\/office\/$/);
  await disc('Office').waitFor();
  assert.equal(await disc('Office').getAttribute('aria-current'), 'true');
  await bruno.isClean('discs on a phone');
  const box = await disc('Family').boundingBox();
  assert.ok(box.width >= 44 && box.height >= 44, JSON.stringify(box));
  const accounts = await bruno.page.evaluate(() => Object.keys(localStorage)
    .filter((name) => name.startsWith('bolao.player.'))
    .map((name) => JSON.parse(localStorage.getItem(name)).account));
  assert.equal(accounts.length, 2);
  assert.equal(accounts[0], accounts[1], 'the same key');
  await bruno.page.getByRole('link', { name: 'Table' }).click();
  await bruno.page.waitForURL(/\/p\/office\/table$/);
  await disc('Family').click();
  await bruno.page.waitForURL(/\/p\/family\/table$/);
  await disc('Family').waitFor();
  assert.equal(await bruno.page.getByText('This is not the pool you play in').count(), 0);
});

test('sends one set of tips to both, each by its own rules', { timeout: 180_000 }, async () => {
  // Another tab has the other pool open all the while.
  const tab = await bruno.context.newPage();
  await tab.goto(`${pageOf('office')}/`);
  await tab.getByRole('link', { name: 'Table' }).waitFor();
  await bruno.goto(`${pageOf('family')}/`);
  await bruno.write('Portugal', 2, 'Spain', 1);
  await bruno.write('Brazil', 1, 'Chile', 1);
  await also().waitFor();
  assert.equal(await also().isChecked(), false, 'off at first');
  await bruno.sees('1 of 2 tips');
  await also().click();
  await bruno.isClean('a switch for another pool');
  await bruno.press('Send 2 tips');
  await bruno.sees('Office: 1 of 2 tips sent');
  await bruno.sees('2 tips confirmed');
  const [said, done] = await Promise.all(['Office: 1 of 2 tips sent', '2 tips confirmed'].map((text) => bruno.page.getByText(text).boundingBox()));
  assert.ok(said.y + said.height <= done.y, 'one lies over the other');
  await bruno.confirmed();
  await tab.getByText(/^Confirmed$/).or(tab.getByRole('button', { name: /, confirmed; change$/ })).first().waitFor();
  assert.deepEqual([await tips(family), await tips(office)], [2, 1]);
  await tab.close();
  // Chosen once, it takes no tap more, in another visit either.
  await bruno.goto(`${pageOf('family')}/`);
  await bruno.write('France', 1, 'Germany', 0);
  await also().waitFor();
  assert.equal(await also().isChecked(), true);
  await bruno.press('Send 1 tip');
  await bruno.sees('Office: 1 tip sent');
  await until('both tips', async () => await tips(office) === 2 && await tips(family) === 3);
  // Its keepers have what opens it, although nobody has opened its page.
  const { account } = await office.ana.read('/players/Bruno');
  await until('what opens it', async () => {
    const { seals } = await office.ana.read(`/openings?account=${account}`);
    return seals.length === 2 && seals.every((seal) => seal.will_open);
  });
  await disc('Office').click();
  await bruno.page.waitForURL(/\/p\/office\/$/);
  await bruno.confirmed();
  assert.deepEqual(await bruno.page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith('bolao.drafts.'))), []);
});

test('what one pool does not take holds up no other', { timeout: 180_000 }, async () => {
  await office.ana.end();
  await bruno.goto(`${pageOf('family')}/`);
  await disc('Office').waitFor();
  await bruno.write('Portugal', 3, 'Spain', 1);
  await also().waitFor();
  await bruno.press('Send 1 tip');
  await bruno.sees('Can’t reach Office.');
  await until('the tip at home', async () => {
    const { items } = await family.ana.read('/players/Bruno/bets?limit=100');
    return items.some(({ score }) => score?.home === 3);
  });
  await show(office, 'office');
  await bruno.press('Try again');
  await bruno.sees('Office: 1 tip sent');
});

test('on a desk the discs stand above the pool', { timeout: 60_000 }, async () => {
  const page = await bruno.context.newPage();
  await page.setViewportSize(DESK);
  await page.goto(`${pageOf('office')}/`);
  const rail = page.getByRole('navigation', { name: 'Places' });
  const link = rail.getByRole('link', { name: 'Family', exact: true });
  await link.focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/p\/family\/$/);
  await page.close();
});

test('warns where a strange pool stands in the place of one’s own, and there alone', { timeout: 120_000 }, async () => {
  // Nobody looks while it changes hands.
  await bruno.page.goto('about:blank');
  await family.ana.end();
  await show(stranger, 'family');
  await host({ family: stranger, office });
  await linkTo(stranger, 'family');
  await bruno.goto(`${pageOf('family')}/`);
  await bruno.sees('This is not the pool you play in here as Bruno');
  assert.equal(await discs().count(), 0, 'the other one alone is reached from here');
  await bruno.goto(`${pageOf('family')}/join`);
  await bruno.page.getByLabel('What do your friends call you?').waitFor();
  await bruno.goto(`${pageOf('office')}/`);
  await disc('Family').waitFor();
  assert.equal(await bruno.page.getByText('This is not the pool you play in').count(), 0);
  await bruno.write('Portugal', 0, 'Spain', 0);
  await bruno.sees('Send 1 tip');
  assert.equal(await bruno.page.getByRole('switch').count(), 0, 'nothing goes to strangers');
});

test('a pool that was left has no disc', { timeout: 60_000 }, async () => {
  await bruno.goto(`${pageOf('office')}/me`);
  await bruno.press(/^Leave this device/);
  await bruno.sees('your key stays here for Family');
  await bruno.page.getByRole('button', { name: 'Leave', exact: true }).click();
  await bruno.page.waitForURL(/\/p\/office\/$/);
  await bruno.sees('You’re not playing on this device yet.');
  assert.equal(await discs().count(), 0);
  await bruno.leave();
});
