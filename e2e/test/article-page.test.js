// The article's page lives on another port than the node: what must work there is CORS, and only from this machine.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';

const BOLAO = process.env.BOLAO ?? new URL('../../target/debug/bolao', import.meta.url).pathname;
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

let home, node, pageServer, browser, api, pagePort;

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function until(what, check) {
  const end = Date.now() + 10_000;
  for (;;) {
    const value = await check().catch(() => undefined);
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited 10 s for ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

before(async () => {
  home = await mkdtemp(join(tmpdir(), 'bolao-e2e-'));
  const port = await freePort();
  api = `http://localhost:${port}`;
  node = spawn(BOLAO, ['--home', home, 'classic', String(port)], { stdio: ['ignore', 'ignore', 'inherit'] });
  await until('the node', async () => (await fetch(`${api}/blockchain`)).ok);
  const html = await readFile(new URL('../page/index.html', import.meta.url));
  pageServer = createServer((request, response) => {
    response.setHeader('content-type', 'text/html').end(html);
  }).listen(0, '127.0.0.1');
  await once(pageServer, 'listening');
  pagePort = pageServer.address().port;
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP evil.example 127.0.0.1'],
  });
});

after(async () => {
  await browser?.close();
  pageServer?.close();
  if (node) {
    node.kill('SIGTERM');
    await once(node, 'exit');
  }
  if (home) await rm(home, { recursive: true });
});

async function openPage(host) {
  const page = await browser.newPage();
  await page.goto(`http://${host}:${pagePort}/?api=${encodeURIComponent(api)}`);
  return page;
}

const answer = (page, text) => page.getByText(text).waitFor({ timeout: 15_000 });

test('the page on localhost bets, mines and reads', async () => {
  const page = await openPage('localhost');
  await page.getByLabel('player').fill('John');
  await page.getByLabel('match').fill('NlEn');
  await page.getByLabel('first team').fill('1');
  await page.getByLabel('second team').fill('2');
  await page.getByRole('button', { name: 'Bet' }).click();
  await answer(page, '200 Bet created and broadcast successfully.');
  await page.getByRole('button', { name: 'Mine' }).click();
  await answer(page, '200 New block mined and broadcast successfully.');
  await page.getByRole('button', { name: 'Read' }).click();
  await answer(page, 'john NlEn 1-2');
  await page.close();
});

test('a page of another site can neither bet nor mine', async () => {
  const chain = async () => (await (await fetch(`${api}/blockchain`)).json());
  const was = await chain();
  const page = await openPage('evil.example');
  await page.getByLabel('player').fill('Mallory');
  await page.getByLabel('match').fill('NlEn');
  await page.getByLabel('first team').fill('9');
  await page.getByLabel('second team').fill('9');
  await page.getByRole('button', { name: 'Bet' }).click();
  await answer(page, 'blocked:');
  await page.reload();
  await page.getByRole('button', { name: 'Mine' }).click();
  await answer(page, 'blocked:');
  const is = await chain();
  assert.equal(is.chain.length, was.chain.length);
  assert.deepEqual(is.pending_bets, was.pending_bets);
  await page.close();
});
