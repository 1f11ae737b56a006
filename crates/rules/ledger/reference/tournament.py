#!/usr/bin/env python3
"""Random tournaments, played by the written rules alone, as `vectors/tournaments.json`.

It is a second opinion on the ledger, made from `docs/PROTOCOL.md` and not from the Rust code: `tests/it/referee.rs`
plays the same tournaments through the ledger and compares every number. It needs Python 3 and nothing else; the same
program always writes the same file.
"""

import copy
import json
import pathlib
import random

from pool import Pool, Refused
from scoring import MISSING, PRESETS
from validators import first

START = 1_600_000_000
STAGES = ("Group", "Quarter-final", "Final")
CHAIN = ("exact", "differences", "tendencies", "fewer_missing")
SCORES = [f"{a}-{b}" for a in range(3) for b in range(3)] + ["1-1", "2-1", "1-0", "2-1", "3-1", "0-2"]
TRIES_A_BLOCK = 6


def best(exact, difference, draw, tendency, winner, loser, one):
    return {
        "kind": "best",
        "exact": exact,
        "difference": difference,
        "draw": draw,
        "tendency": tendency,
        "winner_goals": winner,
        "loser_goals": loser,
        "one_team": one,
    }


SCHEMES = {
    "kicktipp": best(4, 3, 2, 2, 2, 2, 0),
    "c321": best(3, 2, 1, 1, 1, 1, 0),
    "wm543": best(5, 4, 4, 3, 3, 3, 0),
    "s52": best(5, 2, 2, 2, 2, 2, 0),
    "br10": best(10, 7, 5, 5, 7, 7, 2),
    "add": {"kind": "sum", "exact": 5, "tendency": 2, "each_team": 1, "difference": 1},
    "br7": best(25, 15, 4, 10, 18, 12, 0),
    "fb4321": best(4, 3, 2, 2, 2, 2, 1),
    "draws": best(1000, 3, 7, 2, 0, 1, 1),
    "sum": {"kind": "sum", "exact": 7, "tendency": 3, "each_team": 2, "difference": 4},
}


def lines(home, draw, away):
    three, two = ("exact", "difference", "tendency"), ("exact", "tendency")
    names = {"home": (three, home), "draw": (two, draw), "away": (three, away)}
    return {name: dict(zip(*of, strict=True)) for name, of in names.items()}


SCHEMES |= {
    "nine": {"kind": "lines", **lines((4, 3, 2), (6, 4), (6, 5, 4))},
    "quota": {"kind": "quota", "least": 3, "most": 10, "lines": lines((2, 1, 0), (2, 0), (2, 1, 0))},
    "superbru": {"kind": "close", "exact": 12, "close": 6, "result": 4},
}


def grid(name):
    """Points, and the tier's first letter, of every tip from 0-0 to 3-3 against every such score."""
    from points import IN_WORDS, counts_as, worth

    in_words = PRESETS | IN_WORDS
    points_of, tiers, scores = [], "", [(a, b) for a in range(4) for b in range(4)]
    for tip in scores:
        for result in scores:
            points = worth(SCHEMES[name], tip, result)
            # The presets once more, from their description in words.
            assert name not in in_words or points == in_words[name](tip, result), (name, tip, result)
            points_of.append(points)
            tiers += counts_as(SCHEMES[name], tip, result)[0]
    return {"scheme": SCHEMES[name], "points": points_of, "tiers": tiers}

# The rules of the article's pools.
PLAIN = {
    "transfers": True,
    "short_tips_void": False,
    "put_off_stays_open": False,
    "notice_s": 0,
    "anybody_opens": False,
    "organisers_quorum": 0,
}


class Tournament:
    pool_of = Pool
    codes_a_block = 1
    tries_joins = False

    def __init__(self, seed, scheme, votes=None, plain=True):
        self.dice = dice = random.Random(f"{seed} {scheme}{votes or ''}{'' if plain else 'every rule'}")
        self.sealed = seed % 3 == 1
        lead = dice.choice((0, 0, 60, 700))
        organisers = dice.choice((1, 3))
        stages = [
            {"stage": stage, "base": dice.choice(("90", "120")), "multiplier": dice.choice((1, 2, 3, 100))}
            for stage in dice.sample(STAGES, dice.randint(0, 3))
        ]
        self.rules = {
            "tips": "sealed" if self.sealed else "open",
            "deadline_lead_s": lead,
            "opening_window_s": dice.choice((300, 2_000, 6_000)),
            "later_kickoff_reopens": dice.random() < 0.5,
            "schedule_quorum": dice.randint(1, min(2, organisers)),
            "results_quorum": dice.randint(1, organisers),
            "dispute_window_s": dice.choice((0, 500, 1_500, 4_000)),
            "scoring": SCHEMES[scheme],
            "base": dice.choice(("90", "120")),
            "awarded_counts": dice.random() < 0.5,
            "stages": stages,
            "tie_breaks": dice.sample(CHAIN, dice.choice((0, 1, 2, 4, 4))) if seed > 1 else list(CHAIN),
            "stake_min": dice.choice((0, 0, 1, 5)),
            "stake_max": dice.choice((40, 400, 2**40)),
            "nobody_right": dice.choice(("refund", "rollover", "rollover")),
            **PLAIN,
        }
        self.fixtures = [
            {
                "no": no,
                "code": f"M{no}",
                "home": "Home",
                "away": "Away",
                "kickoff": None if dice.random() < 0.1 else START + 1_000 * dice.randint(2, 9),
                "stage": dice.choice(STAGES),
            }
            for no in range(1, dice.randint(5, 9))
        ]
        self.scheme, self.seed = scheme, seed
        self.players, self.late = list(range(1, dice.randint(5, 8))), 9
        self.chips = dice.choice((0, 100, 1_000, 1_000, 2**40))
        self.organisers = list(range(1, organisers + 1))
        self.votes = votes and {"change": {votes: self.change(votes)}, "validators": [[1, 101, 5]]}
        self.plain, self.bounds, self.days = plain, None, None
        if not plain:
            self.with_every_rule()
        self.pool = self.pool_of(
            self.rules, self.fixtures, self.organisers, self.chips, self.votes, self.bounds, self.days
        )
        self.blocks, self.numbers, self.favourites, self.seals = [], {}, {}, 0

    def change(self, votes):
        """How validators change."""
        if votes == "appointed":
            return {"quorum": self.dice.randint(1, len(self.organisers))}
        return {"wait_s": self.dice.choice((0, 500, 3_000)), "cut_percent": self.dice.choice((0, 33, 50, 100))}

    def with_every_rule(self):
        """Rules that are not plain; the organisers are three, so that some can go."""
        dice = self.dice
        self.organisers = [1, 2, 3]
        self.players = list(range(1, dice.randint(7, 8)))
        for fixture in self.fixtures:
            if dice.random() < 0.4:
                fixture["kickoff"] = None
        days = [self.some_day(f["no"]) for f in self.fixtures if f["kickoff"] is None and dice.random() < 0.6]
        bounds = {
            "window_s": dice.choice((1_000, 3_000)),
            "account_transactions": dice.randint(3, 9),
            "account_bytes": 4_096,
            "joins": len(self.players) - len(self.organisers),
        }
        self.rules |= {
            "short_tips_void": dice.random() < 0.7,
            "put_off_stays_open": dice.random() < 0.7,
            "anybody_opens": dice.random() < 0.7,
            "organisers_quorum": dice.choice((0, 1, 2, 2)),
            "notice_s": dice.choice((0, 500, 1_500)),
        }
        self.bounds = bounds if dice.random() < 0.5 else None
        self.days = days if dice.random() < 0.8 else None

    def some_day(self, no):
        begins = START + 1_000 * self.dice.randint(1, 8)
        return {"match_no": no, "begins": begins, "ends": begins + self.dice.choice((500, 2_000, 3_000))}

    # What somebody might try.

    def day(self, who):
        waiting = [
            [who, "day", no, vote] for no, match in self.pool.matches.items()
            for (kind, _), vote in match.votes.items() if kind == "day"
        ]
        if waiting and self.dice.random() < 0.6:
            return self.dice.choice(waiting)
        begins = self.pool.clock + self.dice.choice((-400, 200, 600, 1_500))
        day = [begins, begins + self.dice.choice((0, 300, 1_500, 100_000))]
        nos = [no for no, match in self.pool.matches.items() if match.fixture["kickoff"] is None]
        no = self.dice.choice(nos or sorted(self.pool.matches))
        return [who, "day", no, day if self.dice.random() < 0.9 else None]

    def organiser(self, who):
        waiting = [[who, "organiser", whom, added] for (whom, _), added in self.pool.staff_votes.items()]
        if waiting and self.dice.random() < 0.7:
            return self.dice.choice(waiting)
        whom = self.dice.choice([*self.players, 9])
        return [who, "organiser", whom, self.dice.random() < (0.2 if whom in self.pool.organisers else 0.9)]

    def address(self, who):
        waiting = sorted(set(self.pool.page_votes.values()))
        if waiting and self.dice.random() < 0.5:
            return [who, "address", self.dice.choice(waiting)]
        return [who, "address", f"https://pool{self.dice.randint(1, 3)}.example"]

    def open_for(self, who):
        player = self.dice.choice(sorted(self.pool.chips))
        return [who, "open_for", player, self.open(player)[2]]

    def offer(self, who):
        return [who, "offer", self.dice.randint(101, 140)]

    def appoint(self, who):
        pending = [[who, "appoint", whom, *signed] for (whom, _), signed in self.pool.signed.items()]
        if pending and self.dice.random() < 0.6:
            return self.dice.choice(pending)
        whom = self.dice.choice(sorted(self.pool.offered))
        return [who, "appoint", whom, self.pool.offered[whom], self.dice.choice((0, 1, 5, 2**50, 2**50 + 1))]

    def staking(self, who):
        chips = self.dice.choice((0, 1, 7, self.pool.chips[who] // 3, self.pool.chips[who] + 1))
        return [who, "stake", chips]

    def unstaking(self, who):
        staked = self.pool.staked.get(who, 0)
        return [who, "unstake", self.dice.choice((staked, staked // 2, staked + 1))]

    def evidence(self, who):
        key = self.dice.choice(sorted(self.pool.owners)) if self.dice.random() < 0.9 else 99 + 101
        return [who, "evidence", key, self.dice.randint(1, 3)]

    def stake(self):
        low, high = self.rules["stake_min"], min(self.rules["stake_max"], max(self.chips // 6, 1))
        return self.dice.choice((low, self.dice.randint(0, high), self.dice.randint(low, max(low, high))))

    def round(self, who):
        """A player tips most matches at once."""
        nos = [no for no in self.pool.matches if self.dice.random() < 0.85]
        return [who, "bet", [self.tip(no) for no in nos]]

    def tip(self, no):
        self.seals += 1
        return [no, self.dice.choice(SCORES), self.seals % 250 if self.sealed else None, self.stake()]

    def bet(self, who):
        nos = [no for no, match in self.pool.matches.items() if match.takes_bets(self.pool.clock)]
        if self.dice.random() < 0.1:
            nos = sorted(self.pool.matches)
        elif not nos:
            return [who, "object", self.dice.choice(sorted(self.pool.matches))]
        nos = self.dice.sample(nos, min(len(nos), self.dice.randint(1, 4)))
        # Closed though they have not begun: they were moved, or put off, late.
        late = [no for no, match in self.pool.matches.items() if not (match.takes_bets(self.pool.clock) or match.begun(self.pool.clock))]
        if late and self.dice.random() < 0.3:
            nos = [self.dice.choice(late)]
        return [who, "bet", [self.tip(no) for no in nos]]

    def open(self, who):
        nos = [
            no for no, match in self.pool.matches.items()
            if who in match.bets and not match.bets[who]["readable"] and match.begun(self.pool.clock)
        ]
        if not nos or self.dice.random() < 0.2:
            nos = [self.dice.choice(sorted(self.pool.matches))]
        openings = []
        for no in nos[:3]:
            bet = self.pool.matches[no].bets.get(who, {"score": "0-0", "salt": 1})
            wrong = self.dice.random() < 0.05
            openings.append([no, bet["score"], bet["salt"] + wrong])
        return [who, "open", openings]

    def record(self, match):
        dice = self.dice
        status = dice.choice(("played",) * 9 + ("awarded", "awarded", "abandoned", "postponed"))
        if not match.begun(self.pool.clock):
            status = dice.choice(("played", "cancelled", "postponed", "postponed"))
        record = {"status": status}
        if status in ("played", "awarded") or (status == "abandoned" and dice.random() < 0.5):
            home, away = map(int, dice.choice(SCORES).split("-"))
            record["after_90"] = f"{home}-{away}"
            if dice.random() < 0.4:
                more = dice.choice(((0, 0), (1, 0), (0, 1), (2, 1)))
                record["after_120"] = f"{home + more[0]}-{away + more[1]}"
                if more == (0, 0):
                    record["shootout"] = dice.choice(("5-6", "4-2"))
        if dice.random() < 0.2:
            record["reason"] = dice.choice(("fog", "snow"))
        return record

    def result(self, who):
        nos = [
            no for no, match in self.pool.matches.items()
            if match.begun(self.pool.clock) and not match.final or self.dice.random() < 0.04
        ]
        no = self.dice.choice(nos or sorted(self.pool.matches))
        match = self.pool.matches[no]
        if no not in self.favourites or self.dice.random() < 0.15:
            self.favourites[no] = self.record(match)
        record = self.favourites[no]
        if record["status"] == "postponed" and not match.put_off:
            del self.favourites[no]
        return [who, "result", no, record]

    def schedule(self, who):
        no = self.dice.choice(sorted(self.pool.matches))
        there = [*self.pool.matches.values(), *self.pool.new.values()]
        pending = [v for m in there for (k, _), v in m.votes.items() if k == "schedule"]
        if pending and self.dice.random() < 0.7:
            return [who, "schedule", self.dice.choice(pending)]
        if not self.plain and self.dice.random() < 0.15:
            no = max(self.pool.matches) + 1
            if no > 12:
                no = self.dice.choice(sorted(self.pool.matches))
            else:
                at = self.dice.choice((None, self.pool.clock + self.dice.choice((300, 700, 1_600, 3_000))))
                stage = self.dice.choice(STAGES)
                return [who, "schedule", {"no": no, "code": f"M{no}", "home": "Home", "away": "Away", "kickoff": at, "stage": stage}]
        fixture = dict(self.pool.matches[no].fixture)
        if self.dice.random() < 0.9:
            fixture["kickoff"] = self.pool.clock + self.dice.randint(-1, 3) * 400
        if self.dice.random() < 0.2:
            teams = ("Home", "Winner") if self.plain else ("Home", "Winner", "Winner of 1", "2A", "sieger", "W12")
            fixture[self.dice.choice(("home", "away"))] = self.dice.choice(teams)
        if self.dice.random() < 0.2:
            fixture["stage"] = self.dice.choice(STAGES)
        return [who, "schedule", fixture]

    def transfer(self, who):
        chips = self.dice.choice((0, 1, self.pool.chips[who], self.pool.chips[who] + 1, 7))
        return [who, "transfer", self.dice.choice(self.players + [99]), chips]

    def attempt(self):
        kinds = ["bet"] * 6 + ["result"] * 4 + ["schedule", "transfer", "object"]
        if self.sealed:
            kinds += ["open"] * 5
        if not self.plain:
            kinds += ["day"] * 3 * (self.days is not None)
            kinds += ["organiser"] * 3 * (self.rules["organisers_quorum"] > 0)
            kinds += ["address"] * (self.rules["notice_s"] > 0)
            kinds += ["open_for"] * 3 * (self.sealed and self.rules["anybody_opens"])
        if self.votes:
            own = ["appoint"] * 5 if "appointed" in self.votes["change"] else ["staking"] * 5 + ["unstaking"] * 4
            kinds += ["offer"] * 5 + ["evidence"] + own
        kind = self.dice.choice(kinds)
        staff = kind in ("result", "schedule", "appoint", "day", "organiser", "address") and self.dice.random() < 0.95
        who = self.dice.choice(self.pool.organisers if staff else sorted(self.pool.chips))
        if kind == "object":
            return [who, "object", self.dice.choice(sorted(self.pool.matches))]
        return getattr(self, kind)(who)

    # Blocks.

    def block(self, time, attempts):
        self.pool.begin(time)
        done, void, refused = [], [], []
        for attempt in attempts:
            attempt = attempt or self.attempt()
            try:
                void.append(self.pool.play(*copy.deepcopy(attempt)))
                done.append(copy.deepcopy(attempt))
            except Refused:
                # What is refused is tried again after the block, alone.
                if len(refused) < self.codes_a_block and (self.tries_joins or attempt[1] != "join"):
                    refused.append(copy.deepcopy(attempt))
        codes = []
        for attempt in refused:
            later = copy.deepcopy(self.pool)
            later.begin(time)
            try:
                later.play(*attempt)
            except Refused as reason:
                codes.append([attempt, first(attempt[1], reason.args)])
        numbers = {
            "chips": [self.pool.chips.get(who) for who in [*self.players, self.late]],
            "pots": [
                0 if match.final else sum(bet["stake"] for bet in match.bets.values())
                for match in self.pool.matches.values()
            ],
            "rollover": self.pool.rollover,
            "points": [row[2] for row in sorted(self.everybody(), key=lambda row: row[1])],
        }
        if not self.plain:
            numbers["organisers"] = sorted(self.pool.organisers)
            if self.pool.page:
                numbers["page"] = self.pool.page
        if self.votes:
            numbers["validators"] = sorted([who, *voter] for who, voter in self.pool.voters.items())
            numbers["validators_hash"] = self.pool.voters_hash()
            waiting = {who: chips for who, (chips, _) in self.pool.waiting.items()}
            numbers["staked"] = [[self.pool.staked.get(who, 0), waiting.get(who, 0)] for who in self.players]
        numbers |= self.numbers_besides()
        # What did not change is left out.
        changed = {name: value for name, value in numbers.items() if value != self.numbers.get(name)}
        self.numbers = numbers
        self.blocks.append({"time": time, "txs": done, "void": void, "refused": codes, **changed})

    def numbers_besides(self):
        """What else is told after a block."""
        return {}

    def everybody(self):
        return self.pool.everybody()

    def play(self):
        self.block(START, [[who, "join"] for who in self.players])
        self.block(START + 1, [self.round(who) for who in self.players for _ in range(2)])
        time = START
        while time < START + 12_000:
            time += self.dice.choice((0, 10, 400, 600, 1_000))
            joins = [[self.late, "join"]] if time > START + 4_000 and self.late not in self.pool.chips else []
            self.block(time, joins + [None] * TRIES_A_BLOCK)
        middle = self.tables()
        self.last_acts(time)
        self.block(time + 20_000, [])
        return self.told(middle)

    def told(self, middle):
        """The tournament as the file has it."""
        return {
            "seed": self.seed,
            "scheme": self.scheme,
            "rules": self.rules,
            **({"votes": self.votes} if self.votes else {}),
            **({"bounds": self.bounds} if self.bounds else {}),
            **({"days": self.days} if self.days is not None else {}),
            "starting_chips": self.chips,
            "organisers": len(self.organisers),
            "players": [*self.players, self.late],
            "matches": self.fixtures,
            "blocks": self.blocks[:],
            "middle_block": len(self.blocks) - self.tail - 1,
            "middle": middle,
            "end": self.tables(),
        }

    def last_acts(self, time):
        """The end: what has begun has a record, windows close."""
        for no, match in self.pool.matches.items():
            if match.begun(time) and match.record is None:
                record = {"status": "played", "after_90": self.dice.choice(SCORES)}
                acts = [[who, "result", no, record] for who in self.pool.organisers]
                self.block(time + 5_000, acts)

    @property
    def tail(self):
        return sum(1 for block in self.blocks if block["time"] > self.middle_time)

    def tables(self):
        if not hasattr(self, "middle_time"):
            self.middle_time = self.blocks[-1]["time"]
        matches = self.pool.matches
        known = {no: match for no, match in matches.items() if match.fixture["kickoff"] is not None}
        players = [*self.players, self.late]
        cells = {no: self.pool.cells(match) for no, match in matches.items()}
        return {
            "tips": {
                no: None if line is None else [line.get(who, MISSING) for who in players] for no, line in cells.items()
            },
            "standings": self.everybody(),
            "stages": {
                stage: self.pool.table([m for m in matches.values() if m.fixture["stage"] == stage])
                for stage in sorted({m.fixture["stage"] for m in matches.values()})
            },
            "from": {
                no: self.pool.table([m for m in known.values() if m.fixture["kickoff"] >= since], self.pool.more(since))
                for no, since in ((no, first.fixture["kickoff"]) for no, first in known.items())
            },
            "paid": {
                no: [match.paid.get(who, 0) for who in players] for no, match in matches.items() if match.final
            },
            "scored": sum(self.pool.score(m) is not None for m in matches.values()),
            "provisional": sum(self.pool.score(m) is not None and not m.final for m in matches.values()),
        }


def write(path, tournaments):
    """Writes a file of tournaments."""
    from points import some_quotas

    lines = ",\n".join(json.dumps(game, separators=(",", ":")) for game in tournaments)
    # What a quota gives hangs on the other bets.
    alone = [name for name, scheme in SCHEMES.items() if scheme["kind"] != "quota"]
    grids = json.dumps({name: grid(name) for name in alone}, separators=(",", ":"))
    quotas = json.dumps(some_quotas(), separators=(",", ":"))
    path.write_text(f'{{"grids":{grids},\n"quotas":{quotas},\n"tournaments":[\n{lines}\n]}}\n')


def main():
    # They draw what is here, and more.
    from after import WithAfter
    from asking import WithQuestions
    from fees import WithFees
    from jokers import WithJokers
    from offices import SCRIPTS, OfOffices, Scripted
    from points import OfScheme, WithPoints
    from rounds import WithRounds
    from sequences import sequences
    from through import WithThrough

    tournaments = [OfScheme(seed, scheme).play() for scheme in SCHEMES for seed in range(3 if scheme in PRESETS else 1)]
    tournaments += [Tournament(seed, "kicktipp", votes).play() for votes in ("appointed", "stake") for seed in range(4)]
    tournaments += [Tournament(seed, "kicktipp", plain=False).play() for seed in range(12)]
    tournaments += [Tournament(seed, "kicktipp", "appointed", plain=False).play() for seed in range(6)]
    tournaments += [WithQuestions(seed, "kicktipp", plain=False).play() for seed in range(10)]
    tournaments += sequences()
    tournaments += [OfOffices(seed, "kicktipp", plain=False).play() for seed in range(16)]
    tournaments += [Scripted(name).play() for name in SCRIPTS]
    tournaments += [WithJokers(seed, "kicktipp", plain=False).play() for seed in (*range(18, 24), *range(60, 66))]
    # Chosen so that each misreading of the rule that was tried shows in two of them at least.
    seeds = (8, 10, 39, 64, 91, 98, 103, 108, 137, 144, 148, 173)
    tournaments += [WithThrough(seed, "kicktipp", plain=False).play() for seed in seeds]
    # The same, and places hang on each of the tie-breaks.
    seeds = (197, 225, 348, 400, 480, 705, 829, 875, 931, 1099, 1122, 1197)
    tournaments += [WithRounds(seed, "kicktipp", plain=False).play() for seed in seeds]
    # The same with an entry fee; the last two have none.
    seeds = (33, 111, 121, 137, 71, 154)
    tournaments += [WithFees(seed, "kicktipp", plain=False).play() for seed in seeds]
    # By other ways of scoring, and by stage: as for who goes through.
    seeds = (1, 27, 37, 41, 45, 46, 51, 52, 60, 220, 221, 352, 355)
    tournaments += [WithPoints(seed, "kicktipp", plain=False).play() for seed in seeds]
    # After another pool, by invitation or open, and who joins by what is drawn: as for who goes through.
    seeds = (22, 28, 36, 41, 51, 65)
    tournaments += [WithAfter(seed, "kicktipp", plain=False).play() for seed in seeds]
    write(pathlib.Path(__file__).parent.parent / "vectors" / "tournaments.json", tournaments)


if __name__ == "__main__":
    main()
