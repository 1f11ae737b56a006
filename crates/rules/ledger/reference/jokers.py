"""Jokers, as the document of the rules has them, and random tournaments in which players move them about."""

from asking import WithQuestions
from pool import SCORED
from questions import NUMBERS, Asking
from scoring import MISSING
from tournament import START, Tournament
from validators import refuse

LONGEST = 128


class Jokers(Asking):
    """A pool that knows jokers, if its rules have them."""

    def __init__(self, *args):
        self.jokers = {}  # player: numbers of matches
        super().__init__(*args)

    def of_jokers(self):
        return self.rules.get("features", {}).get("jokers")

    def joker(self, who, off, on):
        numbers = [*off, *on]
        refuse({
            "unknown-action": not self.of_jokers(),
            "no-tips": not numbers,
            "too-many-tips": len(numbers) > LONGEST,
            "duplicate-tip": len({*numbers}) < len(numbers),
        })
        has, void = {*self.jokers.get(who, ())}, []
        for no in off:
            if self.moves(no):
                refuse({"no-joker": no not in has})
                has.remove(no)
            else:
                void.append(no)
        stuck = bool(void)
        for no in on:
            if not self.moves(no):
                void.append(no)
            elif no not in has:
                # What was to be free for it is not: it is late with that.
                if stuck and not self.left(has, no):
                    void.append(no)
                    continue
                refuse({"no-joker-left": not self.left(has, no)})
                has.add(no)
        self.jokers[who] = has
        return void

    def moves(self, no):
        """Z1: whether one may be put on a match, or taken off. The slots of questions are no matches."""
        refuse({"unknown-match": no not in self.matches})
        match = self.matches[no]
        return match.takes_bets(self.clock)

    def left(self, has, no):
        """Z2: whether a player with these may have another one, on this match."""
        limits = self.of_jokers()
        stages = [self.matches[other].fixture["stage"] for other in has if not self.is_free(other)]
        alike = stages.count(self.matches[no].fixture["stage"])
        return all(there < most or not most for there, most in ((alike, limits["per_stage"]), (len(stages), limits["in_all"])))

    def is_free(self, no):
        match = self.matches[no]
        return match.final and self.score(match) is None

    def out(self):
        """The jokers that count, each a player and a match."""
        return sorted([who, no] for who, has in self.jokers.items() for no in has if not self.is_free(no))

    def cells(self, match):
        cells = super().cells(match)
        for who in cells or {}:
            if cells[who] is not MISSING and match.fixture["no"] in self.jokers.get(who, ()):
                points, tier = cells[who]
                cells[who] = (self.of_jokers()["factor"] * points, tier)
        return cells


class WithJokers(WithQuestions):
    pool_of = Jokers
    codes_a_block = 3

    def with_every_rule(self):
        super().with_every_rule()
        dice = self.dice
        self.rules |= {
            "notice_s": dice.choice((0, 0, 500, 1_000)),
            "results_quorum": dice.choice((1, 1, 2)),
            "dispute_window_s": dice.choice((0, 500, 1_500, 4_000)),
            "stake_min": 0, "stake_max": 400,
        }
        self.chips = dice.choice((100, 1_000))
        dated = {day["match_no"] for day in self.days or []}
        for fixture in self.fixtures:
            if fixture["kickoff"] is None and fixture["no"] not in dated and dice.random() < 0.8:
                fixture["kickoff"] = START + 500 * dice.randint(4, 20)
        jokers = {
            "factor": dice.randint(2, 5),
            "per_stage": dice.choice((0, 1, 1, 2, 16)),
            "in_all": dice.choice((0, 1, 2, 3, 64)),
        }
        if not jokers["per_stage"] and not jokers["in_all"]:
            jokers["in_all"] = 5
        if dice.random() < 0.97:
            self.rules["features"] = {"jokers": jokers}
        self.by_length = self.bounds and dice.random() < 0.6
        if self.by_length:
            self.bounds |= {"window_s": 30_000, "account_transactions": 4_096}

    def joker(self, who):
        dice, matches = self.dice, self.pool.matches
        has = self.pool.jokers.get(who, set())
        takes = [no for no, match in matches.items() if match.takes_bets(self.pool.clock)]
        ended = [no for no in matches if no not in takes]
        mine, others, late = sorted(has.intersection(takes)), [no for no in takes if no not in has], sorted(has.intersection(ended))

        def some(numbers, most=1):
            return dice.sample(numbers, min(len(numbers), dice.randint(1, most)))

        off, on = dice.choice((
            (some(mine), some(others)), (some(mine), some(others)), (some(mine, 3), some(others, 3)), (some(mine, 3), []),
            ([], some(others)), ([], some(others)), ([], some(others, 3)), ([], some(others, 12)), ([], some(takes, 3)),
            (some(late), some(others)), (some(others, 2), some(others)), (some(ended), some(takes)), (some(mine), some(ended)),
        ))
        edge = self.edge()
        if edge and dice.random() < 0.8:
            no = dice.choice(edge)
            off, on = ([no], some(others)) if no in has and dice.random() < 0.7 else (some(mine), [no])
        if dice.random() < 0.05:
            wrong = dice.choice((99, NUMBERS.start, *off, *on, *self.pool.slots()))
            off, on = dice.choice((([*off, wrong], on), (off, [*on, wrong]), ([wrong, *off], on), (off, [wrong, *on])))
        elif dice.random() < 0.01:
            on = [*range(1, dice.choice((LONGEST, LONGEST + 1)) + 1)]
        if not (off or on) and dice.random() < 0.9:
            on = some(sorted(matches))
        return [who, "joker", off, on]

    def without_tip(self):
        """Jokers for which there is no tip yet."""
        matches, clock = self.pool.matches, self.pool.clock
        return [[who, no] for who, no in self.pool.out() if matches[no].takes_bets(clock) and who not in matches[no].bets]

    def edge(self):
        """The matches whose betting ends in the next second, or has in this one."""
        return [no for no, match in self.pool.matches.items() if match.closes in (self.pool.clock, self.pool.clock + 1)]

    def record(self, match):
        dice = self.dice
        if not match.begun(self.pool.clock) or dice.random() < 0.5:
            return super().record(match)
        status = dice.choice(("awarded", "awarded", "abandoned", "cancelled", "postponed", "played"))
        return {"status": status, **({"after_90": dice.choice(("2-1", "1-1"))} if status in SCORED else {})}

    def result(self, who):
        dice, matches = self.dice, self.pool.matches
        waiting = [
            [who, "result", no, vote] for no, match in matches.items()
            for (kind, _), vote in match.votes.items() if kind == "result"
        ]
        if waiting and dice.random() < 0.5:
            return dice.choice(waiting)
        with_jokers = sorted({no for _, no in self.pool.out() if not matches[no].final})
        if not with_jokers or dice.random() < 0.4:
            return super().result(who)
        no = dice.choice(with_jokers)
        record = self.record(matches[no])
        return self.new_date(who, no) if matches[no].put_off and dice.random() < 0.8 else [who, "result", no, record]

    def new_date(self, who, no):
        """For a match that was put off."""
        match = self.pool.matches[no]
        waiting = [vote for (kind, _), vote in match.votes.items() if kind == "schedule"]
        fixture = {**match.fixture, "kickoff": self.pool.clock + self.dice.choice((300, 800, 1_800, 3_000))}
        return [who, "schedule", self.dice.choice(waiting or [fixture])]

    def round(self, who):
        """All are in time, and most have no stake: so there are points."""
        nos = [no for no in self.pool.matches if self.dice.random() < 0.9]
        return [who, "bet", [[*self.tip(no)[:3], self.dice.choice((0, 0, 3))] for no in nos or [1]]]

    def unopened(self):
        """Who has what may be opened."""
        clock, window = self.pool.clock, self.rules["opening_window_s"]
        matches = [m for m in self.pool.matches.values() if m.begun(clock) and clock < m.begins() + window]
        return sorted({who for match in matches for who, bet in match.bets.items() if not bet["readable"]})

    def attempt(self):
        dice = self.dice
        takes = any(match.takes_bets(self.pool.clock) for match in self.pool.matches.values())
        if dice.random() < (0.7 if self.edge() else 0.45 if takes else 0.1):
            # Where the length of what is sent decides, one player sends much.
            much = self.by_length and dice.random() < 0.6
            return self.joker(self.players[-1] if much else dice.choice(sorted(self.pool.chips)))
        unopened, without = self.unopened(), self.without_tip()
        if unopened and dice.random() < 0.5:
            return self.open(dice.choice(unopened))
        if without and dice.random() < 0.3:
            who, no = dice.choice(without)
            return [who, "bet", [self.tip(no)]]
        if dice.random() < 0.25:
            return self.result(dice.choice(self.pool.organisers))
        if self.rules["notice_s"] and dice.random() < 0.5:
            return super().attempt()
        return Tournament.attempt(self)

    def next_time(self, time):
        """Often the last second of betting on a match, and then always the one after it."""
        end = min((m.closes for m in self.pool.matches.values() if m.closes is not None and m.closes > time), default=None)
        if end is None or (time < end - 1 and self.dice.random() < 0.5):
            return time + self.dice.choice((0, 10, 400, 600, 1_000))
        return max(end - 1, time + 1)

    def play(self):
        self.block(START, [[who, "join"] for who in self.players])
        self.block(START + 1, [self.round(who) for who in self.players])
        time = START + 1
        while time < START + 12_000:
            time = self.next_time(time)
            joins = [[self.late, "join"]] if time > START + 4_000 and self.late not in self.pool.chips else []
            self.block(time, joins + [None] * 8)
        middle = self.tables()
        self.last_acts(time)
        self.block(time + 20_000, [])
        return self.told(middle)

    def numbers_besides(self):
        return {"jokers": self.pool.out()}
