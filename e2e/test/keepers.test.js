// Sealed tips and their keepers: a tip is opened although the phone that sent it is off, and its node is gone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Friend, openBrowser } from '../support/browser.js';
import { kickOff, makePool, sleepUntil, until } from '../support/node.js';

const GAME = 'MD1-Portugal-Spain';

let browser, pool, ana, others;

before(async () => {
  browser = await openBrowser();
  pool = await makePool([['Portugal', 'Spain'], ['France', 'Germany']], '--membership', 'invite', '--tips', 'sealed');
  ana = pool.ana;
  await ana.run();
  others = ['Bruno', 'Clara', 'Davi'].map((name) => Object.assign(pool.computer(name), { player: name }));
});

after(async () => {
  await browser?.close();
  for (const computer of [ana, ...(others ?? [])]) await computer?.end();
  await pool?.remove();
});

/** The player's seals, as a node knows them. */
const sealsOf = async (computer, player) => {
  const { account } = await computer.read(`/players/${player}`);
  return (await computer.read(`/openings?account=${account}`)).seals;
};

test('keepers open the tip of a phone that is off; who opens alone looks in', { timeout: 180_000 }, async () => {
  const { link } = await ana.json('invite', '--url', ana.url);
  const [bruno, clara, davi] = others;

  // While Ana's computer is the only keeper, the page says what it could do, and Nuno wants it otherwise.
  const nuno = await Friend.come(browser);
  await nuno.join(link, 'Nuno');
  await nuno.write('Portugal', 0, 'Spain', 0);
  await nuno.sees('Ana’s computer reveals your tips when it’s time, and could read them earlier.');
  await nuno.page.getByRole('link', { name: 'Keep them on this device only' }).click();
  await nuno.page.getByText('This page', { exact: true }).click();
  await nuno.sees(/Nobody else can reveal the tips you send from now on/);
  await nuno.isClean('who opens');
  await nuno.press('Close');
  await nuno.page.getByRole('link', { name: 'Tips', exact: true }).click();
  await nuno.press('Send 1 tip');
  await nuno.confirmed();
  await nuno.sees(/Hidden: open this page after kick-off, before/);
  await nuno.page.goto('about:blank');

  // Four keepers, of which any three are a quorum.
  await Promise.all(others.map(async (computer) => {
    await computer.bolao('join', link, '--name', computer.player);
    await computer.run();
  }));
  await until('the offers', async () => (await ana.read('/validators')).offers.length === 3);
  await ana.bolao('validators', 'appoint', ...others.map(({ player }) => player), '--yes', '--wait');
  await until('four validators', async () => (await davi.read('/validators')).validators.length === 4);

  // Eva tips on a phone, by the page of Davi's computer, which knows nothing of the short link: a long one has all in itself.
  const eva = await Friend.come(browser);
  const away = 'http://127.0.0.1:1';
  const long = (await ana.json('invite', '--url', away)).link;
  await eva.join(long.replace(away, davi.url), 'Eva');
  await eva.write('Portugal', 2, 'Spain', 1);
  await eva.press('Send 1 tip');
  await eva.sees('Hidden until kick-off');
  await eva.isClean('a tip that keepers open');
  await until('what Eva dealt, on another computer', async () => {
    const [seal] = await sealsOf(bruno, 'Eva');
    return seal?.will_open === true && seal.dealt?.holding === 4;
  });
  const [alone] = await sealsOf(bruno, 'Nuno');
  assert.deepEqual([alone.will_open, alone.dealt ?? null], [false, null], 'Nuno’s tip was handed to keepers');

  // Her phone goes off, and so does the computer that it talked to.
  await eva.leave();
  await davi.end('SIGKILL');
  for (const computer of [ana, bruno, clara]) {
    const { items } = await computer.read(`/matches/${GAME}/tips`);
    assert.deepEqual(items.map(({ sealed, score }) => [sealed, score ?? null]), [[true, null], [true, null]]);
  }
  const at = await kickOff(ana, GAME, 4);
  await sleepUntil(at);
  const unopened = async (computer, count) => {
    const { bets, unopened: left } = await computer.read(`/matches/${GAME}`);
    return bets === 2 && left === count;
  };
  await until('the keepers to open Eva’s tip', () => unopened(clara, 1), 45_000);
  const { items } = await clara.read(`/matches/${GAME}/tips`);
  assert.deepEqual(
    Object.fromEntries(items.map(({ player, score }) => [player.name, score ?? null])),
    { Eva: { home: 2, away: 1 }, Nuno: null },
  );

  // Nuno looks in: his page opens his, and shows hers in the table.
  await nuno.goto(`${ana.url}/`);
  await nuno.heading('Live');
  await until('Nuno’s own opening', () => unopened(clara, 0), 30_000);
  await ana.bolao('result', GAME, '2-1', '--yes', '--wait');
  await until('the result', async () => (await clara.read(`/matches/${GAME}`)).record != null);
  const { items: [first] } = await clara.read('/standings');
  assert.deepEqual([first.player.name, first.points, first.exact], ['Eva', 4, 1]);
  await nuno.goto(`${clara.url}/table`);
  const line = nuno.page.getByRole('row').filter({ hasText: 'Eva' });
  await line.getByText('4').first().waitFor();
  await nuno.leave();
});
