"""A pool as the document of the rules has it: who has which chips, tips, records and pots."""

from accounts import account
from scoring import MISSING, by_rules, table, tier
from validators import Refused, Validators

SCORED = ("played", "awarded")


def read(score):
    home, away = score.split("-")
    return int(home), int(away)


class Match:
    def __init__(self, fixture, lead):
        self.fixture = dict(fixture)
        self.closes = None if fixture["kickoff"] is None else fixture["kickoff"] - lead
        self.bets = {}  # player: score, salt (None if open), opened, stake
        self.record = None
        self.due = None
        self.final = False
        self.put_off = False
        self.has_begun = False  # under a kick-off that it had
        self.votes = {}  # (kind, organiser): what was signed
        self.objections = set()
        self.paid = None

    def takes_bets(self, time):
        return self.closes is None or time < self.closes

    def begun(self, time):
        return self.fixture["kickoff"] is not None and self.fixture["kickoff"] <= time

    def unopened(self):
        return sum(1 for bet in self.bets.values() if not bet["readable"])


class Pool(Validators):
    def __init__(self, rules, fixtures, organisers, starting_chips, votes=None):
        self.rules, self.organisers, self.starting_chips = rules, organisers, starting_chips
        self.matches = {f["no"]: Match(f, rules["deadline_lead_s"]) for f in fixtures}
        self.chips, self.clock, self.rollover = {}, 0, 0
        self.begin_votes(votes)

    # Blocks.

    def begin(self, time):
        """A block begins: at most sixteen records become final, and stakes free, in order."""
        self.clock = max(self.clock, time)
        waiting = ((m.due, no) for no, m in self.matches.items() if m.due is not None and not m.final)
        due = sorted(waiting)
        for at, no in due[:16]:
            if at <= self.clock:
                self.settle(self.matches[no])
        self.free()

    def play(self, who, kind, *args):
        """One transaction; gives the matches of its void tips."""
        if kind != "join" and who not in self.chips:
            raise Refused("unknown-account")
        return getattr(self, kind)(who, *args) or []

    # Players.

    def join(self, who):
        if who in self.chips:
            raise Refused("already-joined")
        self.chips[who] = self.starting_chips

    def bet(self, who, tips):
        void, counting, codes = [], [], set()
        balance = self.chips[who]
        for no, score, salt, stake in tips:
            match = self.matches.get(no)
            if match is None:
                codes.add("unknown-match")
                continue
            if not self.rules["stake_min"] <= stake <= self.rules["stake_max"]:
                codes.add("bad-stake")
            if not match.takes_bets(self.clock):
                void.append(no)
            else:
                balance += match.bets.get(who, {"stake": 0})["stake"] - stake
                counting.append((match, score, salt, stake))
        if balance < 0:
            codes.add("not-enough-chips")
        if codes:
            raise Refused(*codes)
        self.chips[who] = balance
        for match, score, salt, stake in counting:
            readable = self.rules["tips"] == "open"
            match.bets[who] = {"score": score, "salt": salt, "readable": readable, "stake": stake}
        return void

    def open(self, who, openings):
        void, opened = [], []
        for no, score, salt in openings:
            match = self.matches[no]
            bet = match.bets.get(who)
            if bet is None or bet["readable"]:
                raise Refused("nothing-to-open")
            if not match.begun(self.clock):
                raise Refused("opening-too-early")
            if (bet["score"], bet["salt"]) != (score, salt):
                raise Refused("bad-opening")
            if self.clock >= match.fixture["kickoff"] + self.rules["opening_window_s"]:
                void.append(no)
            else:
                opened.append(bet)
        for bet in opened:
            bet["readable"] = True
        return void

    def transfer(self, who, to, chips):
        codes = set()
        if to == who or chips == 0:
            codes.add("empty-transfer")
        if to not in self.chips:
            codes.add("unknown-receiver")
        if chips > self.chips[who]:
            codes.add("not-enough-chips")
        if codes:
            raise Refused(*codes)
        self.chips[who] -= chips
        self.chips[to] += chips

    def object(self, who, no):
        match = self.matches[no]
        if match.record is None:
            raise Refused("no-result")
        if match.final:
            raise Refused("result-final")
        if who in match.objections:
            raise Refused("objected-already")
        match.objections.add(who)

    # Organisers.

    def agreed(self, match, who, kind, what, quorum):
        if who not in self.organisers:
            raise Refused("not-an-organiser")
        match.votes[kind, who] = what
        alike = sum(1 for (k, _), vote in match.votes.items() if k == kind and vote == what)
        if alike < quorum:
            return False
        match.votes = {}
        return True

    def schedule(self, who, fixture):
        match = self.matches[fixture["no"]]
        new, old, rules = fixture, match.fixture, self.rules
        codes = set()
        if who not in self.organisers:
            codes.add("not-an-organiser")
        untouched = not match.bets and not match.put_off and not match.takes_bets(self.clock)
        sets_right = untouched and new["kickoff"] == old["kickoff"]
        if not sets_right and new["kickoff"] is not None and new["kickoff"] <= self.clock:
            codes.add("kickoff-in-the-past")
        recorded = match.record and match.record["status"] != "postponed"
        if not sets_right and not match.put_off and (recorded or match.begun(self.clock)):
            codes.add("match-started")
        closes = match.closes
        begun = match.has_begun or match.begun(self.clock)
        if match.takes_bets(self.clock) or (rules["later_kickoff_reopens"] and not begun):
            closes = None if new["kickoff"] is None else new["kickoff"] - rules["deadline_lead_s"]
        stays_open = closes is None or self.clock < closes
        changes_teams = (new["home"], new["away"]) != (old["home"], old["away"])
        if not sets_right and changes_teams and not stays_open:
            codes.add("teams-fixed")
        if codes:
            raise Refused(*codes)
        if self.agreed(match, who, "schedule", new, rules["schedule_quorum"]):
            match.fixture = {**new, "stage": old["stage"]}
            if sets_right:
                return
            match.closes, match.has_begun, match.put_off = closes, begun, False

    def result(self, who, no, record):
        match = self.matches[no]
        codes = set()
        if who not in self.organisers:
            codes.add("not-an-organiser")
        if record["status"] not in ("cancelled", "postponed") and not match.begun(self.clock):
            codes.add("result-too-early")
        if match.final:
            codes.add("result-final")
        if codes:
            raise Refused(*codes)
        if match.record == record and match.put_off == (record["status"] == "postponed"):
            match.votes.pop(("result", who), None)
            return
        if self.agreed(match, who, "result", record, self.rules["results_quorum"]):
            match.record, match.objections = record, set()
            match.put_off = record["status"] == "postponed"
            match.due = None if match.put_off else self.clock + self.rules["dispute_window_s"]
            if record["status"] in SCORED and match.unopened():
                match.due = max(match.due, match.fixture["kickoff"] + self.rules["opening_window_s"])
            if record["status"] == "cancelled" and match.takes_bets(self.clock):
                match.closes = self.clock

    # Points and pots.

    def stage(self, match):
        for rule in self.rules["stages"]:
            if rule["stage"] == match.fixture["stage"]:
                return rule["base"], rule["multiplier"]
        return self.rules["base"], 1

    def score(self, match):
        """The score that tips are compared with, or None."""
        record = match.record
        if record is None or record["status"] not in SCORED:
            return None
        if record["status"] == "awarded" and not self.rules["awarded_counts"]:
            return None
        if self.stage(match)[0] == "120" and "after_120" in record:
            return read(record["after_120"])
        return read(record["after_90"])

    def cells(self, match):
        """For each player points and tier, or MISSING; None if no score counts."""
        result = self.score(match)
        if result is None:
            return None
        factor, scheme = self.stage(match)[1], self.rules["scoring"]
        cells = {}
        for who in self.chips:
            bet = match.bets.get(who)
            if bet is None or not bet["readable"]:
                cells[who] = MISSING
            else:
                tip = read(bet["score"])
                cells[who] = (factor * by_rules(scheme, tip, result), tier(scheme, tip, result))
        return cells

    def table(self, matches):
        lines = [cells for cells in map(self.cells, matches) if cells is not None]
        return table(self.rules["tie_breaks"], list(self.chips), lines)

    def settle(self, match):
        match.final = True
        stakes = {who: bet["stake"] for who, bet in match.bets.items()}
        cells = self.cells(match)
        if cells is None:
            paid = stakes
        else:
            weights = {w: stakes[w] * cells[w][0] for w in stakes if cells[w] is not MISSING}
            if any(weights.values()):
                paid = share(sum(stakes.values()) + self.rollover, weights)
                self.rollover = 0
            elif self.rules["nobody_right"] == "refund":
                paid = stakes
            else:
                self.rollover += sum(stakes.values())
                paid = {}
        for who, chips in paid.items():
            self.chips[who] += chips
        match.paid = paid


def share(pot, weights):
    """Largest remainder; equal ones in the order of the accounts' bytes."""
    whole = sum(weights.values())
    paid = {who: pot * weight // whole for who, weight in weights.items()}
    order = sorted(weights, key=lambda who: (-(pot * weights[who] % whole), account(who)))
    for who in order[: pot - sum(paid.values())]:
        paid[who] += 1
    return paid
