// `bolao start` in an empty home, as its owner sees it: a pool is made in the browser, and the node's page knows its organiser.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';

const BOLAO = process.env.BOLAO ?? new URL('../../target/debug/bolao', import.meta.url).pathname;
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const MATCHES = '14 June 2099 19:00 Portugal v Spain\n15 June 2099 19:00 Brazil v Ghana';

let home, program, browser, address;

before(async () => {
  home = await mkdtemp(join(tmpdir(), 'bolao-e2e-'));
  const args = ['--home', join(home, 'ana'), 'start', '--here', '--no-browser', '-p', '0', '--threads', '1'];
  program = spawn(BOLAO, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: program.stdout })) {
    address = line;
    break;
  }
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
});

after(async () => {
  await browser?.close();
  if (program && program.exitCode === null) {
    program.kill('SIGTERM');
    await once(program, 'exit');
  }
  if (home) await rm(home, { recursive: true });
});

test('a pool is made in the browser, and its maker plays in it', async () => {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Lisbon' });
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (said) => {
    if (said.type() === 'error' && /Content.Security.Policy|Refused/i.test(said.text())) complaints.push(said.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));

  await page.goto(address);
  await page.getByText('Pasted').click();
  await page.getByLabel('Matches, one a line').fill(MATCHES);
  await page.getByRole('button', { name: 'Read the matches' }).click();
  // The lines say no zone, so the page asks for it.
  await page.getByLabel('Whose local time').fill('Europe/Lisbon', { timeout: 30_000 });
  await page.getByRole('button', { name: 'Read the matches' }).click();
  await page.getByText('Other matches').waitFor({ timeout: 30_000 });
  assert.ok(!page.url().includes('#'), 'the code stays in no history');
  await page.getByLabel('Name of the pool').fill('Our cup');
  await page.getByLabel('Your name').fill('Ana');
  await page.getByRole('button', { name: 'See the rules' }).click();
  await page.getByRole('button', { name: 'Make the pool' }).click();
  await page.getByText('/join#').first().waitFor({ timeout: 60_000 });
  await page.getByRole('link', { name: 'To your tips' }).click({ timeout: 60_000 });
  await page.getByText('Portugal').first().waitFor({ timeout: 60_000 });

  const { origin } = new URL(page.url());
  let names = [];
  for (const end = Date.now() + 30_000; names.length === 0 && Date.now() < end;) {
    const { items } = await (await fetch(`${origin}/api/v1/players`)).json();
    names = items.map(({ name }) => name);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  assert.deepEqual(names, ['Ana']);
  assert.equal((await fetch(`${origin}/api/start/begin`, { method: 'POST' })).status, 404, 'the first run is over');
  assert.deepEqual(complaints, []);
});
