// The first run: from nothing to a pool with a link, in the browser of the organiser's own computer.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { DESK, Friend, openBrowser } from '../support/browser.js';
import { Computer, until } from '../support/node.js';
import { startPage } from '../support/start.js';

const MATCHES = `Date,Time,Home,Away,Round
2099-06-01,19:00,Portugal,Spain,Matchday 1
2099-06-02,19:00,France,Germany,Matchday 1
`;

let browser, dir;
const computers = [];

before(async () => {
  browser = await openBrowser();
  dir = await mkdtemp(join(tmpdir(), 'bolao-e2e-'));
});

after(async () => {
  await browser?.close();
  for (const computer of computers) await computer.end();
  if (dir) await rm(dir, { recursive: true, force: true });
});

/** A new computer on which `bolao start` was typed, with the address that it prints. */
async function start(name) {
  const computer = new Computer(dir, name);
  computers.push(computer);
  return { computer, address: await startPage(computer) };
}

test('a pool is made, and a friend joins it from another new computer', { timeout: 180_000 }, async () => {
  const { computer, address } = await start('ana');
  const ana = await Friend.come(browser, { size: DESK });
  await ana.goto(address);
  await ana.sees('Which competition?');
  assert.ok(!ana.page.url().includes(address.split('#')[1]), 'the code stays in the address');
  await ana.isClean('the questions');
  await ana.press('Other: paste or upload a list');
  await ana.isClean('a list of her own');
  await ana.page.locator('input[type=file]').setInputFiles({ name: 'cup.csv', mimeType: 'text/csv', buffer: Buffer.from(MATCHES) });
  await ana.page.getByLabel('Whose local time are these times?').fill('Europe/Lisbon');
  await ana.press('Read the matches');
  await ana.sees('Portugal – Spain');
  assert.equal(await ana.page.getByLabel('Name of the pool').inputValue(), '', 'the table has no name, and the pool one');
  await ana.page.getByLabel('Name of the pool').fill('Our cup');
  await ana.page.getByLabel('Your name').fill('Ana');
  await ana.isClean('the answers');
  await ana.press('See the rules');
  await ana.sees(/These rules are for good/);
  await ana.isClean('the rules');
  await ana.press('Make the pool');
  await ana.sees('The pool is made.');
  const link = await ana.page.getByText(/\/join#/).textContent();
  await ana.isClean('the link');
  await ana.page.getByRole('link', { name: 'To your tips' }).click();
  await ana.sees('Our cup');

  // Page and node are one player.
  await until('Ana', () => computer.read('/players/Ana'));
  await ana.write('Portugal', 2, 'Spain', 1);
  await ana.press('Send 1 tip');
  await ana.confirmed();
  assert.equal((await computer.read('/players/Ana/bets')).items.length, 1);

  const other = await start('bruno');
  const bruno = await Friend.come(browser);
  await bruno.goto(other.address);
  await bruno.page.getByText('I have a link').click();
  await bruno.page.getByLabel('The link that a friend gave you').fill(link);
  await bruno.page.getByLabel('Your name').fill('ANA');
  await bruno.press('Join the pool');
  await bruno.page.getByRole('alert').waitFor();
  await bruno.page.getByLabel('Your name').fill('Bruno');
  await bruno.press('Join the pool');
  await bruno.sees('You are in.');
  await bruno.page.getByRole('link', { name: 'To your tips' }).click();
  await until('Bruno', () => computer.read('/players/Bruno'));
  await ana.leave();
  await bruno.leave();
});

test('an address that was opened already is good for nothing', { timeout: 60_000 }, async () => {
  const { address } = await start('eve');
  const first = await Friend.come(browser);
  await first.goto(address);
  await first.sees('Which competition?');
  const second = await Friend.come(browser);
  await second.goto(address);
  await second.page.getByRole('alert').waitFor();
  await second.goto(address.split('#')[0]);
  await second.sees('bolao start');
  await first.leave();
  await second.leave();
});
