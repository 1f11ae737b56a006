"""Ways of scoring and points by stage, as the document of the rules has them, and random tournaments that are scored so."""

import random

from fees import Fees, WithFees
from pool import SCORED, read
from scoring import by_rules, sign, tier
from tournament import SCHEMES, SCORES, STAGES, Tournament

HIGHEST = 1_000
KINDS = ("best", "sum", "lines", "quota", "close")


def tendency(score):
    return sign(score[0] - score[1])


# What a tip is worth.


def line_of(lines, result):
    """K8: the line that counts."""
    return lines[{1: "home", 0: "draw", -1: "away"}[tendency(result)]]


def by_line(lines, tip, result):
    """K8."""
    line = line_of(lines, result)
    if tip == result:
        return line["exact"]
    if tendency(tip) != tendency(result):
        return 0
    if tendency(result) and tip[0] - tip[1] == result[0] - result[1]:
        return line["difference"]
    return line["tendency"]


def by_quota(scheme, tip, result, players, right):
    """K9: of so many players with a bet so many have the right tendency."""
    if tendency(tip) != tendency(result):
        return 0
    most, least = scheme["most"], scheme["least"]
    share = (most * (players - right) + 5 * right) // (10 * right)
    return min(most, least + share) + by_line(scheme["lines"], tip, result)


def by_closeness(scheme, tip, result):
    """K10."""
    if tip == result:
        return scheme["exact"]
    if tendency(tip) != tendency(result):
        return 0
    of_difference = abs((tip[0] - tip[1]) - (result[0] - result[1]))
    of_goals = abs(sum(tip) - sum(result))
    return scheme["close"] if 2 * of_difference + of_goals <= 3 else scheme["result"]


def worth(scheme, tip, result, *others):
    """What a tip gives by any scheme; a quota asks of the `others` how many have a bet, and how many are right."""
    if scheme["kind"] == "lines":
        return by_line(scheme, tip, result)
    if scheme["kind"] == "quota":
        return by_quota(scheme, tip, result, *others)
    return (by_closeness if scheme["kind"] == "close" else by_rules)(scheme, tip, result)


def counts_as(scheme, tip, result):
    """L1: what a tip counts as in any scheme."""
    if scheme["kind"] in ("best", "sum"):
        return tier(scheme, tip, result)
    if tip == result:
        return "exact"
    if tendency(tip) != tendency(result):
        return "one_team" if tip[0] == result[0] or tip[1] == result[1] else "none"
    if scheme["kind"] == "close" or not tendency(result) or tip[0] - tip[1] != result[0] - result[1]:
        return "tendency"
    line = line_of(scheme.get("lines", scheme), result)
    return "difference" if line["difference"] > line["tendency"] else "tendency"


def nine(tip, result):
    """In words: a home win 4, 3, 2; an away win 6, 5, 4; a draw 6, and another one 4."""
    if (tip[0] > tip[1], tip[0] < tip[1]) != (result[0] > result[1], result[0] < result[1]):
        return 0
    if result[0] == result[1]:
        return 6 if tip == result else 4
    away = 2 if result[0] < result[1] else 0
    return away + (4 if tip == result else 3 if tip[0] + result[1] == tip[1] + result[0] else 2)


def superbru(tip, result):
    """In words: exact 3; right, the difference and half of the goals off by 1.5 at most, 1.5; right 1; all in quarters."""
    if tip == result:
        return 12
    if (tip[0] > tip[1], tip[0] < tip[1]) != (result[0] > result[1], result[0] < result[1]):
        return 0
    home, away = tip[0] - result[0], tip[1] - result[1]
    return 6 if abs(home - away) + abs(home + away) / 2 <= 1.5 else 4


IN_WORDS = {"nine": nine, "superbru": superbru}


class Points(Fees):
    """A pool that knows every way of scoring, and points by stage."""

    def scheme(self, match):
        """K11: what counts in a match."""
        stages = self.rules.get("features", {}).get("schemes", {"stages": []})["stages"]
        of_stage = [rule["scoring"] for rule in stages if rule["stage"] == match.fixture["stage"]]
        return of_stage[0] if of_stage else self.rules["scoring"]

    def others(self, match, result):
        """K9: how many have a bet on a match, and how many of them one that can be read and is right."""
        tips = [read(bet["score"]) for bet in match.bets.values() if bet["readable"]]
        return len(match.bets), sum(tendency(tip) == tendency(result) for tip in tips)

    def worth(self, match, tip, result):
        scheme = self.scheme(match)
        return worth(scheme, tip, result, *self.others(match, result)), counts_as(scheme, tip, result)


# Random schemes.


def some_lines(dice, most):
    """Mostly what is better gives more; now and then all is alike, or anything."""
    def some(*names):
        numbers = sorted((dice.randint(0, most) for _ in names), reverse=True)
        if dice.random() < 0.15:
            dice.shuffle(numbers)
        elif dice.random() < 0.2:
            numbers = [numbers[0]] * len(names)
        return dict(zip(names, numbers, strict=True))

    three = ("exact", "difference", "tendency")
    return {"home": some(*three), "draw": some("exact", "tendency"), "away": some(*three)}


def some_quota(dice):
    most = dice.choice((0, 1, 2, 5, 7, 8, 9, 10, 10, 10, 11, 25, 100, 990, HIGHEST, dice.randint(0, HIGHEST)))
    least = dice.choice((0, most // 3, most // 3, dice.randint(0, most), most))
    on_top = dice.choice((0, 1, 2, 2, 3, 5, 10, HIGHEST))
    return {"least": least, "most": most, "lines": some_lines(dice, min(on_top, HIGHEST - most))}


def some_scheme(dice, kind):
    """Any numbers of those that a scheme may have, one above 0."""
    most = dice.choice((1, 2, 3, 5, 5, 10, 100, HIGHEST))
    if kind == "lines":
        numbers = some_lines(dice, most)
    elif kind == "quota":
        numbers = some_quota(dice)
    else:
        numbers = {
            name: dice.randint(0, most) if dice.random() < 0.85 else 0
            for name in {
                "best": ("exact", "difference", "draw", "tendency", "winner_goals", "loser_goals", "one_team"),
                "sum": ("exact", "tendency", "each_team", "difference"),
                "close": ("exact", "close", "result"),
            }[kind]
        }
    scheme = {"kind": kind, **numbers}
    return scheme if any(numbers_of(scheme)) else some_scheme(dice, kind)


def numbers_of(scheme):
    for value in scheme.values():
        if isinstance(value, dict):
            yield from numbers_of(value)
        elif not isinstance(value, str):
            yield value


def some_quotas():
    """Rows of a scheme, a tip, a result, how many have a bet, how many are right (0 where the tip is wrong), and the points."""
    dice, rows = random.Random("quotas"), []
    edges = [{"kind": "quota", "least": least, "most": most, "lines": SCHEMES["quota"]["lines"]} for least, most in (
        (0, 0), (0, 1), (1, 1), (10, 10), (3, 8), (3, 7), (0, 990), (990, 990),
    )]
    for scheme in (SCHEMES["quota"], *edges, *(some_scheme(dice, "quota") for _ in range(31))):
        for _ in range(8):
            tip, result = (tuple(dice.choice((0, 0, 1, 1, 2, 3, 99)) for _ in range(2)) for _ in range(2))
            if dice.random() < 0.3:
                tip = result
            elif tendency(tip) != tendency(result) and dice.random() < 0.8:
                tip = tip[::-1] if tendency(tip) else (result[0], min(result[1] + 1, 99)) if tendency(result) < 0 else result
            players = dice.choice((1, 2, 3, 7, 10, 25, 100, 999, 10_000, dice.randint(1, 40), dice.randint(1, 10_000)))
            # Where the share is just enough for one more, too.
            edge = players * scheme["most"] // (scheme["most"] + 10 * dice.randint(0, 10) + 5)
            right = dice.choice((1, players, players // 2, edge, edge + 1, dice.randint(1, players)))
            right = min(max(right, 1), players) if tendency(tip) == tendency(result) else 0
            points = worth(scheme, tip, result, players, right)
            rows.append([scheme, f"{tip[0]}-{tip[1]}", f"{result[0]}-{result[1]}", players, right, points])
    return rows


# Random tournaments.

WIDE = ("3-0", "0-3", "3-1", "1-3", "3-2", "2-3", "3-3", "4-1", "4-3")


class OfScheme(Tournament):
    """Plain ones, by any scheme."""
    pool_of = Points


class WithPoints(WithFees):
    pool_of = Points

    def with_every_rule(self):
        super().with_every_rule()
        dice = self.dice
        own, by_stage = dice.choice(((True, False), (True, True), (True, True), (False, True)))
        if own:
            self.rules["scoring"] = some_scheme(dice, dice.choice(("lines", "quota", "quota", "close", "close")))
        if by_stage:
            # One is of no match at first, since its letters are others.
            stages = dice.sample((*STAGES, "final"), dice.randint(1, 4))
            schemes = [{"stage": stage, "scoring": some_scheme(dice, dice.choice((*KINDS, "quota")))} for stage in stages]
            self.rules["features"] = {**self.rules.get("features", {}), "schemes": {"stages": schemes}}
        for rule in self.rules["stages"]:
            rule["multiplier"] = dice.choice((1, 1, 2, 3, 100))
        if not self.sealed and dice.random() < 0.4:
            self.sealed, self.rules["tips"] = True, "sealed"
        self.rules |= {"opening_window_s": dice.choice((600, 2_000, 6_000)), "dispute_window_s": dice.choice((0, 500, 1_500))}
        if dice.random() < 0.08 and not self.crowd:
            self.players, self.late, self.bounds, self.by_length = list(range(1, dice.choice((11, 15)))), 30, None, False
        if not self.crowd:
            # Now all say nearly the same, now everybody another thing.
            self.alike, self.often = dice.sample(SCORES[:9], 2), dice.choice((0, 0.2, 0.4, 0.6, 0.9))
        # Some open no seals, if nobody else does.
        self.silent = dice.sample(self.players, dice.choice((0, 0, 1, 2)))
        self.dull = None

    # Tips.

    def tip(self, no):
        no, score, salt, stake = super().tip(no)
        if not self.crowd and self.dice.random() < 0.15:
            _, of, team = score.partition(">")
            score = self.dice.choice(WIDE) + of + team
        return [no, score, salt, stake]

    def unopened(self):
        return [who for who in super().unopened() if who not in self.silent]

    def stake(self):
        return self.dice.choice((0, 1, 3, 7, 20)) if self.dice.random() < 0.5 else super().stake()

    def round(self, who):
        """Often with stakes, so that pots are shared."""
        return [who, "bet", [[*tip[:3], self.dice.choice((0, 1, 3, 5))] for tip in super().round(who)[2]]]

    # Organisers.

    def record(self, match):
        """Most are played, with any score."""
        dice = self.dice
        if not match.begun(self.pool.clock) or dice.random() < 0.35:
            return super().record(match)
        return self.with_team({"status": "played", "after_90": dice.choice((*SCORES, *WIDE))}, 0.75)

    def open_late(self):
        """Who may open a seal on a match that has a record, and the opening."""
        pool = self.pool
        return [
            [who, "open", [[no, bet["score"], bet["salt"]]]] for no, match in pool.matches.items()
            if match.record and match.begun(pool.clock) and pool.clock < match.begins() + self.rules["opening_window_s"]
            for who, bet in match.bets.items() if not bet["readable"] and who not in self.silent
        ]

    def correct(self, who):
        """Another score for a record that can still be corrected; or what another organiser has signed."""
        dice, matches = self.dice, self.pool.matches
        there = [no for no, match in matches.items() if match.record and match.record["status"] in SCORED and not match.final]
        if not there:
            return self.result(who)
        no = dice.choice(there)
        waiting = [vote for (kind, by), vote in matches[no].votes.items() if kind == "result" and by != who]
        return [who, "result", no, dice.choice(waiting or [{**self.record(matches[no]), "status": "played"}])]

    def attempt(self):
        dice, pool, late = self.dice, self.pool, self.open_late()
        bare = [no for no, match in pool.matches.items() if match.begun(pool.clock) and not match.record]
        if late and dice.random() < 0.25:
            return dice.choice(late)
        organiser = dice.choice(pool.organisers)
        if bare and dice.random() < 0.15:
            no = dice.choice(bare)
            if no not in self.favourites:
                self.favourites[no] = self.record(pool.matches[no])
            return [organiser, "result", no, self.favourites[no]]
        if dice.random() < 0.06:
            act = self.correct(organiser)
            # A score it must have.
            if act[1] != "result" or act[3]["status"] not in SCORED or "after_90" in act[3]:
                return act
        return super().attempt()
