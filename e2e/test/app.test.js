// A page by HTTPS: it installs, opens without its computer, and takes along who comes from another address.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Friend, openBrowser } from '../support/browser.js';
import { freePort, makePool, until } from '../support/node.js';

const GAME = ['Portugal', 'Spain'];

let browser, pool, ana, dir, authority, site, bruno;

/** Starts a certificate authority that looks at these ports; the flags of a node that asks it. */
async function startAuthority(https, http) {
  const [listens, manages] = [await freePort(), await freePort()];
  const path = (name) => join(dir, name);
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
    '-keyout', path('key.pem'), '-out', path('cert.pem'), '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost',
    '-addext', 'basicConstraints=critical,CA:FALSE'], { stdio: 'ignore' });
  writeFileSync(path('config.json'), JSON.stringify({ pebble: {
    listenAddress: `127.0.0.1:${listens}`, managementListenAddress: `127.0.0.1:${manages}`, certificate: path('cert.pem'),
    privateKey: path('key.pem'), httpPort: http, tlsPort: https, ocspResponderURL: '', externalAccountBindingRequired: false,
  } }));
  authority = spawn('pebble', ['-config', path('config.json')], { stdio: 'ignore', env: { ...process.env, PEBBLE_VA_NOSLEEP: '1' } });
  const ca = readFileSync(path('cert.pem'));
  await until('the authority', () => new Promise((resolve) => {
    request({ host: 'localhost', port: listens, path: '/dir', ca }, ({ statusCode }) => resolve(statusCode === 200))
      .on('error', () => resolve(false)).end();
  }));
  return ['--domain', `localhost:${https}`, '--http-port', String(http), '--acme', `https://localhost:${listens}/dir`,
    '--acme-ca', path('cert.pem')];
}

before(async () => {
  dir = mkdtempSync(join(tmpdir(), 'bolao-app-'));
  browser = await openBrowser('--ignore-certificate-errors');
  pool = await makePool([GAME, ['France', 'Germany']], '--membership', 'invite');
  ana = pool.ana;
  const [https, http] = [await freePort(), await freePort()];
  ana.port ??= await freePort();
  const flags = await startAuthority(https, http);
  await ana.run('run', '-i', '127.0.0.1', '-p', String(ana.port), ...flags);
  // An address that organisers sign has a dot.
  site = `https://127.0.0.1:${https}`;
  await until('the certificate', async () => (await ana.read('/status')).link.certificate_until !== undefined);
});

after(async () => {
  await bruno?.leave();
  await browser?.close();
  await ana?.end();
  await pool?.remove();
  authority?.kill();
  rmSync(dir, { recursive: true, force: true });
});

test('a player goes to the signed address with four taps, and leaves no key behind', { timeout: 120_000 }, async () => {
  const { link } = await ana.json('invite', '--url', ana.url);
  bruno = await Friend.come(browser);
  await bruno.join(link, 'Bruno');
  await bruno.write('Portugal', 2, 'Spain', 1);
  await bruno.press('Send 1 tip');
  await bruno.confirmed();
  // What its computer says of its link leads nobody anywhere; what an organiser has signed does.
  await bruno.sees(/^Checked$/);
  assert.equal(await bruno.page.getByText('link that works anywhere').count(), 0);
  await ana.bolao('address', site, '--yes', '--wait');
  await bruno.press(`Go to ${new URL(site).host}`);
  await bruno.sees(/organisers have signed this address/);
  await bruno.press('Move me there');
  await bruno.sees('Did you come here yourself?');
  assert.equal(new URL(bruno.page.url()).hash, '', 'the secret is out of the address');
  await bruno.press('Yes, I did');
  await bruno.press('Play here as Bruno');
  await bruno.sees('Portugal');
  await until('the new address', async () => new URL(bruno.page.url()).origin === site);
  // The address that was left has forgotten the key.
  const old = await bruno.context.newPage();
  await old.goto(ana.url);
  assert.equal(await old.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith('bolao.player.')).length), 0);
  await old.close();
});

/** Subscribes as a browser does; the push service itself is on the web, where no test goes. */
async function standInForPushService() {
  const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
  const key = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const text = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  let made = null;
  PushManager.prototype.getSubscription = async () => made;
  PushManager.prototype.subscribe = async ({ applicationServerKey: server }) => {
    const bytes = Uint8Array.from(atob(server.replace(/-/g, '+').replace(/_/g, '/')), (char) => char.charCodeAt(0));
    made = {
      endpoint: 'https://push.invalid/bruno',
      options: { applicationServerKey: bytes.buffer },
      toJSON: () => ({ endpoint: 'https://push.invalid/bruno', keys: { p256dh: text(key), auth: text(new Uint8Array(16)) } }),
      unsubscribe: async () => ((made = null), true),
    };
    return made;
  };
}

test('it tells what is new, from one tap to another', { timeout: 120_000 }, async () => {
  const { context, page } = bruno;
  const kept = () => readFileSync(join(ana.home, 'push.json'), 'utf8');
  await context.grantPermissions(['notifications'], { origin: site });
  await bruno.goto(`${site}/me`);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.evaluate(standInForPushService);
  await bruno.press(/^Notifications/);
  await bruno.press('Turn on notifications');
  await bruno.sees('Turn off');
  assert.match(kept(), /push\.invalid\/bruno/);
  await until('the words of messages', () => page.evaluate(async () => (await caches.match('/words', { cacheName: 'words' })) !== undefined));

  const devtools = await context.newCDPSession(page);
  const worker = new Promise((resolve) => devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations: [one] }) => one && resolve(one)));
  await devtools.send('ServiceWorker.enable');
  const { registrationId } = await worker;
  const data = JSON.stringify({ kind: 'result', pool: 'Cup', matches: [{ code: 'M1', home: 'Portugal', away: 'Spain', score: '2-1' }] });
  await devtools.send('ServiceWorker.deliverPushMessage', { origin: site, registrationId, data });
  const shown = () => page.evaluate(async () => {
    const shown = await (await navigator.serviceWorker.ready).getNotifications();
    return shown.map(({ title, body }) => [title, body]);
  });
  await until('the notification', async () => (await shown()).length === 1);
  assert.deepEqual(await shown(), [['A result is in', 'Portugal 2–1 Spain']]);

  await bruno.press('Turn off');
  await bruno.sees('Turn on notifications');
  assert.doesNotMatch(kept(), /push\.invalid/);
});

test('it installs, and opens while its computer is off', { timeout: 120_000 }, async () => {
  const { page } = bruno;
  await bruno.goto(`${site}/table`);
  await bruno.sees(/^Checked$/);
  assert.ok(await page.evaluate(() => isSecureContext));
  await page.evaluate(() => navigator.serviceWorker.ready);
  const devtools = await bruno.context.newCDPSession(page);
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
  const missing = installabilityErrors.map(({ errorId }) => errorId).filter((it) => it !== 'in-incognito');
  assert.deepEqual(missing, []);
  // Answers are kept two seconds after they came.
  await until('what is kept', () => page.evaluate(async () => {
    const kept = await (await caches.open('answers')).match('/answers');
    return kept !== undefined && (await kept.text()).includes('/api/v1/standings');
  }));
  await ana.end();
  await page.reload();
  await bruno.sees(/Can’t reach the pool\. Showing/);
  await bruno.sees('Bruno');
  assert.equal(await page.getByText('Checked', { exact: true }).count(), 0, 'nothing old counts as checked');
});
