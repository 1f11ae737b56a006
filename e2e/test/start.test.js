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
  await ana.sees('What are you tipping?');
  assert.ok(!ana.page.url().includes(address.split('#')[1]), 'the code stays in the address');
  await ana.isClean('the questions');
  await ana.press(/My own list of matches/);
  await ana.isClean('a list of her own');
  await ana.page.locator('input[type=file]').setInputFiles({ name: 'cup.csv', mimeType: 'text/csv', buffer: Buffer.from(MATCHES) });
  await ana.page.getByLabel('Which city’s time is this?').fill('Europe/Lisbon');
  await ana.sees('Portugal – Spain');
  await ana.isClean('what was understood');
  await ana.press('Use these 2 matches');
  assert.equal(await ana.page.getByLabel('Name of the pool').inputValue(), '', 'the table has no name, and the pool one');
  await ana.page.getByLabel('Name of the pool').fill('Our cup');
  await ana.page.getByLabel('What do your friends call you?').fill('Ana');
  await ana.sees(/These rules can’t be changed later/);
  await ana.page.getByText('More options').click();
  await ana.page.locator('label').filter({ hasText: /^One each round$/ }).click();
  await ana.sees(/^A tip with a joker counts double\./);
  await ana.page.getByLabel('Points: exact, difference, winner').selectOption({ label: 'Superbru: 12 / close 6 / 4' });
  await ana.sees(/^All points are four times those of Superbru/);
  await ana.isClean('the answers');
  await ana.press('All rules');
  await ana.page.getByRole('dialog').getByText(/^A score is close if it is one goal off for one team/).waitFor();
  await ana.page.getByRole('dialog').getByText(/points are doubled/).waitFor();
  await ana.isClean('the rules');
  await ana.press('Close');
  await ana.press('Make the pool');
  await ana.sees('Your pool is ready.');
  const link = await ana.page.getByText(/\/join#/).textContent();
  await ana.isClean('the link');
  await ana.page.getByRole('link', { name: 'Go to my tips' }).click();
  await ana.sees('Our cup');

  // Page and node are one player.
  await until('Ana', () => computer.read('/players/Ana'));
  const { scoring, features } = (await computer.read('/pool/rules')).rules;
  assert.deepEqual(scoring, { kind: 'close', exact: 12, close: 6, result: 4 });
  assert.equal(features.jokers.factor, 2, 'what was chosen before stays');
  await ana.write('Portugal', 2, 'Spain', 1);
  await ana.press('Send 1 tip');
  await ana.confirmed();
  assert.equal((await computer.read('/players/Ana/bets')).items.length, 1);

  const other = await start('bruno');
  const bruno = await Friend.come(browser);
  await bruno.goto(other.address);
  await bruno.press('I have a link to a pool');
  await bruno.page.getByLabel('The link your friend sent you').fill(link);
  await bruno.page.getByLabel('What do your friends call you?').fill('ANA');
  await bruno.press('Join the pool');
  await bruno.page.getByRole('alert').waitFor();
  await bruno.page.getByLabel('What do your friends call you?').fill('Bruno');
  await bruno.press('Join the pool');
  await bruno.sees('You’re in: Our cup');
  await bruno.page.getByRole('link', { name: 'Go to my tips' }).click();
  await until('Bruno', () => computer.read('/players/Bruno'));
  await ana.leave();
  await bruno.leave();
});

/** The same two matches, as people have them. */
const PASTES = {
  'lines of a chat': '[24/11/2026, 20:01] Ana: here they are\n[24/11/2026, 20:02] Ana: Mon 1 June 2099 19:00 Portugal x Spain\nTue 2 June 2099 19:00 France x Germany',
  'a table of a website': 'Date\tTime\tHome\tAway\n01/06/2099\t19:00\tPortugal\tSpain\n02/06/2099\t19:00\tFrance\tGermany',
  'CSV': MATCHES,
  'a calendar': ['BEGIN:VCALENDAR', ...[['1', '20990601T180000Z', 'Portugal - Spain'], ['2', '20990602T180000Z', 'France - Germany']]
    .flatMap(([uid, at, teams]) => ['BEGIN:VEVENT', `UID:${uid}`, `DTSTART:${at}`, `SUMMARY:${teams}`, 'END:VEVENT']), 'END:VCALENDAR'].join('\n'),
  'JSON of openfootball': JSON.stringify({ name: 'Cup', matches: [
    { date: '2099-06-01', time: '18:00 UTC+0', team1: 'Portugal', team2: 'Spain' },
    { date: '2099-06-02', time: '18:00 UTC+0', team1: 'France', team2: 'Germany' }] }),
};

test('five ways of pasting a list are read at once, and a wrong line is mended in place', { timeout: 120_000 }, async () => {
  const { address } = await start('fred');
  const fred = await Friend.come(browser, { size: DESK });
  await fred.goto(address);
  await fred.press(/My own list of matches/);
  const list = fred.page.getByLabel('Your list of matches');
  const rows = async () => (await fred.page.getByRole('row').allInnerTexts()).map((row) => row.replace(/\s+/g, ' ').trim());
  for (const [form, text] of Object.entries(PASTES)) {
    await list.fill('');
    await list.fill(text);
    await fred.button('Use these 2 matches').and(fred.page.locator(':enabled')).waitFor();
    const zone = fred.page.getByLabel('Which city’s time is this?');
    if (await zone.count()) await zone.fill('Europe/Lisbon');
    await until(form, async () => {
      const [first = '', second = ''] = await rows();
      return /1 Jun 2099, 19:00 .*Portugal – Spain/.test(first) && /2 Jun 2099, 19:00 .*France – Germany/.test(second);
    });
  }
  // A spreadsheet is chosen as it is, and its text stands in the field.
  const sheet = new URL('../../crates/rules/fixtures/tests/corpus/files/midnight.xlsx', import.meta.url).pathname;
  await fred.page.locator('input[type=file]').setInputFiles(sheet);
  await fred.button('Use these 3 matches').and(fred.page.locator(':enabled')).waitFor();
  await until('the spreadsheet', async () => /14 Jun 2030, .*Lions – Tigers/.test((await rows())[0] ?? ''));
  assert.match(await list.inputValue(), /^Date\tHome\tAway\n2030-06-14 21:00\tLions/);
  await list.fill(`${PASTES.CSV}2099-06-31,19:00,Brazil,Japan,Matchday 1\n2099-06-04,19:00,Ghana,,Matchday 1\n`);
  await fred.sees('2 lines aren’t clear');
  await fred.isClean('two doubts');
  await fred.page.getByLabel('Line 4').fill('2099-06-30,19:00,Brazil,Japan,Matchday 1');
  await fred.page.getByLabel('Line 4').press('Enter');
  await fred.sees('1 line isn’t clear');
  await fred.press('Leave it out');
  await fred.press('Use these 3 matches');
  await fred.sees('Name of the pool');
  await fred.leave();
});

test('an address that was opened already is good for nothing', { timeout: 60_000 }, async () => {
  const { address } = await start('eve');
  const first = await Friend.come(browser);
  await first.goto(address);
  await first.sees('What are you tipping?');
  const second = await Friend.come(browser);
  await second.goto(address);
  await second.page.getByRole('alert').waitFor();
  await second.goto(address.split('#')[0]);
  await second.sees('bolao start');
  await first.leave();
  await second.leave();
});
