// The betting article's form, in the page.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Friend, openBrowser } from '../support/browser.js';
import { Computer, freePort, makePool } from '../support/node.js';

let browser, dir, node, pool;

before(async () => {
  browser = await openBrowser();
  dir = await mkdtemp(join(tmpdir(), 'bolao-e2e-'));
  node = new Computer(dir, 'classic');
  node.port = await freePort();
  await node.run('classic', String(node.port));
});

after(async () => {
  await browser?.close();
  await node?.end();
  await pool?.ana.end();
  await pool?.remove();
  if (dir) await rm(dir, { recursive: true });
});

test('a name and two scores are sent, mined, and read again', { timeout: 90_000 }, async () => {
  const mary = await Friend.come(browser);
  await mary.goto(`${node.url}/classic`);
  await mary.page.getByLabel('Your name').fill('Mary');
  await mary.write('Portugal', 3, 'Switzerland', 1);
  await mary.write('Netherlands', 1, 'England', 2);
  await mary.isClean('the form');
  await mary.press('Send Bets');
  await mary.sees(/Sent: PtCh 3:1, NlEn 1:2/);
  await mary.page.getByRole('link', { name: 'Bets of Mary' }).click();
  await mary.sees('Sent');
  await mary.press('Write a page');
  await mary.sees('In a block');
  await mary.isClean('bets of a name');
  const answer = await fetch(`${node.url}/player/mary`);
  const bets = await answer.json();
  assert.deepEqual(bets.map((bet) => [bet.match_id, bet.team_one_score, bet.team_two_score]).sort(), [['NlEn', 1, 2], ['PtCh', 3, 1]]);
  await mary.leave();
});

test('a node without these routes says so', { timeout: 90_000 }, async () => {
  pool = await makePool([['Portugal', 'Spain']]);
  await pool.ana.run();
  const john = await Friend.come(browser);
  await john.goto(`${pool.ana.url}/classic`);
  await john.sees('The article’s form is off here');
  await john.isClean('no form');
  await john.leave();
});
