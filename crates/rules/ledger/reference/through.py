"""Who goes through, as the document of the rules has it, and random tournaments in which players say so."""

from jokers import Jokers, WithJokers
from pool import SCORED, read
from questions import Slot
from scoring import MISSING
from tournament import STAGES

TEAMS = ("home", "away")
BASES = ("90", "120", "penalties", "penalties")
# What shoot-outs make of scores.
HIGH = ("5-6", "6-7", "5-3", "4-2", "7-8", "99-99")


def goes_through(tip):
    """K6: the team that a tip lets go through, or None."""
    if ">" in tip:
        return tip.split(">")[1]
    home, away = read(tip)
    return None if home == away else TEAMS[home < away]


class Through(Jokers):
    """A pool that knows who goes through, if its rules have that."""

    def of_through(self):
        return self.rules.get("features", {}).get("through")

    def takes(self, item, score):
        return super().takes(item, score) or (bool(self.of_through()) and not isinstance(item, Slot))

    def gives_through(self, match):
        """K7: what a tip has that lets the right team go through, and which that is."""
        rule, counts = self.of_through(), self.score(match) is not None
        if not counts or not rule or match.fixture["stage"] not in rule["stages"]:
            return 0, None
        return self.stage(match)[1] * rule["points"], match.record.get("advances")

    def cells(self, match):
        """No joker multiplies what is added here."""
        cells = super().cells(match)
        more, team = self.gives_through(match)
        for who in cells or {}:
            if cells[who] is not MISSING and team and goes_through(match.bets[who]["score"]) == team:
                points, tier = cells[who]
                cells[who] = (points + more, tier)
        return cells


class WithThrough(WithJokers):
    pool_of = Through

    def with_every_rule(self):
        super().with_every_rule()
        dice = self.dice
        self.rules["base"] = dice.choice(BASES)
        for rule in self.rules["stages"]:
            rule["base"] = dice.choice(BASES)
        features = self.rules.pop("features", {})
        chosen = dice.choice((("through",),) * 6 + (("through", "jokers"),) * 5 + (("jokers",), (), ()))
        stages = dice.sample(STAGES, dice.randint(1, 3))
        if "Final" not in stages and dice.random() < 0.4:
            # Not the stage of that name, since its letters are others.
            stages.append("final")
        features["through"] = {"points": dice.choice((1, 2, 3, 7, 100)), "stages": stages}
        features = {name: rule for name, rule in features.items() if name in chosen}
        if features:
            self.rules["features"] = features
        # Where no team may be named, some do it, and what they send is refused.
        self.naming = 0.5 if "through" in features else 0.25 if self.sealed else 0.04

    # Tips.

    def team(self):
        return f">{self.dice.choice(TEAMS)}" if self.dice.random() < self.naming else ""

    def tip(self, no):
        no, score, salt, stake = super().tip(no)
        score = self.dice.choice(HIGH) if self.dice.random() < 0.1 else score
        return [no, score + self.team(), salt, stake]

    def answer(self, who):
        """Now and then an answer with a team."""
        _, _, tips = super().answer(who)
        if self.dice.random() < (0.4 if self.sealed else 0.1):
            tips[-1][1] = tips[-1][1].split(">")[0] + ">home"
        return [who, "bet", tips]

    def with_answers(self):
        """Who has sealed answers that may be opened."""
        slots = [slot for slot in self.pool.slots().values() if slot.begun(self.pool.clock)]
        return sorted({who for slot in slots for who, bet in slot.bets.items() if not bet["readable"]})

    def open(self, who):
        """Now and then another team than the sealed one."""
        _, _, openings = super().open(who)
        if self.dice.random() < 0.07:
            score, _, team = openings[-1][1].partition(">")
            openings[-1][1] = score + self.dice.choice([other for other in ("", ">home", ">away") if other[1:] != team])
        return [who, "open", openings]

    def joker(self, who):
        if "jokers" in self.rules.get("features", {}) or self.dice.random() < 0.03:
            return super().joker(who)
        return self.bet(who)

    # Organisers.

    def with_team(self, record, often):
        """The same record, with a team that goes on or without one."""
        others = {name: value for name, value in record.items() if name != "advances"}
        return {**others, "advances": self.dice.choice(TEAMS)} if self.dice.random() < often else others

    def record(self, match):
        dice = self.dice
        record = super().record(match)
        scored = record["status"] in SCORED
        if scored and dice.random() < 0.25:
            record["shootout"] = dice.choice(("5-6", "4-2", "4-3"))
        if scored and dice.random() < 0.03:
            record = {"status": record["status"], "after_90": dice.choice(("97-98", "99-95")), "shootout": "4-3"}
        return self.with_team(record, 0.75 if scored else 0.3)

    def result(self, who):
        """Often a record that changes only who goes on."""
        matches = self.pool.matches
        stand = [no for no, match in matches.items() if match.record and not match.final and match.record["status"] in SCORED]
        if not stand or self.dice.random() < 0.7:
            return super().result(who)
        no = self.dice.choice(stand)
        return [who, "result", no, self.with_team(matches[no].record, 0.8)]

    def settle(self, who):
        """Now and then a record of a question that says who goes on."""
        _, _, no, record = super().settle(who)
        return [who, "result", no, {**record, "advances": "home"} if self.dice.random() < 0.05 else record]

    def schedule(self, who):
        """Often the same teams in another order."""
        takes = [match.fixture for match in self.pool.matches.values() if match.takes_bets(self.pool.clock)]
        if not takes or self.dice.random() < 0.6:
            return super().schedule(who)
        fixture = self.dice.choice(takes)
        return [who, "schedule", {**fixture, "home": fixture["away"], "away": fixture["home"]}]

    def attempt(self):
        dice, unopened, answered = self.dice, self.unopened(), self.with_answers()
        if dice.random() < 0.07:
            return self.schedule(dice.choice(self.pool.organisers))
        if unopened and dice.random() < 0.4:
            return self.open(dice.choice(unopened))
        if answered and dice.random() < 0.15:
            return self.open_answers(dice.choice(answered))
        return super().attempt()

    def last_acts(self, time):
        for no, match in self.pool.matches.items():
            if match.begun(time) and match.record is None:
                record = {**self.record(match), "status": "played"}
                record.setdefault("after_90", "1-1")
                self.block(time + 5_000, [[who, "result", no, record] for who in self.pool.organisers])
        super().last_acts(time)
