// An organiser's act and a hundred corrections after it: nobody who looks a week later misses the act.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Friend, openBrowser, PHONE } from '../support/browser.js';
import { kickOff, makePool, sleepUntil, until } from '../support/node.js';

const CORRECTIONS = 101;
const PLAYED = 'MD1-France-Germany';
const MOVED = 'MD1-Portugal-Spain';

let browser, pool, ana, bruno;

before(async () => {
  browser = await openBrowser();
  pool = await makePool([['Portugal', 'Spain'], ['France', 'Germany'], ['Brazil', 'Japan']]);
  ({ ana } = pool);
  await ana.run();
  bruno = await Friend.come(browser, { size: PHONE });
});

after(async () => {
  await bruno?.leave();
  await browser?.close();
  await ana?.end();
  await pool?.remove();
});

test('a hundred corrections bury no act of an organiser', { timeout: 300_000 }, async () => {
  await bruno.join(`${ana.url}/join`, 'Bruno');
  await bruno.write('Portugal', 2, 'Spain', 1);
  await bruno.press('Send 1 tip');
  await bruno.confirmed();
  // From here on the phone is off.
  await bruno.goto('about:blank');
  const soon = new Date(Date.now() + 6 * 3_600_000).toISOString();
  await ana.bolao('schedule', MOVED, '--kickoff', soon, '--yes', '--wait');
  await sleepUntil(await kickOff(ana, PLAYED, 3));
  await until('the result', () => ana.bolao('result', PLAYED, '0-0', '--yes', '--wait'));
  for (let count = 1; count <= CORRECTIONS; count += 1)
    await ana.bolao('result', PLAYED, `${count % 2}-${count % 3}`, '--reason', `reading ${count}`, '--yes', '--wait');
  assert.ok((await ana.read('/log?limit=500')).items.length > CORRECTIONS);

  await bruno.goto(`${ana.url}/`);
  const banner = bruno.page.getByText(/Ana: Portugal – Spain was moved from/);
  await banner.first().waitFor();
  await bruno.page.getByText(/^Checked$/).first().waitFor();
  assert.equal(await banner.count(), 1);
  // It stands there wherever he looks, until he has seen it.
  await bruno.goto(`${ana.url}/table`);
  await banner.first().waitFor();
  assert.equal(await bruno.page.getByText(/reading \d/).count(), 0, 'corrections are told where the result stands');

  // Live tells the corrections in one line, and what was before them.
  await bruno.goto(`${ana.url}/live`);
  await bruno.sees(`Corrected ${CORRECTIONS} times`);
  await bruno.page.getByRole('listitem').filter({ hasText: 'Portugal – Spain was moved from' }).first().waitFor();
  await bruno.page.getByRole('listitem').filter({ hasText: /Bruno.* joined the pool/ }).first().waitFor();
  await bruno.isClean('live, with many corrections');

  for (let taps = 0; taps < 3 && await bruno.button('Got it').count() > 0; taps += 1) await bruno.press('Got it');
  await bruno.goto(`${ana.url}/`);
  await bruno.page.getByText(/^Checked$/).first().waitFor();
  await banner.waitFor({ state: 'hidden' });
  await ana.bolao('result', PLAYED, '5-5', '--reason', 'the last', '--yes', '--wait');
  await bruno.goto(`${ana.url}/table`);
  await bruno.page.getByText(/^Checked$/).first().waitFor();
  assert.equal(await banner.count(), 0, 'what was seen is not told again');
});
