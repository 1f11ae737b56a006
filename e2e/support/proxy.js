// Real proxies before a node, set up by the very lines of OPERATING.md.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { request as requestHttps } from 'node:https';
import { join } from 'node:path';

import { freePort, until } from './node.js';

const OPERATING = readFileSync(new URL('../../docs/OPERATING.md', import.meta.url), 'utf8');

/** The block of OPERATING that begins like this. */
function block(begin) {
  const at = OPERATING.indexOf(begin);
  if (at < 0) throw new Error(`OPERATING has no ${begin}`);
  return OPERATING.slice(at, OPERATING.indexOf('\n```', at));
}

const KEPT = block('home.example.org {\n    reverse_proxy /bolao');
const STRIPPED = block('home.example.org {\n    redir');

const caddyfile = (site, address) => `{\n admin off\n skip_install_trust\n auto_https disable_redirects\n}\n${site.replace('home.example.org', address)}\n`;

const nginxConf = (dir, port, location) => {
  const temps = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((it) => `${it}_temp_path ${dir}/${it};`).join(' ');
  return `daemon off; master_process off; pid ${dir}/pid; error_log ${dir}/error.log;\nevents {}\nhttp { access_log off; ${temps}\n`
    + `server { listen 127.0.0.1:${port};\n${location}\n} }\n`;
};

/** A proxy that shows a node below `/bolao` of a host; `strips`: the node does not hear of the path. */
export class Proxy {
  static async caddy(dir, node, strips, { tls = false } = {}) {
    const proxy = new Proxy(dir, await freePort(), tls);
    const site = (strips ? STRIPPED : KEPT).replaceAll('127.0.0.1:9000', node);
    const address = tls ? `https://localhost:${proxy.port}` : `http://:${proxy.port}`;
    const text = caddyfile(tls ? site.replace(' {\n', ' {\n    tls internal\n') : site, address);
    writeFileSync(proxy.file('Caddyfile'), text);
    return proxy.#start('caddy', ['run', '--config', proxy.file('Caddyfile')], { HOME: proxy.dir, XDG_DATA_HOME: proxy.dir });
  }

  /** One that shows a node below each of some paths of its host, all of which they know. `nodes`: by path; `port`: that of one before it. */
  static async paths(dir, nodes, port) {
    const proxy = new Proxy(dir, port ?? await freePort(), false);
    const shown = Object.entries(nodes).map(([path, node]) => `    handle ${path}* {\n        reverse_proxy ${node}\n    }\n`);
    writeFileSync(proxy.file('Caddyfile'), caddyfile(`home.example.org {\n${shown.join('')}}`, `http://:${proxy.port}`));
    return proxy.#start('caddy', ['run', '--config', proxy.file('Caddyfile')], { HOME: proxy.dir, XDG_DATA_HOME: proxy.dir });
  }

  static async nginx(dir, node, strips) {
    const proxy = new Proxy(dir, await freePort(), false);
    const location = block('location / {').replace('location / {', 'location /bolao/ {')
      .replace('proxy_pass http://127.0.0.1:9000;', `proxy_pass http://${node}${strips ? '/' : ''};`);
    writeFileSync(proxy.file('nginx.conf'), nginxConf(proxy.dir, proxy.port, location));
    return proxy.#start('nginx', ['-c', proxy.file('nginx.conf')], {});
  }

  constructor(dir, port, tls) {
    Object.assign(this, { dir: join(dir, `proxy-${port}`), port, tls });
    mkdirSync(this.dir, { recursive: true });
    this.url = `${tls ? 'https://localhost' : 'http://127.0.0.1'}:${port}/bolao`;
  }

  file(name) {
    return join(this.dir, name);
  }

  async #start(program, args, env) {
    this.process = spawn(program, args, { stdio: 'ignore', env: { ...process.env, ...env } });
    this.process.once('error', (error) => { throw new Error(`this test wants Debian's ${program}: ${error.message}`); });
    await until(program, () => this.answers());
    return this;
  }

  /** Whether it answers, whatever. */
  answers() {
    const ask = this.tls ? requestHttps : request;
    return new Promise((resolve) => {
      ask(`${this.url}/`, { rejectUnauthorized: false }, (answer) => { answer.resume(); resolve(true); })
        .on('error', () => resolve(false)).end();
    });
  }

  async end() {
    if (this.process?.exitCode !== null) return;
    this.process.kill();
    await once(this.process, 'exit');
  }
}
