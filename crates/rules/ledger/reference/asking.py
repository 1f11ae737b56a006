"""Random tournaments in which organisers ask questions, too."""

from questions import NUMBERS, Asking
from tournament import Tournament

TEAMS = ["Brazil", "Spain", "France", "England", "Portugal", "Germany"]


def choice(slots, options, **more):
    return slots, {"kind": "choice", "options": options, "misplaced": None, "perfect": 0, **more}


TEMPLATES = {
    "champion": choice(1, TEAMS),
    "semis": choice(4, TEAMS, perfect=9),
    "order": choice(4, TEAMS[:4], misplaced=2, perfect=4),
    "podium": choice(3, TEAMS, misplaced=0),
    "scorer": choice(2, TEAMS[:3]),
    "goals": (1, {"kind": "number", "least": 90, "most": 110, "near": [3, 3, 1]}),
}


class WithQuestions(Tournament):
    pool_of = Asking

    def with_every_rule(self):
        super().with_every_rule()
        self.rules["notice_s"] = self.dice.choice((500, 1_000))

    def pick(self):
        """A question that stands."""
        return self.dice.choice(list(self.pool.questions.values()))

    def ask(self, who):
        dice, questions = self.dice, self.pool.questions
        waiting = [
            [who, "question", vote] for about in [*questions.values(), *self.pool.new.values()]
            for (kind, _), vote in about.votes.items() if kind == "question"
        ]
        if waiting and dice.random() < 0.8:
            return dice.choice(waiting)
        closes = self.pool.clock + self.rules["notice_s"] + dice.choice((-100, 0, 300, 900, 2_000))
        if questions and dice.random() < 0.5:
            old = self.pick().asked
            options = old["asks"].get("options", [])
            more = {**old["asks"], "options": [*options, f"Team {len(options)}"]} if options else old["asks"]
            other = {**more, "options": options[::-1]} if options else {**more, "near": [2]}
            changes = dice.choice((
                {"closes": closes}, {"closes": closes, "asks": more}, {"asks": more}, {"asks": other}, {"points": 6},
                {"text": "Else?"}, {"code": "other"}, {"code": old["code"].upper()},
            ))
            return [who, "question", {**old, **changes}]
        there = {question.asked["code"] for question in questions.values()}
        name = dice.choice([name for name in TEMPLATES if name not in there] or ["goals"])
        slots, asks = TEMPLATES[name]
        no = dice.choice((NUMBERS.start + len(self.pool.slots()), NUMBERS.start + 8 * dice.randint(0, 3), NUMBERS.stop - slots))
        asked = {"no": no, "code": name, "text": f"{name}?", "closes": closes, "points": 5, "slots": slots, "asks": asks}
        return [who, "question", asked | ({"code": "M1"} if dice.random() < 0.05 else {})]

    def some_answer(self, asks):
        of = len(asks["options"]) + 1 if asks["kind"] == "choice" else 0
        return self.dice.randrange(of) if of else self.dice.choice((99, 100, 101, 102, 105, 110, 111, 172))

    def answer(self, who):
        tips, question = [], self.pick()
        for slot in question.slots:
            if self.dice.random() < 0.85:
                answer = self.some_answer(question.asked["asks"])
                no, _, salt, stake = self.tip(slot.fixture["no"])
                tips.append([no, f"{answer // 100}-{answer % 100}", salt, stake if self.dice.random() < 0.02 else 0])
        return [who, "bet", tips or [self.tip(min(self.pool.matches))]]

    def open_answers(self, who):
        slots = [slot for slot in self.pool.slots().values() if who in slot.bets and not slot.bets[who]["readable"]]
        there = [slot for slot in slots if slot.begun(self.pool.clock) or self.dice.random() < 0.1]
        if not there:
            return self.open(who)
        some = [(slot.fixture["no"], slot.bets[who]) for slot in self.dice.sample(there, min(len(there), 3))]
        return [who, "open", [[no, bet["score"], bet["salt"]] for no, bet in some]]

    def settle(self, who):
        question, dice = self.pick(), self.dice
        no, asks, slots = question.asked["no"], question.asked["asks"], question.asked["slots"]
        if no not in self.favourites or dice.random() < 0.15:
            many = slots if asks.get("misplaced") is not None and dice.random() < 0.95 else dice.randint(1, 3)
            right = list(dict.fromkeys(self.some_answer(asks) for _ in range(40)))[:many]
            ordered = asks.get("misplaced") is not None
            record = {"status": "answered", "right": right if ordered or dice.random() < 0.05 else sorted(right)}
            others = ({"status": "cancelled"}, {"status": "cancelled", "reason": "fog"}, {"status": "postponed"})
            self.favourites[no] = record if dice.random() < 0.8 else dice.choice(others)
        elsewhere = dice.choice((no + 1, min(self.pool.matches)))
        return [who, "result", no if dice.random() < 0.97 else elsewhere, self.favourites[no]]

    def attempt(self):
        dice = self.dice
        if dice.random() < 0.4:
            return super().attempt()
        others = ["answer"] * 6 + ["settle"] * 4 + ["open_answers"] * 4 * self.sealed + ["protest"]
        kind = dice.choice(["ask"] * 4 + others * bool(self.pool.questions))
        staff = kind in ("ask", "settle") and dice.random() < 0.95
        who = dice.choice(self.pool.organisers if staff else sorted(self.pool.chips))
        return [who, "object", self.pick().asked["no"]] if kind == "protest" else getattr(self, kind)(who)

    def last_acts(self, time):
        super().last_acts(time)
        for no, question in self.pool.questions.items():
            if question.record is None and question.asked["closes"] <= time:
                right = list(range(len(question.slots))) if "options" in question.asked["asks"] else [101]
                record = {"status": "answered", "right": right}
                self.block(time + 5_000, [[who, "result", no, record] for who in self.pool.organisers])

    def tables(self):
        players = [*self.players, self.late]
        questions = {
            no: {"question": q.asked, "record": q.record, "final": q.final, "points": [q.gives(who) for who in players]}
            for no, q in self.pool.questions.items()
        }
        return {**super().tables(), "questions": questions}
