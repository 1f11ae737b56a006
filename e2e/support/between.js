// A computer between the page and its node, which can change what the node answers.
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { pipeline } from 'node:stream';

const pathOf = ({ url }) => url.split('?', 1)[0];

/** Passes on everything as it comes, streams too, but the answers that `change` names. */
export class Between {
  #lies = new Map();
  #streams = new Set();
  /** Every request, by its method and its address. */
  asked = [];
  /** Whether streams of events are passed on. */
  streams = true;
  #ahead_ms = 0;

  static async stand(computer) {
    const between = new Between();
    between.to(computer);
    between.server = createServer((asked, answer) => between.#pass(between.node, asked, answer)).listen(0, '127.0.0.1');
    await once(between.server, 'listening');
    between.url = `http://127.0.0.1:${between.server.address().port}`;
    return between;
  }

  /** From now on it stands before another computer. */
  to(computer) {
    this.node = computer.url;
  }

  honest() {
    this.#lies.clear();
    this.#ahead_ms = 0;
  }

  /** From now on its clock is ahead of the node's. */
  ahead(ms) {
    this.#ahead_ms = ms;
  }

  /** Cuts every stream of events; gives how many there were. */
  cut() {
    const streams = [...this.#streams];
    for (const stream of streams) stream.destroy();
    return streams.length;
  }

  /** Makes an event of the node's up. */
  tell(name, data) {
    for (const stream of this.#streams) stream.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** From now on gives other bytes as the answer at `path`: `bytes` is given the node's and the request. Without any, it breaks off. */
  change(path, bytes) {
    this.#lies.set(path, bytes);
  }

  /** From now on changes what the answer at `path` says: `lie` is given its JSON, and what was asked for by which method. */
  lie(path, lie, method) {
    this.change(path, (answer, asked) => {
      if (method !== undefined && asked.method !== method) return answer;
      const body = JSON.parse(answer);
      lie(body, asked.url);
      return JSON.stringify(body);
    });
  }

  #pass(node, asked, answer) {
    this.asked.push(`${asked.method} ${asked.url}`);
    const lies = this.#lies.get(pathOf(asked));
    const headers = { ...asked.headers };
    const streams = pathOf(asked) === '/api/v1/events';
    if (streams && !this.streams) {
      answer.destroy();
      return;
    }
    if (lies || streams) for (const name of ['accept-encoding', 'if-none-match']) delete headers[name];
    const onward = request(`${node}${asked.url}`, { method: asked.method, headers }, async (got) => {
      if (got.headers.date) got.headers.date = new Date(Date.parse(got.headers.date) + this.#ahead_ms).toUTCString();
      if (streams) this.#streams.add(answer);
      if (!lies) {
        answer.writeHead(got.statusCode, got.headers);
        pipeline(got, answer, () => undefined);
        return;
      }
      const whole = Buffer.concat(await got.toArray());
      const { etag, 'content-length': length, ...kept } = got.headers;
      const changed = got.statusCode < 300 ? await lies(whole, asked) : whole;
      if (changed === undefined) {
        answer.destroy();
        return;
      }
      answer.writeHead(got.statusCode, kept);
      answer.end(changed);
    });
    onward.on('error', () => answer.destroy());
    answer.on('close', () => {
      this.#streams.delete(answer);
      onward.destroy();
    });
    asked.pipe(onward);
  }

  async end() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
