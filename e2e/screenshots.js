// A picture of every page, on a phone and on a desk, light and dark, of a pool that is being played: `make screenshots`.
import { mkdir, rm } from 'node:fs/promises';

import { DESK, Friend, openBrowser, PHONE } from './support/browser.js';
import { Computer, freePort, kickOff, makePool, sleepUntil, until } from './support/node.js';

const OUT = new URL('screenshots/', import.meta.url).pathname;
const MATCHES = [['Portugal', 'Spain'], ['France', 'Germany'], ['Brazil', 'Japan'], ['England', 'Italy'], ['Netherlands', 'Ghana'],
  ['Belgium', 'Switzerland']];
const CODE = 'MD1-Portugal-Spain';
const TIPS = {
  Ana: [[2, 1], [1, 0], [2, 1], [1, 1]],
  Bruno: [[2, 1], [1, 1], [3, 0], [2, 2]],
  Clara: [[1, 1], [0, 2], [2, 0], [1, 0]],
  Davi: [[0, 1], [1, 0], [1, 1], [0, 0]],
  Elisa: [[2, 0], [2, 1], [4, 1], [1, 2]],
};
const PLACES = {
  tips: '/',
  table: '/table',
  live: '/live',
  match: `/match/${CODE}`,
  player: '/player/Clara',
  book: '/book',
  block: '/book/1',
  more: '/me',
  results: '/organise',
  matches: '/organise?desk=fixtures',
  invite: '/organise?desk=invitations',
  people: '/organise?desk=people',
  nowhere: '/nowhere',
};

async function picture(friend, url, name, looks) {
  await friend.page.goto(url);
  await friend.page.getByRole('main').waitFor();
  // Answers and pictures of flags.
  await friend.page.waitForTimeout(1500);
  await friend.page.screenshot({ path: `${OUT}${name}-${looks}.png` });
}

async function everyLook(browser, shoot, prepare = async () => {}) {
  for (const [size, called] of [[PHONE, 'phone'], [DESK, 'desk']])
    for (const dark of [false, true]) {
      const friend = await Friend.come(browser, { size, dark });
      await prepare(friend);
      await shoot(friend, `${called}-${dark ? 'dark' : 'light'}`);
      await friend.context.close();
    }
}

async function play(browser, ana, link) {
  const teams = MATCHES.slice(0, 4);
  for (const [name, scores] of Object.entries(TIPS)) {
    const friend = await Friend.come(browser);
    if (name === 'Ana') await friend.bring(ana.url, await ana.words());
    else await friend.join(link, name);
    for (const [number, [home, away]] of teams.entries()) await friend.write(home, scores[number][0], away, scores[number][1]);
    await friend.press(/Send 4 tips/);
    await until(`${name}'s tips`, async () => (await ana.read(`/players/${name}/bets`)).items.length === 4);
    if (name !== 'Ana') await until(`what opens ${name}'s tips`, async () => {
      const { account } = await ana.read(`/players/${name}`);
      const { seals } = await ana.read(`/openings?account=${account}`);
      return seals.length === 4 && seals.every(({ will_open }) => will_open);
    });
    await friend.context.close();
  }
  const watching = await Friend.come(browser);
  await watching.bring(ana.url, await ana.words());
  await kickOff(ana, 'MD1-France-Germany', 20);
  await sleepUntil(await kickOff(ana, CODE, 5));
  await watching.goto(`${ana.url}/match/${CODE}/show`);
  await watching.page.getByRole('region', { name: 'Draw: 1' }).waitFor({ timeout: 60_000 });
  await watching.page.waitForTimeout(3000);
  await watching.page.screenshot({ path: `${OUT}kickoff-phone-light.png` });
  await watching.context.close();
  await until('the kick-off', () => ana.bolao('result', CODE, '2-1', '--yes'));
}

const browser = await openBrowser();
await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
const pool = await makePool(MATCHES, '--membership', 'invite', '--tips', 'sealed');
const { ana } = pool;
const classic = new Computer(pool.dir, 'classic');
try {
  await ana.run();
  const { link } = await ana.json('invite', '--url', ana.url);
  await until('Ana in the pool', () => ana.read('/players/Ana'));
  await play(browser, ana, link);
  await everyLook(browser, (friend, looks) => picture(friend, link, 'join', looks));
  const words = await ana.words();
  await everyLook(
    browser,
    async (friend, looks) => {
      for (const [name, path] of Object.entries(PLACES)) await picture(friend, ana.url + path, name, looks);
    },
    (friend) => friend.bring(ana.url, words),
  );
  classic.port = await freePort();
  await classic.run('classic', String(classic.port));
  await everyLook(browser, (friend, looks) => picture(friend, `${classic.url}/classic`, 'classic', looks));
} finally {
  await browser.close();
  await ana.end();
  await classic.end();
  await pool.remove();
}
console.log(`pictures: ${OUT}`);
