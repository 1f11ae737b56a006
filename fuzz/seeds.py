#!/usr/bin/env python3
"""Lays down what the fuzz targets begin with, made of the test vectors: seeds/TARGET/NAME."""
import json
import struct
from pathlib import Path

HERE = Path(__file__).parent


def vectors(name, crate="ledger"):
    return json.loads((HERE.parent / f"crates/rules/{crate}/vectors/{name}.json").read_text())


def put(target, name, data):
    folder = HERE / "seeds" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)


def listed(items):
    return struct.pack("<I", len(items)) + b"".join(items)


def as_bytes(items):
    return listed([struct.pack("<I", len(item)) + item for item in items])


genesis = vectors("genesis")
transactions = vectors("transactions")["transactions"]
coinbases = [bytes.fromhex(it["bytes"]) for it in vectors("coinbases")]
header = bytes.fromhex(genesis[0]["header"])
signed = [bytes.fromhex(it["bytes"]) for it in transactions]
block = header + coinbases[0] + listed(signed)
hashes = [bytes([n]) * 32 for n in range(3)]
status = hashes[0] + hashes[1] + struct.pack("<Q", 5) + hashes[2] + struct.pack("<I", 0) + hashes[0]

for number, it in enumerate(genesis):
    put("ledger", f"genesis{number}", bytes.fromhex(it["bytes"]))
    put("json", f"genesis{number}", json.dumps(it["json"]))
for number, (it, data) in enumerate(zip(transactions, signed)):
    put("ledger", f"transaction{number}", data)
    put("json", f"transaction{number}", json.dumps(it["json"]))
    put("classic", f"signed{number}", b"\x05" + json.dumps({"transaction": it["bytes"]}).encode())
for name in ("appointments", "stakes"):
    for number, it in enumerate(vectors(name)["transactions"]):
        put("ledger", f"{name}{number}", bytes.fromhex(it["bytes"]))
put("ledger", "block", block)

requests = [
    b"\0" + status,
    b"\1" + listed(hashes) + struct.pack("<I", 2_000),
    b"\2" + listed(hashes),
    b"\3",
    b"\4" + listed(hashes),
    b"\5" + listed(signed),
    b"\6" + block,
]
responses = [
    b"\0" + status,
    b"\1" + listed([header]),
    b"\2" + as_bytes([block]),
    b"\3" + listed(hashes),
    b"\4" + listed(signed),
    b"\5",
    b"\6",
]
messages = [(1, block)] + [(0, it) for it in signed]
messages += [(2, it) for it in requests] + [(3, it) for it in responses] + [(4, b"")]
for number, it in enumerate(requests + responses):
    put("wire", str(number), it)
for number, (kind, it) in enumerate(messages):
    put("core", str(number), struct.pack("<BH", kind, len(it)) + it)
put("core", "all", b"".join(struct.pack("<BH", kind, len(it)) + it for kind, it in messages))

tip = b"\0" + hashes[0] + hashes[1] + struct.pack("<Q", 1) + hashes[2] + struct.pack("<Q", 9)
end = b"\3" + struct.pack("<QQ", 1, 0)
records = [tip, b"\1" + struct.pack("<I", len(block)) + block, end]
put("export", "whole", b"bolao/export/1\r\n" + b"".join(struct.pack("<I", len(it)) + it for it in records))

for source in sorted((HERE.parent / "data/openfootball").rglob("*.json")):
    if source.stat().st_size < 20_000:
        put("fixtures", source.stem, source.read_bytes())
put("fixtures", "one", json.dumps({
    "name": "Cup 2024",
    "matches": [{
        "round": "Final", "num": 1, "date": "2024-07-14", "time": "21:00 UTC+2",
        "team1": {"name": "Spain", "code": "ESP"}, "team2": "England",
        "score": {"ft": [2, 1], "ht": [0, 0]}, "group": "A",
    }],
}))
tables = [
    "Match Number,Round Number,Date,Location,Home Team,Away Team,Group,Result\n1,1,14/06/2024 21:00,Munich,Germany,Scotland,Group A,5 - 1\n",
    "Div;Date;Time;HomeTeam;AwayTeam;FTHG;FTAG\nE0;16/08/24;20:00;Man United;Fulham;1;0\n",
    "| Date (UTC) | Match |\n|---|---|\n| 14 June 2030 7 pm | Spain - Italy |\n",
    "Fri 14 June 2030 19:00 UTC+1 Group A: Spain 2-1 Italy\n",
    "2030-06-14T19:00Z\tSpain\tItaly\n",
]
for number, table in enumerate(tables):
    put("fixtures", f"table{number}", table)
    put("tables", str(number), table)
event = (
    "X-WR-CALNAME:Cup\r\nX-WR-TIMEZONE:Europe/Lisbon\r\nBEGIN:VEVENT\r\nSUMMARY:Final: Spain \r\n v Italy (2-1)\r\n"
    "DTSTART;TZID=\"Europe/Lisbon\":20300614T190000\r\nLOCATION:Lisbon\\, Luz\r\nCATEGORIES:Cup,Final\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
put("calendars", "event", event)
put("fixtures", "calendar", "BEGIN:VCALENDAR\r\n" + event)
put("wallet", "wallet", json.dumps({
    "version": 1,
    "kdf": {"algorithm": "argon2id", "memory_kib": 8, "passes": 1, "lanes": 1, "salt": "00" * 16},
    "cipher": "xchacha20-poly1305",
    "nonce": "00" * 24,
    "ciphertext": "00" * 80,
}))
bet = {"playername": "John", "matchid": "NlEn", "teamonescore": "1", "teamtwoscore": 2}
for route, body in [
    (0, bet),
    (1, bet),
    (2, {"newblock": {"index": 1, "timestamp": 1, "bets": [bet], "nonce": 1, "hash": "0000", "previousblockhash": "0"}}),
    (3, {"newnodeurl": "http://localhost:9001"}),
    (4, {"allnetworknodes": ["http://localhost:9001", "http://127.0.0.1:9002"]}),
]:
    put("classic", f"route{route}", bytes([route]) + json.dumps(body).encode())
for number, text in enumerate(["John", "\ufdfaé", "NlEn", "99:0", "2-1", "localhost:9000", "http://127.0.0.1:9000",
                               vectors("transactions")["account"], "ab" * 32, "abandon " * 11 + "about"]):
    put("text", str(number), text)
put("nodes", "two", json.dumps([{"ip": "127.0.0.1", "port": 9000}, "10.0.0.1:9001"]))
for name, it in vectors("slip", "receipts")["good"].items():
    put("slip", name, it["slip"])
invite = vectors("invite", "wallet")
for name in ["invitation", "open"]:
    put("invite", name, invite[name])
for number, it in enumerate(invite["short"]):
    put("invite", f"short{number}", it["text"])
    put("invite", f"kept{number}", it["public"])
share = ["ana", "0102030400000001", "00" * 8, "713fb300"]
opening = [("subscribe", ["miner/1"]), ("authorize", ["ana.attic", "x"]), ("configure", [["version-rolling"], {}])]
for name, calls in {
    "shares": opening[:1] + [("authorize", ["ana", "x"])] + [("submit", share + [f"{nonce:08x}"]) for nonce in range(40)],
    "rolled": opening + [("submit", ["ana.attic", *share[1:], "00000000", "00002000"])],
    "others": opening[:2] + [("suggest_difficulty", [0.001]), ("ping", []), ("get_transactions", []), ("dance", [])],
}.items():
    lines = [{"id": number, "method": f"mining.{method}", "params": it} for number, (method, it) in enumerate(calls)]
    put("stratum", name, "".join(json.dumps(line) + "\n" for line in lines))
voting = vectors("voting")
certificate = bytes.fromhex(voting["certificate"])
key = bytes.fromhex(voting["key"])
put("votes", "certificate", certificate)
for number, it in enumerate(voting["statements"]):
    statement, signature = bytes.fromhex(it["bytes"]), bytes.fromhex(it["signature"])
    put("votes", f"double{number}", key + 2 * (statement + signature))
    if statement[0]:
        kind = bytes([statement[0] - 1])
        height, round_, decision = statement[1:9], statement[9:13], statement[13:]
        put("votes", f"vote{number}", b"\0" + kind + height + b"\1" + round_ + decision + key + signature)
        signed = kind + decision + key + signature
        put("votes", f"round{number}", b"\3" + height + b"\1" + round_ + b"\0" + listed([signed]))
        if len(decision) > 1:
            put("votes", f"polka{number}", b"\2" + height + b"\1" + round_ + decision[1:] + listed([key + signature]))
            put("votes", "decided", b"\4" + height + decision[1:] + certificate)
    else:
        valid, rest = (statement[1:2], statement[2:]) if not statement[1] else (statement[1:6], statement[6:])
        height, round_, decision = rest[:8], rest[8:12], rest[13:]
        put("votes", f"proposal{number}", b"\1" + height + b"\1" + round_ + decision + valid + key + signature)
