"""Random tournaments of weeks, in which organisers come and go, and who votes on blocks with them."""

from pool import TWO_ONCE_TWO, WEEK, larger
from tournament import START, Tournament


class OfOffices(Tournament):
    def change(self, votes):
        return {"quorum": self.quorum(1)}

    def quorum(self, least):
        number = self.dice.randint(least, len(self.organisers))
        return TWO_ONCE_TWO if self.dice.random() < 0.5 else number

    def with_every_rule(self):
        super().with_every_rule()
        dice = self.dice
        self.organisers = list(range(1, dice.randint(1, 3) + 1))
        self.bounds = None
        self.rules |= {
            "results_quorum": self.quorum(1),
            "schedule_quorum": self.quorum(1),
            "organisers_quorum": dice.choice((TWO_ONCE_TWO, len(self.organisers), 1)),
            "notice_s": dice.choice((0, 500, 500)),
            "dispute_window_s": 2 * WEEK,
        }
        self.votes = {
            "change": {"appointed": self.change("appointed")},
            "validators": [[who, 100 + who, dice.choice((1, 1, 5))] for who in range(1, dice.choice((1, 1, 2, 4)) + 1)],
        }
        quorums = [self.rules["results_quorum"], self.rules["schedule_quorum"], self.votes["change"]["appointed"]["quorum"]]
        if self.rules["organisers_quorum"] == 1 and larger(*quorums) == TWO_ONCE_TWO:
            self.rules["organisers_quorum"] = TWO_ONCE_TWO

    def attempt(self):
        kind = self.dice.choice(["organiser"] * 5 + ["appoint"] * 4 + ["offer"] * 2 + ["result", "address"])
        staff = self.dice.random() < 0.95 and kind != "offer"
        # Most often the same one, so that others are silent.
        who = self.dice.choice(self.pool.organisers[: self.dice.choice((1, 1, 3))] if staff else sorted(self.pool.chips))
        return getattr(self, kind)(who)

    def organiser(self, who):
        if self.dice.random() < 0.5 and len(self.pool.organisers) > 1:
            return [who, "organiser", self.dice.choice(self.pool.organisers), False]
        return super().organiser(who)

    def play(self):
        self.block(START, [[who, "join"] for who in self.players])
        time = START
        for _ in range(16):
            time += self.dice.choice((0, 10, 400, 499, 500, WEEK - 1, WEEK, 2 * WEEK))
            self.block(time, [None] * 3)
        self.middle_time = time
        middle = self.tables()
        self.last_acts(time)
        self.block(time + 3 * WEEK, [])
        return self.told(middle)


def appoint(who, weight):
    return [1, "appoint", who, 100 + who, weight]


def played(who, score):
    return [who, "result", 1, {"status": "played", "after_90": score}]


OFFERS = [[who, "offer", 100 + who] for who in range(2, 8)]
SCRIPTS = {
    # Four of equal weight, minutes old, and one raises himself; then in the last second the others' raises are taken back.
    "weights": [
        (0, OFFERS), (60, [appoint(2, 1), appoint(3, 1)]), (60, [appoint(4, 1)]), (60, [appoint(1, 2**40)]), (499, []),
        (0, [appoint(2, 2**40), appoint(3, 2**40), appoint(4, 2**40)]), (499, [appoint(2, 1), appoint(3, 1), appoint(4, 1)]),
        (1, []), (499, []), (0, [appoint(2, 0), appoint(3, 0), appoint(4, 0)]), (500, []),
        (0, [appoint(5, 1), appoint(6, 1), appoint(7, 1)]), (500, []),
    ],
    # The second organiser's phone falls into the sea; the third one's is found again.
    "phones": [
        (0, [[1, "organiser", 2, True], [1, "organiser", 3, True], [2, "organiser", 3, True]]),
        (9_000, [[1, "result", 1, {"status": "played", "after_90": "2-1"}], [2, "bet", [[1, "2-1", None, 0]]]]),
        (WEEK - 1, [[1, "organiser", 2, False]]), (1, [[1, "organiser", 2, False], [1, "organiser", 3, False]]),
        (WEEK - 1, [[3, "address", "https://pool.example"]]), (1, [[2, "organiser", 3, False]]),
        (WEEK, [[1, "organiser", 3, False]]), (WEEK, []), (1, [[1, "result", 1, {"status": "played", "after_90": "2-1"}]]),
    ],
    # Who asks that one leave is removed. 3 stays.
    "asker": [
        (0, [[1, "organiser", 2, True], [1, "organiser", 3, True], [2, "organiser", 3, True]]),
        (0, [[1, "organiser", 4, True], [2, "organiser", 4, True]]), (WEEK, [[2, "organiser", 3, False]]),
        (60, [[1, "organiser", 2, False], [4, "organiser", 2, False]]), (WEEK, []),
    ],
    # Two are asked to leave, and three must be left: the second stays, also once there are four again.
    "dropped": [
        (WEEK, [[1, "organiser", 2, False], [1, "organiser", 3, False]]), (WEEK, []),
        (60, [[1, "organiser", 5, True], [4, "organiser", 5, True]]), (WEEK, []),
    ],
    # 3 signs another record, and takes that back by signing the one that stands.
    "back": [
        (0, [[1, "organiser", 2, True], [1, "organiser", 3, True], [2, "organiser", 3, True]]),
        (0, [[who, "bet", [[1, score, None, 0]]] for who, score in ((4, "2-1"), (5, "1-0"))]),
        (9_000, [played(1, "2-1"), played(2, "2-1"), played(3, "1-0"), played(3, "2-1")]), (60, [played(2, "1-0")]),
    ],
}
MORE = {"dropped": ([1, 2, 3, 4], {"results_quorum": 3, "organisers_quorum": 2})}


class Scripted(OfOffices):
    """What organisers try, from a list, in a pool as it is made for one of them."""

    def __init__(self, name):
        self.name = name
        super().__init__(100 + list(SCRIPTS).index(name), "kicktipp", plain=False)

    def with_every_rule(self):
        super().with_every_rule()
        self.players, self.organisers, self.days = list(range(1, 8)), [1], None
        for fixture in self.fixtures:
            fixture["kickoff"] = START + 5_000
        quorums = ("results_quorum", "schedule_quorum", "organisers_quorum")
        self.rules |= {**dict.fromkeys(quorums, TWO_ONCE_TWO), "tips": "open", "stake_min": 0, "notice_s": 500}
        self.sealed = False
        if self.name in MORE:
            self.organisers, rules = MORE[self.name]
            self.rules |= rules
        self.votes = {"change": {"appointed": {"quorum": TWO_ONCE_TWO}}, "validators": [[1, 101, 1]]}

    def play(self):
        self.block(START, [[who, "join"] for who in self.players])
        time = START
        for after, attempts in SCRIPTS[self.name]:
            time += after
            self.block(time, attempts)
        self.middle_time = time
        middle = self.tables()
        self.last_acts(time)
        self.block(time + 3 * WEEK, [])
        return self.told(middle)
