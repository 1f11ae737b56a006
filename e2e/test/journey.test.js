// What the page is for: friends on two nodes join, tip, are opened, and see how they stand.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { DESK, Friend, openBrowser, PHONE } from '../support/browser.js';
import { kickOff, makePool, sleepUntil, until } from '../support/node.js';

const GAME = 'MD1-Portugal-Spain';

let browser, pool, ana, bruno;

before(async () => {
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await bruno?.end();
  await ana?.end();
  await pool?.remove();
});

test('two nodes, four friends: link, sealed tips, kick-off, results by two, standings', { timeout: 240_000 }, async () => {
  pool = await makePool([['Portugal', 'Spain'], ['France', 'Germany'], ['Brazil', 'Japan']], '--membership', 'invite', '--tips', 'sealed');
  ana = pool.ana;
  await ana.run();
  const link = (await ana.json('invite', '--url', ana.url)).link;
  bruno = pool.computer('bruno');
  await bruno.bolao('join', link, '--name', 'Bruno');
  await bruno.run();
  await until('Bruno', () => ana.read('/players/Bruno'));

  // Ana is the organiser on her phone too.
  const anas = await Friend.come(browser);
  await anas.bring(ana.url, await ana.words());
  await anas.isClean('tips of the organiser');

  // She makes a link there, and a co-organiser.
  await anas.goto(`${ana.url}/organise?desk=invitations`);
  await anas.press('Create a link');
  const shown = await anas.page.getByText(/\/join#/).textContent();
  assert.equal(shown.split('#')[1].length, 44, 'the link is a short one');
  await anas.isClean('invitations');
  await anas.goto(`${ana.url}/organise?desk=people`);
  await anas.press('Add an organiser');
  await anas.press('Bruno');
  await anas.press('Make organiser');
  const are_two = async (node) => (await node.read('/organisers')).organisers.length === 2;
  await until('two organisers', async () => (await are_two(ana)) && (await are_two(bruno)));
  await anas.isClean('people');

  // Clara opens the link on a phone, Davi the one of Bruno's computer on a desk.
  const clara = await Friend.come(browser, { dark: true });
  await clara.goto(shown);
  await clara.sees('Our cup');
  // Of two organisers, the link says which.
  await clara.page.getByLabel('What do your friends call you?').fill('Clara');
  await clara.sees('Ana invites you');
  await clara.isClean('join');
  await clara.join(shown, 'Clara');
  const davi = await Friend.come(browser, { size: DESK });
  await davi.join((await bruno.json('invite', '--url', bruno.url)).link, 'Davi');

  await clara.write('Portugal', 2, 'Spain', 1);
  await clara.write('France', 0, 'Germany', 0);
  await clara.sees('Draft, not sent yet');
  await clara.press('Send 2 tips');
  await clara.confirmed();
  await clara.isClean('tips, sealed');

  // On a low screen the bar that sends lies over no part of the card that is written.
  await clara.page.setViewportSize({ width: 390, height: 560 });
  await clara.opens('Brazil', 'Japan');
  await clara.page.getByRole('button', { name: 'One goal more for Brazil' }).tap();
  await clara.page.getByRole('button', { name: 'One goal more for Japan' }).tap();
  await until('the whole card', async () => {
    const card = await clara.page.getByRole('group', { name: 'Brazil – Japan' }).boundingBox();
    const send = await clara.button('Send 1 tip').boundingBox();
    return card.y + card.height <= send.y;
  });
  await clara.press('Clear');
  await clara.page.setViewportSize(PHONE);

  // Her own seal hides nothing from her.
  for (const place of [`/match/${GAME}`, '/player/Clara']) {
    await clara.goto(new URL(place, shown).href);
    await clara.sees('only you');
    assert.match(await clara.page.locator('main').innerText(), /2:1\s*only you/);
    await clara.isClean(`a seal of one’s own, ${place}`);
  }
  await clara.goto(new URL('/', shown).href);
  await davi.write('Portugal', 1, 'Spain', 1);
  await davi.press('Send 1 tip');
  await davi.confirmed();

  const sealed = (await ana.read(`/matches/${GAME}/tips`)).items ?? [];
  assert.ok(sealed.every((tip) => tip.score == null), 'somebody could read a tip before kick-off');

  // The countdown ends by itself; the seals are opened.
  const at = await kickOff(ana, GAME, 12, bruno);
  await sleepUntil(at);
  await clara.heading('Live');
  const opened = async () => {
    const { unopened, bets } = await ana.read(`/matches/${GAME}`);
    return bets === 2 && unopened === 0;
  };
  await until('the openings', opened, 40_000);

  // The result by one organiser, and by the other on the other node.
  await anas.goto(`${ana.url}/organise`);
  await anas.result('Portugal', 2, 'Spain', 1);
  await anas.isClean('results');
  await anas.press('Confirm 1 result');
  await anas.press('Yes, it’s over');
  await anas.sees('One more organiser needs to confirm it.');
  const brunos = await Friend.come(browser, { size: DESK, dark: true });
  await brunos.bring(bruno.url, await bruno.words());
  await brunos.goto(`${bruno.url}/organise`);
  await brunos.sees('Confirmed by Ana.');
  await brunos.press('Confirm 2:1');
  await until('both signatures', async () => (await ana.read(`/matches/${GAME}`)).record?.signers.length === 2);
  await brunos.isClean('records');

  // Everybody's points, by the page of either node.
  for (const [friend, computer] of [[clara, ana], [davi, bruno]]) {
    await friend.goto(`${computer.url}/table`);
    await friend.sees('Clara');
    await friend.isClean('table');
  }
  const { items } = await bruno.read('/standings');
  assert.deepEqual([items[0].player.name, items[0].points, items[0].exact], ['Clara', 4, 1]);

  for (const friend of [anas, brunos, clara, davi]) await friend.leave();
});
