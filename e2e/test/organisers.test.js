// Two organisers of whom both must sign: a result, an objection, and its correction.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { DESK, Friend, openBrowser } from '../support/browser.js';
import { kickOff, makePoolOfTwo, sleepUntil, until } from '../support/node.js';

const GAME = 'MD1-Portugal-Spain';

let browser, pool, ana, bruno;

before(async () => {
  browser = await openBrowser();
  pool = await makePoolOfTwo([['Portugal', 'Spain'], ['France', 'Germany']], '--results', '2-of-2', '--schedules', '1-of-2');
  ({ ana, bruno } = pool);
});

after(async () => {
  await browser?.close();
  await pool?.remove();
});

test('a result, and its correction, stand once both have signed the same', { timeout: 180_000 }, async () => {
  const record = async () => (await ana.read(`/matches/${GAME}`)).record ?? undefined;
  const clara = await Friend.come(browser);
  await clara.join(`${ana.url}/join`, 'Clara');
  await clara.write('Portugal', 1, 'Spain', 1);
  await clara.press('Send 1 tip');
  await clara.confirmed();
  const [anas, brunos] = await Promise.all([[ana, {}], [bruno, { size: DESK }]].map(async ([computer, options]) => {
    const friend = await Friend.come(browser, options);
    await friend.bring(computer.url, await computer.words());
    return friend;
  }));
  await sleepUntil(await kickOff(ana, GAME, 3));

  // The wrong one: it stands with the second signature, not before.
  await anas.goto(`${ana.url}/organise`);
  await anas.result('Portugal', 2, 'Spain', 1);
  await anas.press('Confirm 1 result');
  await anas.press('Yes, it’s over');
  await anas.sees('One more organiser needs to confirm it.');
  assert.equal(await record(), undefined, 'one signature was enough');
  await brunos.goto(`${bruno.url}/organise`);
  await brunos.sees('Confirmed by Ana.');
  await brunos.isClean('a result that waits');
  await brunos.press('Confirm 2:1');
  await until('the record', async () => (await record())?.score.home === 2);

  // Clara objects, where she sees it.
  await clara.goto(`${ana.url}/match/${GAME}`);
  await clara.press('Is this result wrong?');
  await clara.page.getByLabel('What is wrong?').fill('It was 1-1.');
  await clara.isClean('an objection');
  await clara.press('Send objection');
  await brunos.sees('Clara says this is wrong');
  await brunos.sees('“It was 1-1.”');
  await brunos.isClean('an objection that needs an organiser');

  // Bruno corrects it; what stood stands until Ana signs the same.
  await brunos.press('Correct it');
  await brunos.write('Portugal', 1, 'Spain', 1);
  await brunos.page.getByLabel('Something else').check();
  await brunos.page.getByLabel('Reason or source').fill('seen again');
  await brunos.isClean('a correction');
  await brunos.press('Save the correction');
  await anas.sees('Confirmed by Bruno.');
  assert.equal((await record()).score.home, 2, 'one signature was enough for a correction');
  await anas.press('Confirm 1:1');
  await until('the correction', async () => (await record()).version === 1);
  assert.deepEqual((await record()).score, { home: 1, away: 1 });
  await clara.sees(/corrected by/);
  await clara.sees('seen again');
  await clara.goto(`${ana.url}/table`);
  const [first] = (await ana.read('/standings')).items;
  assert.deepEqual([first.player.name, first.points], ['Clara', 4]);
  await clara.page.getByRole('row').filter({ hasText: 'Clara' }).getByText('4', { exact: true }).waitFor();
  for (const friend of [anas, brunos, clara]) await friend.leave();
});
