"""Sequences of an organiser's acts by which one who has seen a score would gain points if notice were judged one act at a time.

Each is played by its acts alone: player 1 organises, 2 bets as if he knew the score, 3 as anybody would.
"""

from asking import WithQuestions, choice
from tournament import START

NOTICE = 1_000
END = START + 30_000


def match(no, home, away, ahead):
    kickoff = None if ahead is None else START + ahead
    return {"no": no, "code": f"M{no}", "home": home, "away": away, "kickoff": kickoff, "stage": "Final"}


def played(no, score="3-0"):
    return [1, "result", no, {"status": "played", "after_90": score}]


def became(no, status):
    return [1, "result", no, {"status": status}]


def moved(*args):
    return [1, "schedule", match(*args)]


def tip(who, no, score="3-0"):
    return [who, "bet", [[no, score, None, 5]]]


ASKED = {
    "no": 0x4000, "code": "top", "text": "Top?", "closes": START + 9_000, "points": 10, "slots": 1,
    "asks": choice(1, ["Brazil", "Spain"])[1],
}

# Name, and blocks: seconds after the start, and what is signed.
SEQUENCES = {
    "a match of two days ahead becomes one that was played": [
        (100, [moved(1, "Brazil", "Spain", 160), tip(2, 1)]), (200, [played(1)]),
    ],
    "a placeholder becomes one that was played": [
        (100, [moved(2, "Brazil", "Spain", 160), tip(2, 2)]), (200, [played(2)]),
    ],
    "other teams with notice, then an earlier end": [
        (100, [moved(1, "Brazil", "Spain", 1_500), tip(2, 1)]), (110, [moved(1, "Brazil", "Spain", 170)]), (200, [played(1)]),
    ],
    "a new match with notice, then an earlier end": [
        (100, [moved(4, "Brazil", "Spain", 1_500), tip(2, 4)]), (110, [moved(4, "Brazil", "Spain", 170)]), (200, [played(4)]),
    ],
    "other teams and back, in two blocks": [
        (100, [moved(1, "Brazil", "Spain", 9_000)]), (8_500, [moved(1, "Home", "Away", 9_000), tip(2, 1)]), (9_100, [played(1)]),
    ],
    "other teams and back, in one block": [
        (8_500, [moved(1, "Brazil", "Spain", 9_000), moved(1, "Home", "Away", 9_000), tip(2, 1)]), (9_100, [played(1)]),
    ],
    "an earlier end with notice, and a later one without": [
        (100, [moved(1, "Home", "Away", 1_500)]), (1_000, [moved(1, "Home", "Away", 9_000)]), (1_600, [tip(2, 1)]),
        (9_100, [played(1)]),
    ],
    "no end of betting with notice, then a near one": [
        (100, [tip(3, 1, "1-1"), moved(1, "Home", "Away", None)]), (5_000, [moved(1, "Home", "Away", 5_060), tip(2, 1)]),
        (5_100, [played(1)]),
    ],
    "cancelled, so that nobody bets, then played": [
        (100, [tip(2, 1), became(1, "cancelled")]), (200, [tip(3, 1)]), (9_100, [played(1)]),
    ],
    "cancelled after kick-off by mistake, then played": [
        (100, [tip(2, 1)]), (9_100, [became(1, "cancelled")]), (9_200, [played(1)]),
    ],
    "cancelled, postponed, given a date with notice": [
        (100, [tip(2, 1), became(1, "cancelled")]), (200, [became(1, "postponed"), moved(1, "Home", "Away", 9_000)]),
        (300, [tip(3, 1)]), (9_100, [played(1)]),
    ],
    "cancelled just before its end, postponed, given a later date": [
        (100, [tip(3, 1, "1-1")]), (8_990, [became(1, "cancelled")]), (8_991, [became(1, "postponed")]),
        (8_992, [moved(1, "Home", "Away", 10_100)]), (9_050, [tip(2, 1)]), (10_200, [played(1)]),
    ],
    "an end too early to count, then a later one": [
        (100, [moved(4, "Brazil", "Spain", 1_110), tip(3, 4, "1-1")]), (1_095, [moved(4, "Brazil", "Spain", 1_098)]),
        (1_096, [moved(4, "Brazil", "Spain", 2_100)]), (1_200, [tip(2, 4)]), (2_200, [played(4)]),
    ],
    "a placeholder with bets is filled in the last second": [
        (100, [tip(2, 3), tip(3, 3, "0-3")]), (8_999, [moved(3, "Spain", "Brazil", 9_000)]), (9_100, [played(3)]),
    ],
    "a placeholder with bets is filled with notice": [
        (100, [tip(2, 3), tip(3, 3, "0-3")]), (8_000, [moved(3, "Spain", "Brazil", 9_000)]), (9_100, [played(3)]),
    ],
    "a placeholder with bets is filled, and betting brought forward": [
        (100, [tip(2, 3)]), (8_000, [moved(3, "Spain", "Brazil", 9_000)]), (8_100, [moved(3, "Spain", "Brazil", 8_200)]),
        (8_300, [played(3)]),
    ],
    "other teams without notice, then once more with the same kick-off, then with another one": [
        (8_500, [moved(1, "Home", "Away", 12_000)]), (8_600, [moved(1, "Brazil", "Spain", 12_000)]),
        (8_700, [moved(1, "Brazil", "Spain", 12_000), tip(2, 1)]), (8_800, [moved(1, "Brazil", "Spain", 11_000), tip(3, 1)]),
        (11_100, [played(1)]),
    ],
    "what lacks notice and has begun is put off": [
        (8_500, [moved(1, "Brazil", "Spain", 9_000)]), (9_100, [became(1, "postponed")]),
        (9_200, [moved(1, "Brazil", "Spain", 12_000), tip(2, 1)]), (12_100, [played(1)]),
    ],
    "a placeholder with bets that lack notice is filled without": [
        (100, [tip(2, 3), became(3, "postponed")]), (200, [moved(3, "Spain", "Brazil", 900), tip(3, 3)]), (1_000, [played(3)]),
    ],
    "a day answers that a match was put off, and so does none": [
        (100, [became(1, "postponed"), [1, "day", 1, [START + 5_000, START + 9_000]], tip(2, 1)]),
        (100, [became(1, "postponed"), tip(3, 1)]),
        (200, [[1, "day", 1, None], became(1, "postponed")]), (300, [moved(1, "Home", "Away", None), became(1, "postponed")]),
        (400, [moved(1, "Home", "Away", 9_000), tip(3, 1)]), (9_100, [played(1)]),
    ],
    "the code of a question is written otherwise, before answers and after": [
        (100, [[1, "question", ASKED], [1, "question", {**ASKED, "code": "Top"}]]),
        (200, [[2, "bet", [[0x4000, "0-0", None, 0]]], [1, "question", ASKED]]),
    ],
    "a question is signed again as it stands": [
        (100, [[1, "question", ASKED], [2, "bet", [[0x4000, "0-0", None, 0]]]]),
        (8_000, [[1, "question", ASKED], [3, "bet", [[0x4000, "0-1", None, 0]]]]),
        (9_100, [[1, "result", 0x4000, {"status": "answered", "right": [0]}]]),
    ],
    "a question is cancelled, so that nobody answers, then answered": [
        (100, [[1, "question", ASKED], [2, "bet", [[0x4000, "0-0", None, 0]]], became(0x4000, "cancelled")]),
        (9_100, [[1, "result", 0x4000, {"status": "answered", "right": [0]}]]),
    ],
    "other options with notice, and a nearer end": [
        (100, [[1, "question", ASKED]]),
        (7_000, [[1, "question", {**ASKED, "text": "Last?"}], [2, "bet", [[0x4000, "0-0", None, 0]]]]),
        (7_100, [[1, "question", {**ASKED, "text": "Last?", "closes": START + 8_000}]]),
        (9_100, [[1, "result", 0x4000, {"status": "answered", "right": [0]}]]),
    ],
}


class Sequence(WithQuestions):
    def __init__(self, name, blocks):
        self.script = blocks
        super().__init__(0, "kicktipp", plain=False)
        self.scheme = name

    def with_every_rule(self):
        self.organisers, self.players, self.days, self.bounds = [1], [1, 2, 3], [], None
        self.fixtures = [match(1, "Home", "Away", 9_000), match(2, "W49", "W50", None), match(3, "W51", "W52", 9_000)]
        self.chips = 100
        self.rules |= {
            "tips": "open", "deadline_lead_s": 0, "schedule_quorum": 1, "results_quorum": 1, "organisers_quorum": 1,
            "stake_min": 0, "stake_max": 40, "notice_s": NOTICE, "put_off_stays_open": True, "base": "90", "stages": [],
            "awarded_counts": True, "nobody_right": "refund", "short_tips_void": True, "transfers": False, "anybody_opens": False,
            "dispute_window_s": 10_000, "opening_window_s": 300, "later_kickoff_reopens": False,
        }
        self.sealed = False

    def play(self):
        self.block(START, [[who, "join"] for who in self.players])
        for after, acts in self.script:
            self.block(START + after, acts)
        middle = self.tables()
        self.block(END, [])
        return self.told(middle)


def sequences():
    return [Sequence(name, blocks).play() for name, blocks in SEQUENCES.items()]
