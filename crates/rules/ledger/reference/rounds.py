"""Rounds that are won and the tie-breaks besides, as the document of the rules has them, and random tournaments that hang on them."""

from pool import read
from questions import NUMBERS, has_answer
from through import Through, WithThrough
from tournament import CHAIN, SCORES, START, STAGES

WHOLE, FAR_OFF = 720_720, 10_000
TIE_BREAKS = ("wins", "bonus", "nearest")


class Rounds(Through):
    """A pool that knows who wins rounds, and how far off players were."""

    def plays_rounds(self):
        return any(name in self.rules["tie_breaks"] for name in TIE_BREAKS)

    def of_stage(self, stage):
        return [match for match in self.matches.values() if match.fixture["stage"] == stage]

    def won(self):
        """L2: of each round that is won the most points, and who has them; nobody if these are 0."""
        won = {}
        for stage in sorted({match.fixture["stage"] for match in self.matches.values()}):
            matches = self.of_stage(stage)
            if all(match.final for match in matches):
                points = {row[1]: row[2] for row in self.table(matches)}
                most = max(points.values())
                won[stage] = [most, sorted(who for who in points if most and points[who] == most)]
        return won

    def wins(self):
        parts = dict.fromkeys(self.chips, 0)
        for _, winners in self.won().values():
            for who in winners:
                parts[who] += WHOLE // len(winners)
        return parts

    def off(self, question, who):
        """L3: how far a player was off."""
        bet, asks = question.slots[0].bets.get(who), question.asked["asks"]
        if bet is None or not bet["readable"]:
            return FAR_OFF
        home, away = read(bet["score"])
        answer = 100 * home + away
        # What is not from least to most counts as no answer (X7).
        return min(abs(answer - one) for one in question.record["right"]) if has_answer(asks, answer) else FAR_OFF

    def nearest(self):
        asked = [question for question in self.questions.values() if question.asked["asks"]["kind"] == "number"]
        answered = [question for question in asked if question.record and question.record["status"] == "answered"]
        return {who: sum(self.off(question, who) for question in answered) for who in self.chips}

    def besides(self):
        return {"wins": self.wins(), "bonus": self.more(), "nearest": self.nearest()}

    def told(self):
        """Of each player what these tie-breaks compare, and the rounds that are won."""
        if not self.plays_rounds():
            return {}
        numbers = self.besides()
        return {"besides": [[who, *(numbers[name][who] for name in TIE_BREAKS)] for who in sorted(self.chips)], "won": self.won()}


# Besides those of `asking.py`.
ASKED = {"cards": (0, 9_999, []), "minute": (1, 120, [4, 2, 2]), "corners": (0, 200, [2] * 10)}


class WithRounds(WithThrough):
    pool_of = Rounds

    def with_every_rule(self):
        super().with_every_rule()
        dice = self.dice
        chain = dice.sample(TIE_BREAKS, dice.choice((0, 1, 1, 1, 1, 2, 2, 2, *(3,) * 6)))
        others = dice.sample(CHAIN, dice.choice((0, 0, 1, 1, 2, 4)))
        chain = others + chain if dice.random() < 0.15 else chain + others
        if dice.random() < 0.3:
            dice.shuffle(chain)
        self.rules |= {
            "tie_breaks": chain,
            "notice_s": dice.choice((0, *(300, 500) * 4, 1_000)),
            "opening_window_s": dice.choice((600, 2_000, 6_000)),
            "dispute_window_s": dice.choice((0, 0, 500, 1_500)),
        }
        for rule in self.rules["stages"]:
            rule["multiplier"] = dice.choice((1, 1, 1, 2))
        # Small numbers, so that points are often alike.
        features = self.rules.get("features", {})
        if "through" in features:
            features["through"]["points"] = dice.choice((1, 2, 2))
        if "jokers" in features:
            features["jokers"]["factor"] = 2
        for fixture in self.fixtures:
            if fixture["kickoff"] is not None:
                fixture["kickoff"] = START + 500 * dice.randint(3, 14)
        self.alike, self.often = dice.sample(("2-1", "1-0", "1-1", "0-2"), 2), dice.choice((0.5, 0.8, 0.9, 0.95))
        # A stage in which hardly a match is played.
        self.dull = dice.choice((*STAGES, *(None,) * 6))
        self.crowd = not self.sealed and dice.random() < 0.05
        if self.crowd:
            # So many win a round that no whole part is left for each.
            self.players, self.late, self.bounds, self.by_length = list(range(1, 21)), 30, None, False
            self.alike, self.often = ["2-1"], 1
            self.rules.pop("features", None)
            self.naming = 0

    # Tips.

    def tip(self, no):
        no, score, salt, stake = super().tip(no)
        if self.dice.random() < self.often:
            _, of, team = score.partition(">")
            score = self.dice.choice(self.alike) + of + team
        return [no, score, salt, stake]

    def round(self, who):
        return [who, "bet", [[*self.tip(no)[:3], 0] for no in self.pool.matches]] if self.crowd else super().round(who)

    # Questions.

    def pick(self):
        """Often one that takes answers."""
        takes = [question for question in self.pool.questions.values() if question.slots[0].takes_bets(self.pool.clock)]
        return self.dice.choice(takes) if takes and self.dice.random() < 0.7 else super().pick()

    def ask(self, who):
        """Often for a number, and mostly worth as much as tips are."""
        there = {question.asked["code"] for question in self.pool.questions.values()}
        left = [name for name in ASKED if name not in there]
        if not left or self.dice.random() < 0.5:
            _, _, asked = super().ask(who)
            return [who, "question", asked | ({"points": 4} if self.dice.random() < 0.9 else {})]
        name = self.dice.choice(left)
        least, most, near = ASKED[name]
        closes = self.pool.clock + self.rules["notice_s"] + self.dice.choice((0, 900, 2_000, 4_000))
        asks = {"kind": "number", "least": least, "most": most, "near": near}
        no = NUMBERS.start + 100 + list(ASKED).index(name)
        points = max([2, *near])
        asked = {"no": no, "code": name, "text": f"{name}?", "closes": closes, "points": points, "slots": 1, "asks": asks}
        return [who, "question", asked]

    def some_answer(self, asks):
        """Now and then a number at the edge of what counts, or far from it."""
        if asks["kind"] == "choice" or self.dice.random() < 0.7:
            return super().some_answer(asks)
        least, most = asks["least"], asks["most"]
        return self.dice.choice((least, most, max(least - 1, 0), min(most + 1, 9_999), 0, 9_999, (least + most) // 2))

    def with_answers(self):
        """Mostly only those whose window is open."""
        clock, window = self.pool.clock, self.rules["opening_window_s"]
        slots = [slot for slot in self.pool.slots().values() if slot.begun(clock) and clock < slot.begins() + window]
        there = sorted({who for slot in slots for who, bet in slot.bets.items() if not bet["readable"]})
        return there if there or self.dice.random() < 0.8 else super().with_answers()

    # Organisers.

    def record(self, match):
        """Many in one stage are cancelled, most of the others played."""
        if match.fixture["stage"] == self.dull and self.dice.random() < 0.6:
            return {"status": "cancelled"}
        if not match.begun(self.pool.clock) or self.dice.random() < 0.5:
            return super().record(match)
        return self.with_team({"status": "played", "after_90": self.dice.choice(SCORES)}, 0.75)

    def one_more(self, who):
        """Another match of a round that is won."""
        dice, rules, no = self.dice, self.rules, max(self.pool.matches) + 1
        waiting = [vote for match in self.pool.new.values() for (kind, _), vote in match.votes.items() if kind == "schedule"]
        if waiting and dice.random() < 0.8:
            return [who, "schedule", dice.choice(waiting)]
        ahead = dice.choice((None, 300, *(rules["notice_s"] + rules["deadline_lead_s"] + 100 * more for more in (1, 5, 9))))
        stage = dice.choice(sorted(self.pool.won())) if dice.random() < 0.95 else "final"
        at = ahead and self.pool.clock + ahead
        return [who, "schedule", {"no": no, "code": f"M{no}", "home": "Home", "away": "Away", "kickoff": at, "stage": stage}]

    def attempt(self):
        dice, pool = self.dice, self.pool
        organiser, answered = dice.choice(pool.organisers), self.with_answers()
        if dice.random() < 0.08 and pool.won() and len(pool.matches) < 14:
            return self.one_more(organiser)
        if answered and dice.random() < 0.4:
            return self.open_answers(dice.choice(answered))
        if self.rules["notice_s"] and dice.random() < 0.5:
            kind = dice.choice(["ask"] * 2 + (["answer"] * 9 + ["settle"] * 2) * bool(pool.questions))
            return getattr(self, kind)(organiser if kind != "answer" else dice.choice(sorted(pool.chips)))
        return super().attempt()

    def last_acts(self, time):
        """Most is decided, so that rounds are won."""
        dice, pool = self.dice, self.pool
        self.block(time + 10, [self.open_answers(who) for who in self.with_answers() if dice.random() < 0.6])
        for no, match in pool.matches.items():
            if match.final or dice.random() < 0.2:
                continue
            record = {"status": "cancelled"}
            if match.begun(time) and not match.put_off:
                record = self.record(match) if match.record is None else match.record
            self.block(time + 5_000, [[who, "result", no, record] for who in pool.organisers])
        for no, question in pool.questions.items():
            if question.record is None and question.asked["closes"] <= time and question.asked["asks"]["kind"] == "number":
                right = sorted({self.some_answer(question.asked["asks"]) for _ in range(dice.randint(1, 3))})
                record = {"status": "answered", "right": right}
                self.block(time + 5_000, [[who, "result", no, record] for who in pool.organisers])
        super().last_acts(time)

    # What is told.

    def numbers_besides(self):
        return super().numbers_besides() | self.pool.told()

    def tables(self):
        return super().tables() | self.pool.told()
