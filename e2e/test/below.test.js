// A page below a path of a host, behind Caddy and nginx, which strip the path or pass it on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Friend, onLan, openBrowser } from '../support/browser.js';
import { freePort, makePool, until } from '../support/node.js';
import { Proxy } from '../support/proxy.js';

const GAME = 'MD1-Portugal-Spain';

let browser, pool, ana, node;
const proxies = [];

async function proxy(kind, ...more) {
  const one = await Proxy[kind](pool.dir, node, ...more);
  proxies.push(one);
  return one;
}

/** The flags of a node that is shown at a URL. */
const shownAt = (url) => ['run', '-i', '127.0.0.1', '-p', String(ana.port), '--proxy', '127.0.0.1', '--url', url];

before(async () => {
  browser = await openBrowser('--ignore-certificate-errors');
  pool = await makePool([['Portugal', 'Spain'], ['France', 'Germany']], '--membership', 'invite');
  ana = pool.ana;
  ana.port = await freePort();
  node = `127.0.0.1:${ana.port}`;
});

after(async () => {
  await browser?.close();
  await ana?.end();
  for (const one of proxies) await one.end();
  await pool?.remove();
});

for (const [kind, strips] of [['caddy', false], ['caddy', true], ['nginx', false], ['nginx', true]]) {
  const name = `${kind === 'caddy' ? 'Cleo' : 'Nina'}${strips ? ' S' : ' P'}`;
  test(`a friend plays below a path that ${kind} ${strips ? 'strips' : 'passes on'}`, { timeout: 120_000 }, async () => {
    const { url } = await proxy(kind, strips);
    await ana.end();
    await ana.run(...shownAt(url));
    const { link } = await ana.json('invite', '--url', onLan(url));
    assert.ok(link.startsWith(`${onLan(url)}/join#`), link);
    const friend = await Friend.come(browser);
    const outside = [];
    friend.context.on('request', (request) => {
      if (!new URL(request.url()).pathname.startsWith('/bolao/')) outside.push(request.url());
    });
    await friend.join(link, name);
    assert.equal(new URL(friend.page.url()).pathname, '/bolao/');
    await friend.write('Portugal', 2, 'Spain', 1);
    await friend.press('Send 1 tip');
    // Events bring that.
    await friend.confirmed();
    await friend.page.getByRole('link', { name: 'Table' }).click();
    await friend.page.waitForURL(/\/bolao\/table$/);
    await friend.sees(/^Checked$/);
    for (const [place, says] of [[`/match/${GAME}`, 'Portugal'], [`/match/${GAME}/show`, 'Portugal'], [`/player/${encodeURIComponent(name)}`, name], ['/book', 'Blocks']]) {
      await friend.goto(onLan(url) + place);
      await friend.sees(says);
    }
    await friend.isClean('a page below a path');
    await friend.goto(`${onLan(url)}/me`);
    await friend.press('Calendar');
    await friend.sees(`${onLan(url)}/api/v1/players/`);
    // Whoever leaves the slash out is led on.
    outside.length = 0;
    await friend.page.goto(onLan(url));
    await friend.sees('Portugal');
    assert.equal(new URL(friend.page.url()).pathname, '/bolao/');
    assert.deepEqual(outside.filter((it) => it !== onLan(url)), [], 'nothing is asked of the host outside of the path');
    assert.deepEqual(friend.faults, []);
    assert.deepEqual(friend.strangers, []);
    await friend.context.close();
  });
}

test('by HTTPS it opens without its computer', { timeout: 120_000 }, async () => {
  const { url } = await proxy('caddy', true, { tls: true });
  await ana.end();
  await ana.run(...shownAt(url));
  const { link } = await ana.json('invite', '--url', url);
  const friend = await Friend.come(browser);
  await friend.join(link, 'Hana');
  await friend.goto(`${url}/table`);
  await friend.sees(/^Checked$/);
  const { page } = friend;
  const scope = await page.evaluate(async () => (await navigator.serviceWorker.ready).scope);
  assert.equal(scope, `${url}/`);
  await until('what is kept', () => page.evaluate(async () => {
    const kept = await (await caches.open('answers')).match('/bolao/answers');
    return kept !== undefined && (await kept.text()).includes('/api/v1/standings');
  }));
  const devtools = await friend.context.newCDPSession(page);
  const { manifest } = await devtools.send('Page.getAppManifest').then(({ data }) => ({ manifest: JSON.parse(data) }));
  assert.equal(new URL(manifest.start_url, `${url}/manifest.webmanifest`).href, `${url}/`);
  await ana.end();
  // A place that lies deeper names its files from there.
  for (const place of ['/table', `/match/${GAME}`]) {
    await page.goto(url + place);
    await friend.sees(/Can’t reach the pool\. Showing/);
  }
  await friend.context.close();
});

test('a wrong set-up says on the page and to the doctor what is wrong', { timeout: 120_000 }, async () => {
  const passes = await proxy('caddy', false);
  const other = `http://127.0.0.1:${ana.port}/other`;
  await ana.end();
  // The node does not know the path that the proxy passes on.
  await ana.run(...shownAt(other));
  const reader = await Friend.come(browser);
  await reader.page.goto(passes.url.concat('/'));
  await reader.sees('This address gives Bolao’s page without its files.');
  await reader.sees('--url https://home.example.org/bolao');
  await reader.page.goto(other.replace('other', ''));
  await reader.page.getByRole('link', { name: 'Table' }).waitFor();
  assert.equal(await reader.page.getByText('without its files').isVisible().catch(() => false), false);
  const found = await ana.json('doctor').catch(({ stdout }) => JSON.parse(stdout));
  assert.equal(found.find(({ subject }) => subject === 'link').level, 'good', 'the node answers to its own path');
  await ana.end();
  await ana.run(...shownAt(passes.url.replace('/bolao', '/wrong')));
  const wrong = await ana.json('doctor').catch(({ stdout }) => JSON.parse(stdout));
  const { level, text } = wrong.find(({ subject }) => subject === 'link');
  assert.equal(level, 'bad', text);
  assert.match(text, /does not show this pool's page.*--url/);
  await reader.context.close();
});
