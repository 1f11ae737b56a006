// A home that holds pools, which one process shows in a home network, and the next season's with the same friends.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Friend, onLan, openBrowser } from '../support/browser.js';
import { makePool, until } from '../support/node.js';

const MATCHES = [['Portugal', 'Spain'], ['France', 'Germany']];

let browser, pool, ana, bruno;
const codes = {};

/** Makes one more pool in Ana's home while its node runs. */
async function another(name, ...flags) {
  const file = join(pool.dir, 'fixtures.csv');
  await ana.bolao('new', name, '--fixtures', file, '--zone', 'UTC', '--dates', 'month-day', ...flags);
  const found = await until(name, async () => {
    const all = await ana.json('pools');
    return all.find((one) => one.name === name && one.state === 'runs');
  });
  codes[name] = found.code;
}

const pageOf = (name) => onLan(`${ana.url}/p/${codes[name]}`);

const linkTo = async (name) => (await ana.json('-P', name, 'invite', '--url', pageOf(name))).link;

const betsIn = async (name) => {
  const answer = await fetch(`${ana.url}/p/${codes[name]}/api/v1/players/Bruno/bets?limit=100`);
  return (await answer.json()).items;
};

before(async () => {
  browser = await openBrowser();
  pool = await makePool(MATCHES, '--membership', 'invite');
  ana = pool.ana;
  await ana.run();
  [{ code: codes['Our cup'] }] = await ana.json('pools');
  bruno = await Friend.come(browser);
});

after(async () => {
  await browser?.close();
  await ana?.end();
  await pool?.remove();
});

test('a pool comes without a restart, and one set of tips goes to both', { timeout: 180_000 }, async () => {
  await bruno.join(await linkTo('Our cup'), 'Bruno');
  await bruno.sees('Portugal');
  await another('Office', '--membership', 'invite', '--tips', 'open');
  await bruno.goto(await linkTo('Office'));
  await bruno.press('Join as Bruno');
  await bruno.page.waitForURL(new RegExp(`/p/${codes.Office}/$`));
  await bruno.page.getByRole('switch', { name: /^Also in Our cup/ }).waitFor({ state: 'attached' }).catch(() => undefined);
  await bruno.write('Portugal', 2, 'Spain', 1);
  await bruno.page.getByRole('switch', { name: /^Also in Our cup/ }).click();
  await bruno.press('Send 1 tip');
  for (const name of ['Office', 'Our cup']) await until(`the tip in ${name}`, async () => (await betsIn(name)).length === 1);
  const [here] = await betsIn('Office');
  const [there] = await betsIn('Our cup');
  assert.deepEqual([here.score, there.score], [{ home: 2, away: 1 }, { home: 2, away: 1 }]);
  await bruno.confirmed();
  await bruno.goto(`${pageOf('Office')}/table`);
  await bruno.sees(/^Checked$/);
  await bruno.isClean('a pool of two');
});

test('the next season begins with one tap and without a link’s ticket', { timeout: 180_000 }, async () => {
  await another('Next cup', '--membership', 'invite', '--tips', 'open', '--after', 'Our cup');
  await bruno.goto(`${pageOf('Next cup')}/join`);
  await bruno.press('Join as Bruno');
  await bruno.page.waitForURL(new RegExp(`/p/${codes['Next cup']}/$`));
  await until('Bruno', async () => (await fetch(`${ana.url}/p/${codes['Next cup']}/api/v1/players/Bruno`)).ok);
  // Nobody else comes in without one.
  const clara = await Friend.come(browser);
  await clara.goto(`${pageOf('Next cup')}/join`);
  await clara.sees('You need an invitation to join this pool.');
  await clara.context.close();
});

test('the old season stays as an archive that is still checked', { timeout: 180_000 }, async () => {
  await ana.bolao('pools', '--archive', 'Office');
  await until('the archive', async () => (await (await fetch(`${ana.url}/p/${codes.Office}/api/v1/status`)).json()).url === '');
  await bruno.goto(`${pageOf('Office')}/table`);
  await bruno.sees('Bruno');
  await bruno.sees(/^Checked$/);
  await bruno.goto(`${pageOf('Office')}/match/MD1-Portugal-Spain`);
  await bruno.sees('Portugal');
});
