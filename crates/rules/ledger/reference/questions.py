"""Questions, as the document of the rules has them: what may be asked, who answers when, and what it gives."""

from pool import LATEST, Match, Pool, larger, read
from validators import refuse

NUMBERS, MOST = range(0x4000, 0x8000), 256


def is_question(asked):
    """X3."""
    asks, slots, points = asked["asks"], asked["slots"], asked["points"]
    inside = asked["no"] in NUMBERS and asked["no"] + slots - 1 in NUMBERS and asked["closes"] <= LATEST
    if not (inside and 1 <= points <= 1_000 and 1 <= len(asked["text"]) <= 200):
        return False
    if asks["kind"] == "number":
        near = [points, *asks["near"]]
        falls = near == sorted(near, reverse=True) and len(near) <= 11
        return slots == 1 and falls and 0 <= asks["least"] < asks["most"] <= 9_999
    options, misplaced, several = asks["options"], asks.get("misplaced"), slots > 1
    if misplaced is not None and not (several and misplaced <= points):
        return False
    distinct = 2 <= len(options) == len(set(options)) <= 256 and all(1 <= len(option) <= 64 for option in options)
    return distinct and 1 <= slots <= min(len(options), 32) and asks["perfect"] <= 1_000 * several


def has_answer(asks, answer):
    if asks["kind"] == "number":
        return asks["least"] <= answer <= asks["most"]
    return 0 <= answer < len(asks["options"])


def worth(asked, right, answers):
    """X10: what a player's answers give, of each slot one or None."""
    asks, points = asked["asks"], asked["points"]
    answers = [answer if answer is not None and has_answer(asks, answer) else None for answer in answers]
    if asks["kind"] == "number":
        gives = dict(enumerate([points, *asks["near"]]))
        return 0 if answers[0] is None else gives.get(min(abs(answers[0] - one) for one in right), 0)
    misplaced = asks.get("misplaced")
    places = right if misplaced is not None else answers
    best, rights = {}, set()
    for answer, place in zip(answers, places, strict=True):
        if answer in right:
            best[answer] = max(best.get(answer, 0), points if answer == place else misplaced)
            rights |= {answer} & {place}
    return sum(best.values()) + asks["perfect"] * (len(rights) == asked["slots"])


class Slot(Match):
    def takes_stake(self, stake, _):
        return stake == 0


class Question:
    def __init__(self, asked, rules, since):
        self.asked = asked
        ends = {**rules, "deadline_lead_s": 0}
        numbers = range(asked["no"], asked["no"] + asked["slots"])
        self.slots = [Slot({"no": no, "kickoff": asked["closes"]}, ends, since) for no in numbers]
        self.record, self.due, self.final = None, None, False
        self.votes, self.objections = {}, set()

    def stays(self, new):
        """X6: whether it is asked so that it may not become the other one."""
        old, asks = self.asked, self.asked["asks"]
        if (new["slots"], new["asks"]["kind"]) != (old["slots"], asks["kind"]):
            return True
        options = new["asks"].get("options", [])[: len(asks.get("options", []))]
        only = {**new, "closes": old["closes"], "asks": {**new["asks"], "options": options}}
        as_it_was = {**old, "asks": {**asks, "options": asks.get("options", [])}}
        return any(slot.bets for slot in self.slots) and only != as_it_was

    def change(self, asked, now):
        other = {**asked, "closes": 0} != {**self.asked, "closes": 0}
        self.asked = asked
        for slot in self.slots:
            slot.fixture["kickoff"] = slot.closes = asked["closes"]
            slot.since = now if other else slot.since

    def gives(self, who):
        if self.record is None or self.record["status"] != "answered":
            return 0
        bets = [slot.bets.get(who) for slot in self.slots]
        scores = [read(bet["score"]) if bet and bet["readable"] else None for bet in bets]
        return worth(self.asked, self.record["right"], [score and 100 * score[0] + score[1] for score in scores])


class Asking(Pool):
    """A pool that knows questions."""

    def __init__(self, *args):
        self.questions = {}
        super().__init__(*args)

    def slots(self):
        return {slot.fixture["no"]: slot for question in self.questions.values() for slot in question.slots}

    def item(self, no):
        return self.slots().get(no) or super().item(no)

    def recorded(self):
        return {**self.matches, **self.questions}

    def more(self, since=0):
        """What questions that close at that time or later give each player (X11)."""
        there = [question for question in self.questions.values() if question.asked["closes"] >= since]
        return {who: sum(question.gives(who) for question in there) for who in self.chips}

    def taken_code(self, no, code):
        there = [*(m.fixture for m in self.matches.values()), *(q.asked for q in self.questions.values())]
        return any(one["no"] != no and one["code"].lower() == code.lower() for one in there)

    def schedule(self, who, fixture):
        is_new = fixture["no"] not in self.matches
        super().schedule(who, fixture, {
            "match-number-taken": is_new and self.rules["notice_s"] and fixture["no"] >= NUMBERS.start,
            "match-code-taken": is_new and self.taken_code(fixture["no"], fixture["code"]),
        })

    def question(self, who, asked):
        no, notice = asked["no"], self.rules["notice_s"]
        refuse({"bad-encoding": not is_question(asked)})
        old = self.questions.get(no)
        slots = self.slots()
        others = [n for n in range(no, no + asked["slots"]) if n in slots and slots[n] not in (old.slots if old else [])]
        refuse({
            "unknown-action": not notice,
            "not-an-organiser": who not in self.organisers,
            "kickoff-in-the-past": self.clock + notice > asked["closes"],
            "match-started": old and (self.clock + notice > old.asked["closes"] or old.record),
            "match-number-taken": others or (old and old.asked["code"].lower() != asked["code"].lower()),
            "match-code-taken": self.taken_code(no, asked["code"]),
            "too-many-matches": not old and len(slots) + asked["slots"] > MOST,
            "teams-fixed": old and old.stays(asked),
        })
        about = old or self.new.setdefault(no, Question(asked, self.rules, self.clock))
        if self.agreed(about, who, "question", asked, larger(self.rules["schedule_quorum"], self.rules["results_quorum"])):
            if old:
                old.change(asked, self.clock)
            else:
                self.questions[no] = Question(asked, self.rules, self.clock)
                del self.new[no]

    def result(self, who, no, record):
        answered, question = record["status"] == "answered", self.questions.get(no)
        if question is None:
            refuse({
                "not-an-organiser": who not in self.organisers,
                "unknown-match": no not in self.matches,
                "bad-outcome": answered,
            })
            return super().result(who, no, record)
        asked, right = question.asked, record.get("right", [])
        answers = range(len(asked["asks"].get("options", range(10_000))))
        good = 1 <= len(right) == len(set(right)) <= 64 and all(one in answers for one in right)
        ordered = asked["asks"].get("misplaced") is not None
        good = good and (len(right) == asked["slots"] if ordered else right == sorted(right))
        good = good and not question.slots[0].lacks_notice()
        form = answered and good or record["status"] == "cancelled" and not right
        refuse({
            "not-an-organiser": who not in self.organisers,
            "result-too-early": answered and self.clock < asked["closes"],
            "result-final": question.final,
            "bad-outcome": not form or set(record) - {"status", "right", "reason"},
        })
        if question.record == record:
            question.votes.pop(("result", who), None)
        elif self.agreed(question, who, "result", record, self.rules["results_quorum"]):
            question.record, question.objections = record, set()
            question.due = self.clock + self.rules["dispute_window_s"]
            if answered and any(slot.unopened() for slot in question.slots):
                question.due = max(question.due, asked["closes"] + self.rules["opening_window_s"])
            for slot in question.slots:
                if not answered and self.clock < slot.closes:
                    slot.closes = slot.since = self.clock

    def settle(self, about):
        if isinstance(about, Question):
            about.final = True
        else:
            super().settle(about)
