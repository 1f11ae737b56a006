// The show of a match: the last ten seconds, everybody's tips as they are revealed, and what the result made of them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Friend, openBrowser } from '../support/browser.js';
import { kickOff, makePool, sleepUntil, until } from '../support/node.js';

const GAME = 'MD1-CzechRepublic-SouthAfrica';
const SHOW = new RegExp(`/match/${GAME}/show$`);
const TIPS = { Ana: [2, 0], Bruno: [0, 1], Carla: [1, 2], Diego: [1, 1] };
const SMALL = { width: 320, height: 568 };

let browser, pool, ana;

before(async () => {
  browser = await openBrowser();
  pool = await makePool([['Czechia', 'South Africa'], ['France', 'Germany']], '--membership', 'invite', '--tips', 'sealed');
  ana = pool.ana;
  await ana.run();
});

after(async () => {
  await browser?.close();
  await ana?.end();
  await pool?.remove();
});

const digit = ({ page }) => page.getByRole('timer').filter({ hasText: /^\d{1,2}$/ });
const zone = ({ page }, name) => page.getByRole('region', { name });

/** What lies in a column: names with their scores. */
const told = async (friend, name) => (await zone(friend, name).getByRole('listitem').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ')).sort();

const sentence = async (friend, says) => {
  const heard = friend.page.getByRole('status').filter({ hasText: says });
  await heard.waitFor();
};

test('a kick-off and a full time, watched by four friends', { timeout: 240_000 }, async () => {
  const { link } = await ana.json('invite', '--url', ana.url);
  await until('Ana in the pool', () => ana.read('/players/Ana'));
  const friends = {
    Ana: await Friend.come(browser, { moves: true }),
    Bruno: await Friend.come(browser, { moves: true }),
    Carla: await Friend.come(browser),
    Diego: await Friend.come(browser, { size: SMALL }),
  };
  for (const [name, friend] of Object.entries(friends)) {
    if (name === 'Ana') await friend.bring(ana.url, await ana.words());
    else await friend.join(link, name);
    await friend.write('Czechia', TIPS[name][0], 'South Africa', TIPS[name][1]);
    await friend.press('Send 1 tip');
    await until(`${name}’s tip`, async () => (await ana.read(`/players/${name}/bets`)).items[0]?.state === 'final');
  }
  const { Bruno: bruno, Carla: carla, Diego: diego, Ana: anas } = friends;
  await until('the keeper to hold the tips', async () => {
    const openings = await Promise.all(['Bruno', 'Carla', 'Diego'].map(async (name) =>
      (await ana.read(`/openings?account=${(await ana.read(`/players/${name}`)).account}`)).seals[0]?.will_open));
    return openings.every((opens) => opens === true);
  });
  for (const friend of [bruno, carla, anas]) await friend.goto(`${ana.url}/`);
  await diego.goto(`${ana.url}/match/MD1-France-Germany`);

  const at = await kickOff(ana, GAME, 16);
  // Whoever looks is taken there; whoever writes, or prefers that nothing moves, is asked.
  await anas.write('France', 1, 'Germany', 0);
  await bruno.page.waitForURL(SHOW, { timeout: 15_000 });
  await digit(bruno).first().waitFor();
  const circle = bruno.page.getByRole('list', { name: 'Who has tipped' });
  const seats = circle.getByRole('listitem');
  assert.deepEqual(await seats.allInnerTexts().then((all) => all.map((text) => text.split('\n').at(-1))), ['Ana', 'Carla', 'Diego', 'Bruno']);
  assert.equal(await circle.getByText(/\d:\d/).count(), 0, 'a score is seen before kick-off');
  await carla.page.getByRole('link', { name: /kicks off.*Watch/ }).click();
  await carla.page.waitForURL(SHOW);
  await carla.isClean('the countdown');
  await sleepUntil(at);
  assert.equal(new URL(anas.page.url()).pathname, '/', 'the page was turned while Ana wrote');
  const offer = anas.page.getByRole('link', { name: /kicks off.*Watch/ });
  await offer.waitFor();
  await anas.isClean('a kick-off is offered');
  await anas.press('Close');
  await offer.waitFor({ state: 'detached' });

  // The columns are the tips, as the node has them by now.
  await zone(bruno, 'South Africa: 2').waitFor({ timeout: 40_000 });
  await zone(carla, 'South Africa: 2').waitFor();
  const { items } = await ana.read(`/matches/${GAME}/tips`);
  const score = Object.fromEntries(items.map(({ player, score: { home, away } }) => [player.name, `${home}:${away}`]));
  assert.deepEqual(score, { Ana: '2:0', Bruno: '0:1', Carla: '1:2', Diego: '1:1' });
  for (const friend of [bruno, carla]) {
    for (const [name, players] of [['Czechia: 1', ['Ana']], ['Draw: 1', ['Diego']], ['South Africa: 2', ['Bruno', 'Carla']]]) {
      const shown = await told(friend, name);
      assert.deepEqual(shown.map((text) => text.split(' ').slice(-2).join(' ')), players.map((player) => `${player} ${score[player]}`));
    }
  }
  await sentence(bruno, 'Only you and Carla believe in South Africa.');
  await sentence(carla, 'Only you and Bruno believe in South Africa.');
  await carla.isClean('the tips');
  await bruno.page.waitForTimeout(3000);
  await bruno.isClean('the tips, after they have flown');

  // Whoever comes later finds them as well, on the smallest phone too.
  await diego.goto(`${ana.url}/match/${GAME}/show`);
  await sentence(diego, 'Only you believe in a draw.');
  await diego.isClean('the tips on a small phone');
  await diego.page.getByRole('link', { name: 'Follow the match' }).click();
  await diego.page.waitForURL(new RegExp(`/match/${GAME}$`));

  // It is played once, and again by the button.
  await bruno.goto(`${ana.url}/match/${GAME}/show`);
  await zone(bruno, 'South Africa: 2').waitFor();
  assert.equal(await digit(bruno).count(), 0, 'it is played twice');
  await bruno.press('Play again');
  await digit(bruno).first().waitFor();
  await zone(bruno, 'South Africa: 2').waitFor();
  await bruno.press('Close');

  // The end.
  await bruno.goto(`${ana.url}/match/${GAME}/show`);
  await ana.bolao('result', GAME, '0-1', '--yes', '--wait');
  await sentence(bruno, /Exactly right\.\s*Nobody else was\./);
  await carla.goto(`${ana.url}/match/${GAME}/show`);
  await sentence(carla, /Right goal difference\.\s*Bruno had it exactly\./);
  await diego.goto(`${ana.url}/match/${GAME}/show`);
  await sentence(diego, /Not this time\.\s*Bruno had it exactly\./);
  const { items: lines } = await ana.read('/standings');
  const rows = bruno.page.getByRole('list', { name: 'Table' }).getByRole('listitem');
  await until('the table', async () => (await rows.count()) === 4 && (await rows.first().innerText()).endsWith('4'), 8_000);
  const shown = (await rows.allInnerTexts()).map((text) => text.split(/\s+/));
  assert.deepEqual(
    shown.map((parts) => [parts[0], parts.find((part) => part in TIPS), parts.at(-1)]),
    lines.map(({ place, player, points }) => [String(place), player.name, String(points)]),
  );
  for (const friend of [bruno, carla, diego]) await friend.isClean('full time');
  await carla.page.getByRole('link', { name: 'See the table' }).click();
  await carla.page.waitForURL(/\/table$/);
  for (const friend of [anas, bruno, carla, diego]) await friend.leave();
});
