"""Mines as pooler's cpuminer (minerd) does, with one thread, in Python.

Written after minerd's stratum_subscribe, stratum_authorize, stratum_notify, stratum_gen_work,
diff_to_target, fulltest and submit_upstream_work; it keeps their order of messages, their
checks and their 32-bit words, so that what it gets wrong minerd would get wrong:

- the first line after mining.subscribe is its answer; before mining.authorize's answer only
  notifications may come;
- a difficulty holds from the next job on;
- extranonce2 counts up from zero, lowest byte first;
- the header is twenty words, of which version, previous hash, time and bits are read as
  little-endian, the Merkle root as big-endian, and all are hashed as big-endian.

Usage: minerd.py HOST PORT USER ACCEPTED - mines until so many shares were accepted, then prints
a line of JSON. It fails at the first share that is refused but for stale ones.
"""

import hashlib
import json
import select
import socket
import struct
import sys


def sha256d(data):
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def diff_to_target(diff):
    k = 6
    while k > 0 and diff > 1.0:
        diff /= 4294967296.0
        k -= 1
    m = int(4294901760.0 / diff)
    assert m < 1 << 64, "minerd's uint64_t overflows"
    target = [0] * 8
    target[k] = m & 0xFFFFFFFF
    target[k + 1] = m >> 32
    return target


def fulltest(digest, target):
    words = struct.unpack("<8I", digest)
    for i in range(7, -1, -1):
        if words[i] != target[i]:
            return words[i] < target[i]
    return True


class Stratum:
    def __init__(self, host, port):
        self.sock = socket.create_connection((host, port), timeout=60)
        self.buffer = b""
        self.job = None
        self.accepted = self.stale = self.jobs = 0

    def send_line(self, text):
        self.sock.sendall(text.encode() + b"\n")

    def line_waits(self):
        return b"\n" in self.buffer or select.select([self.sock], [], [], 0)[0]

    def recv_line(self):
        while b"\n" not in self.buffer:
            data = self.sock.recv(2044)
            assert data, "stratum_recv_line failed"
            self.buffer += data
        line, self.buffer = self.buffer.split(b"\n", 1)
        return json.loads(line)

    def subscribe(self):
        self.send_line('{"id": 1, "method": "mining.subscribe", "params": ["cpuminer/2.5.1"]}')
        val = self.recv_line()
        assert val["result"] and not val["error"], "JSON-RPC call failed"
        subscriptions, xnonce1, self.xnonce2_size = val["result"]
        assert any(of.lower() == "mining.notify" for of, _ in subscriptions)
        assert 0 < self.xnonce2_size <= 100
        self.xnonce1 = bytes.fromhex(xnonce1)
        self.next_diff = 1.0

    def authorize(self, user, password):
        self.user = user
        self.send_line(
            '{"id": 2, "method": "mining.authorize", "params": ["%s", "%s"]}' % (user, password)
        )
        val = self.recv_line()
        while self.handle_method(val):
            val = self.recv_line()
        assert val["result"] and not val["error"], "Stratum authentication failed"

    def handle_method(self, val):
        method = val.get("method")
        if not isinstance(method, str):
            return False
        if method.lower() == "mining.notify":
            self.notify(val["params"])
            return True
        if method.lower() == "mining.set_difficulty":
            self.next_diff = float(val["params"][0])
            return self.next_diff != 0
        return False

    def notify(self, params):
        job_id, prevhash, coinb1, coinb2, merkle, version, nbits, ntime, clean = params
        for text in (job_id, prevhash, coinb1, coinb2, version, nbits, ntime):
            assert isinstance(text, str), "Stratum notify: invalid parameters"
        assert len(prevhash) == 64 and len(version) == len(nbits) == len(ntime) == 8
        assert all(len(node) == 64 for node in merkle), "invalid Merkle branch"
        if self.job is None or self.job["id"] != job_id:
            self.xnonce2 = bytearray(self.xnonce2_size)
        self.job = {
            "id": job_id,
            "coinb1": bytes.fromhex(coinb1),
            "coinb2": bytes.fromhex(coinb2),
            "merkle": [bytes.fromhex(node) for node in merkle],
            "prevhash": bytes.fromhex(prevhash),
            "version": bytes.fromhex(version),
            "nbits": bytes.fromhex(nbits),
            "ntime": bytes.fromhex(ntime),
            "clean": clean is True,
            "diff": self.next_diff,
        }
        self.jobs += 1

    def gen_work(self):
        job = self.job
        xnonce2 = bytes(self.xnonce2)
        root = sha256d(job["coinb1"] + self.xnonce1 + xnonce2 + job["coinb2"])
        for node in job["merkle"]:
            root = sha256d(root + node)
        for i in range(self.xnonce2_size):
            self.xnonce2[i] = (self.xnonce2[i] + 1) & 0xFF
            if self.xnonce2[i]:
                break
        data = [0] * 20
        data[0] = struct.unpack("<I", job["version"])[0]
        data[1:9] = struct.unpack("<8I", job["prevhash"])
        data[9:17] = struct.unpack(">8I", root)
        data[17] = struct.unpack("<I", job["ntime"])[0]
        data[18] = struct.unpack("<I", job["nbits"])[0]
        return {"id": job["id"], "xnonce2": xnonce2, "data": data, "diff": job["diff"]}

    def submit(self, work, nonce):
        ntimestr = struct.pack("<I", work["data"][17]).hex()
        noncestr = struct.pack("<I", nonce).hex()
        self.send_line(
            '{"method": "mining.submit", "params": ["%s", "%s", "%s", "%s", "%s"], "id":4}'
            % (self.user, work["id"], work["xnonce2"].hex(), ntimestr, noncestr)
        )

    def handle_line(self, val):
        if self.handle_method(val):
            return
        assert val["id"] == 4 and "result" in val, val
        if val["result"] is True:
            self.accepted += 1
        elif val["error"][0] == 21:
            self.stale += 1
        else:
            sys.exit("share refused: %s" % val["error"])

    def mine(self, wanted):
        while self.job is None:
            self.handle_line(self.recv_line())
        while self.accepted < wanted:
            work = self.gen_work()
            target = diff_to_target(work["diff"])
            header = struct.pack(">19I", *work["data"][:19])
            midstate = hashlib.sha256(header[:64])
            tail = header[64:]
            for nonce in range(1 << 32):
                first = midstate.copy()
                first.update(tail + struct.pack(">I", nonce))
                digest = hashlib.sha256(first.digest()).digest()
                # As scanhash does: the highest word first, then all of it.
                found = struct.unpack("<I", digest[28:])[0] <= target[7]
                if found and fulltest(digest, target):
                    self.submit(work, nonce)
                    before = self.accepted + self.stale
                    while self.accepted + self.stale == before:
                        self.handle_line(self.recv_line())
                if nonce % 1024 == 0 or found:
                    while self.line_waits():
                        self.handle_line(self.recv_line())
                if self.accepted >= wanted or self.job["id"] != work["id"]:
                    break


def main():
    host, port, user, wanted = sys.argv[1:]
    stratum = Stratum(host, int(port))
    stratum.subscribe()
    stratum.authorize(user, "x")
    stratum.mine(int(wanted))
    print(json.dumps({"accepted": stratum.accepted, "stale": stratum.stale, "jobs": stratum.jobs}))


main()
