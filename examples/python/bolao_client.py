#!/usr/bin/env python3
"""A client of a Bolao pool, written from docs/PROTOCOL.md and /api/v1/openapi.json alone.

It keeps a key, joins a pool, bets and shows the standings. Everything that is signed is signed here; the node gets no secret.
Wants Python 3.9 and the package `cryptography`.
"""
import argparse
import base64
import hashlib
import json
import os
import struct
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def sha256d(data):
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


# The kind of a prediction that is a score (section 1)
SCORE = 0


# Keys and accounts (E3, E7)

def bech32m(prefix, data):
    """BIP 350."""
    letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    bits, count, values = 0, 0, []
    for byte in data:
        bits, count = bits << 8 | byte, count + 8
        while count >= 5:
            count -= 5
            values.append(bits >> count & 31)
    if count:
        values.append(bits << 5 - count & 31)
    check = 1
    head = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    for value in head + values + [0] * 6:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if top >> bit & 1 else 0
    check ^= 0x2BC830A3
    return prefix + "1" + "".join(letters[v] for v in values + [check >> 5 * (5 - i) & 31 for i in range(6)])


class Key:
    def __init__(self, seed):
        self.secret = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self.secret.public_key().public_bytes_raw()
        self.account = bech32m("bolao", self.public)

    @classmethod
    def of_file(cls, path):
        """The key in a file, which is made if there is none."""
        try:
            with open(path, encoding="ascii") as file:
                return cls(bytes.fromhex(file.read().strip()))
        except FileNotFoundError:
            seed = os.urandom(32)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(seed.hex() + "\n")
            return cls(seed)


# What is signed (E5)

def text(value):
    data = value.encode()
    return struct.pack("<I", len(data)) + data


def join(name, invitation):
    return b"\x00" + text(name) + (b"\x01" + invitation if invitation else b"\x00")


def bet(tips):
    """`tips`: match number, goals, goals, stake."""
    return b"\x01" + struct.pack("<I", len(tips)) + b"".join(struct.pack("<HBBBQ", no, SCORE, home, away, stake) for no, home, away, stake in tips)


def transaction(pool, key, nonce, action):
    body = key.public + struct.pack("<Q", nonce) + action
    return body + key.secret.sign(b"bolao/tx/1" + pool + body)


def base64url(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def invitation(link, node, pool, key):
    """The invitation in a link (I1, I3, I6), signed for one account (J4)."""
    data = base64url(link.rsplit("#", 1)[-1])
    if len(data) == 33 and data[0] == 3 and sha256d(data[:-2])[:2] == data[-2:]:
        own, named = Key(sha256d(b"bolao/ticket-seed/1" + data[1:17])), data[17:31]
        kept = base64url(node.call(f"/invitations/{own.account}")["invitation"])
        if sha256d(b"bolao/invitation-hash/1" + kept)[:14] != named:
            sys.exit("the node gave another invitation than the link names")
        place, ticket = kept[1:33], kept[34 + 40 * kept[33]:-64]
        numbers, organiser, signature = ticket[32:44], ticket[44:76], ticket[76:]
    else:
        if sha256d(data[:-4])[:4] != data[-4:] or data[0] not in (1, 2):
            sys.exit("that link is damaged, or for a newer program")
        place, ticket = data[1:33], data[33 + (40 if data[0] == 2 else 0):-4]
        if not ticket:
            return None
        numbers, organiser, signature, own = ticket[:12], ticket[12:44], ticket[44:108], Key(ticket[108:])
    if place != pool:
        sys.exit("that link is for another pool")
    return own.public + numbers + organiser + signature + own.secret.sign(b"bolao/admit/1" + pool + key.public)


# The node

class Node:
    def __init__(self, url):
        self.url = url.rstrip("/")

    def call(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + "/api/v1" + path, data, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            problem = json.load(error)
            sys.exit(f"{problem['detail']} [{problem['code']}]")
        except urllib.error.URLError as error:
            sys.exit(f"no node answers at {self.url}: {error.reason}")

    def all(self, path):
        """Every entry of a list."""
        cursor = ""
        while cursor is not None:
            page = self.call(f"{path}?limit=500{cursor}")
            yield from page["items"]
            following = page.get("next_cursor")  # the last page has none
            cursor = following and "&cursor=" + following

    def pool(self):
        """The pool id as it is signed: shown, it is turned round (E6)."""
        return bytes.fromhex(self.call("/pool")["id"])[::-1]

    def send(self, key, action):
        """Signs an action, sends it and waits until a block holds it."""
        nonce = self.call(f"/accounts/{key.account}/nonce")["next_nonce"]
        signed = transaction(self.pool(), key, nonce, action)
        sent = self.call("/transactions", {"transaction": signed.hex()})["id"]
        assert sent == sha256d(signed[:-64])[::-1].hex()
        for _ in range(60):
            if self.call(f"/transactions/{sent}")["block"]:
                return f"a block holds {sent}"
            time.sleep(0.5)
        return f"{sent} waits for a block"


def tips_of(words, node, stake):
    matches = {game["code"].lower(): game for game in node.all("/matches")}
    tips = []
    for code, score in zip(words[::2], words[1::2]):
        if code.lower() not in matches:
            sys.exit(f"the pool has no match {code}, it has " + ", ".join(game["code"] for game in matches.values()))
        home, _, away = score.partition("-")
        if not (home.isdigit() and away.isdigit() and int(home) < 100 and int(away) < 100):
            sys.exit(f"{score} is no score such as 2-1")
        tips.append((matches[code.lower()]["no"], int(home), int(away), stake))
    if not tips or len(words) % 2:
        sys.exit("wanted codes and scores, such as PtCh 2-1 NlEn 1-1")
    return tips


def main():
    parser = argparse.ArgumentParser(description="A small client of a Bolao pool.")
    parser.add_argument("--node", default="http://127.0.0.1:9000", help="whose API is asked")
    parser.add_argument("--key", default="bolao.key", help="the file with the secret key; made if there is none")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("account", help="shows your account")
    joining = commands.add_parser("join", help="joins the pool")
    joining.add_argument("name")
    joining.add_argument("--link", help="an invitation link, in a pool by invitation")
    commands.add_parser("matches", help="lists the matches")
    betting = commands.add_parser("bet", help="places open bets")
    betting.add_argument("tips", nargs="+", metavar="CODE SCORE")
    betting.add_argument("--stake", type=int, default=0)
    commands.add_parser("standings", help="shows the standings")
    args = parser.parse_args()
    node, key = Node(args.node), Key.of_file(args.key)
    if args.command == "account":
        print(key.account)
    elif args.command == "join":
        signed = args.link and invitation(args.link, node, node.pool(), key)
        print(node.send(key, join(args.name, signed)))
    elif args.command == "matches":
        for game in node.all("/matches"):
            print(f"{game['code']:12} {game['kickoff'] or 'not scheduled':20} {game['home']['name']} - {game['away']['name']}")
    elif args.command == "bet":
        if node.call("/pool")["tips"] != "open":
            sys.exit("bets are sealed in this pool, and this client places open ones only")
        print(node.send(key, bet(tips_of(args.tips, node, args.stake))))
    else:
        for row in node.all("/standings"):
            print(f"{row['place']:3} {row['player']['name']:32} {row['points']:5}")


if __name__ == "__main__":
    main()
