"""A pool as the document of the rules has it: who has which chips, tips, records and pots."""

import copy
import re

from accounts import account
from scoring import MISSING, by_rules, table, tier
from validators import Refused, Validators

SCORED = ("played", "awarded")
LATEST = 253_402_207_200
WEEK = 604_800
TWO_ONCE_TWO = "two-once-two"
WORDS = "winner|loser|runner-up|sieger|verlierer|vencedor|perdedor"
PLACEHOLDER = re.compile(
    r"[1-9][A-Z]|3[A-Z](/[A-Z])+|[WL][1-9][0-9]{0,3}"
    rf"|(?ai:\?|n\.n\.|tb[acd]|to be .*|({WORDS}) .*|.* ({WORDS}|\?))",
    re.DOTALL,
)


def replaced(old, new):
    """Whether a team that is known gives way to another one."""
    return old != new and not PLACEHOLDER.fullmatch(old)


def larger(*quorums):
    """The quorum that asks for most."""
    return max(quorums, key=lambda quorum: (2, 1) if quorum == TWO_ONCE_TWO else (quorum, quorum))


def read(score):
    """Also of a tip that names a team, such as "1-1>home"."""
    home, away = score.split(">")[0].split("-")
    return int(home), int(away)


def closes(fixture, day, lead):
    """When betting ends."""
    if fixture["kickoff"] is not None:
        return fixture["kickoff"] - lead
    return day[0] if day else None


def text_bytes(*texts):
    return sum(4 + len(text.encode()) for text in texts)


def result_bytes(_, record):
    scores = sum(2 for part in ("after_90", "after_120", "shootout") if part in record)
    right = 4 + 2 * len(record.get("right", [])) if record["status"] == "answered" else 0
    team = 1 + ("advances" in record)
    return 2 + 1 + 4 + scores + team + 1 + (text_bytes(record["reason"]) if "reason" in record else 0) + right


def question_bytes(asked):
    asks = asked["asks"]
    if asks["kind"] == "number":
        kind = 2 + 2 + 4 + 2 * len(asks["near"])
    else:
        kind = 4 + text_bytes(*asks["options"]) + (1 if asks.get("misplaced") is None else 3) + 2
    return 2 + text_bytes(asked["code"], asked["text"]) + 8 + 2 + 1 + 1 + kind


def schedule_bytes(fixture):
    kickoff = 1 if fixture["kickoff"] is None else 9
    return 2 + text_bytes(*(fixture[name] for name in ("code", "home", "away", "stage"))) + 1 + 1 + kickoff


def signed_bytes(kind, args):
    """The length of a signed transaction, as it is encoded."""
    entries = {"bet": 13, "seal": 42, "open": 37, "open_for": 37}
    staff = {
        "schedule": schedule_bytes, "result": result_bytes, "question": question_bytes, "address": text_bytes,
        "day": lambda _, day: 2 + (17 if day else 1),
    }
    if kind in entries:
        action = 4 + entries[kind] * len(args[-1]) + (32 if kind == "open_for" else 0)
    elif kind in staff:
        action = staff[kind](*args)
    elif kind == "joker":
        action = sum(4 + 2 * len(numbers) for numbers in args)
    else:
        action = {
            "join": 4 + len("Player 1") + 1, "transfer": 40, "object": 2 + 4 + len("No"), "offer": 32 + 64,
            "evidence": 32 + 2 * (1 + 8 + 4 + 1 + 41 + 64), "organiser": 33, "appoint": 72,
        }[kind]
    return 32 + 8 + 1 + action + 64


class Match:
    def __init__(self, fixture, rules, since, day=None):
        self.fixture, self.notice, lead = dict(fixture), rules["notice_s"], rules["deadline_lead_s"]
        self.day = day  # begins, ends; only without a kick-off
        self.closes = closes(fixture, day, lead)
        self.since = since  # what there is to bet on is as it is since then
        self.stood = None  # the end of betting before the last act while bets counted
        self.bets = {}  # player: score, salt (None if open), opened, stake
        self.record = None
        self.due = None
        self.final = False
        self.put_off = False
        self.has_begun = False  # under a kick-off that it had
        self.votes = {}  # (kind, organiser): what was signed
        self.objections = set()
        self.paid = None

    def lacks_notice(self):
        """S22: whether bets on it do not count."""
        return self.notice > 0 and (self.closes is None or self.closes < self.since + self.notice)

    def takes_bets(self, time):
        return not self.lacks_notice() and (self.closes is None or time < self.closes)

    def begins(self):
        """Where only the day is known, the end of that."""
        return self.day[1] if self.day else self.fixture["kickoff"]

    def begun(self, time):
        return self.begins() is not None and self.begins() <= time

    def ended_by_day(self):
        return self.day is not None and self.closes == self.day[0]

    def takes_stake(self, stake, rules):
        return rules["stake_min"] <= stake <= rules["stake_max"]

    def unopened(self):
        return sum(1 for bet in self.bets.values() if not bet["readable"])


class Pool(Validators):
    def __init__(self, rules, fixtures, organisers, starting_chips, votes=None, bounds=None, days=None):
        self.rules, self.organisers, self.starting_chips = rules, list(organisers), starting_chips
        self.bounds, self.days = bounds, days
        days = {day["match_no"]: (day["begins"], day["ends"]) for day in days or []}
        self.matches = {f["no"]: Match(f, rules, 0, days.get(f["no"])) for f in fixtures}
        self.new = {}  # what was signed of matches that are not there yet
        self.staff_votes = {}  # (about, organiser): whether to be one
        self.heard = {who: 0 for who in self.organisers}  # when an organiser has signed last
        self.leaving = {}  # organiser: when he is none any more, who has asked for it
        self.page, self.page_votes = None, {}  # its address; organiser: what was signed
        self.sent, self.joins = {}, []  # times and bytes; times
        self.chips, self.clock, self.rollover = {}, 0, 0
        self.begin_votes(votes)

    # Blocks.

    def begin(self, time):
        """A block begins: at most sixteen records become final, and stakes free, in order."""
        self.clock = max(self.clock, time)
        waiting = ((m.due, no) for no, m in self.recorded().items() if m.due is not None and not m.final)
        due = sorted(waiting)
        for at, no in due[:16]:
            if at <= self.clock:
                self.settle(self.recorded()[no])
        self.free()
        self.change_due()
        self.leave_due()

    def play(self, who, kind, *args):
        """One transaction; gives the matches of its void tips."""
        if who not in self.organisers:
            return self.played(who, kind, *args)
        # What an organiser signs is heard of, also by what it changes, unless it is refused.
        was = self.heard[who], self.leaving.pop(who, None)
        self.heard[who] = self.clock
        try:
            return self.played(who, kind, *args)
        except Refused:
            self.heard[who] = was[0]
            if was[1]:
                self.leaving[who] = was[1]
            raise

    def played(self, who, kind, *args):
        if kind != "join" and who not in self.chips:
            raise Refused("unknown-account")
        bounds = self.bounds
        if not bounds or who in self.organisers:
            return getattr(self, kind)(who, *args) or []
        since = self.clock - bounds["window_s"]
        sealed = kind == "bet" and self.rules["tips"] == "sealed"
        sent = [use for use in self.sent.get(who, []) if use[0] > since]
        sent.append((self.clock, signed_bytes("seal" if sealed else kind, args)))
        if len(sent) > bounds["account_transactions"] or sum(use[1] for use in sent) > bounds["account_bytes"]:
            raise Refused("too-often", *self.codes_of(who, kind, *args))
        joins = [at for at in self.joins if at > since] + [self.clock] * (kind == "join")
        if kind == "join" and who not in self.chips and len(joins) > bounds["joins"]:
            raise Refused("too-many-joins")
        void = getattr(self, kind)(who, *args) or []
        self.sent[who], self.joins = sent, joins
        return void

    def codes_of(self, who, kind, *args):
        """Why it is refused besides, if it is."""
        try:
            getattr(copy.deepcopy(self), kind)(who, *args)
        except Refused as reason:
            return reason.args
        return []

    def item(self, no):
        """What a tip with this number is on."""
        return self.matches.get(no)

    def takes(self, _, score):
        """D5: whether a tip may say that of it."""
        return ">" not in score

    def recorded(self):
        """What records are of."""
        return self.matches

    def more(self, _since=0):
        """Each player's points besides those of matches, from a time on."""
        return {}

    # Players.

    def join(self, who):
        if who in self.chips:
            raise Refused("already-joined")
        self.chips[who] = self.starting_chips

    def bet(self, who, tips):
        counting, codes = [], set()
        balance = self.chips[who]
        for no, score, salt, stake in tips:
            match = self.item(no)
            if match is None:
                raise Refused("unknown-match")
            if self.rules["tips"] == "open" and not self.takes(match, score):
                raise Refused("wrong-prediction")
            if not match.takes_stake(stake, self.rules):
                raise Refused("bad-stake")
            if match.takes_bets(self.clock):
                counting.append((match, score, salt, stake))
        more = {match.fixture["no"]: stake - match.bets.get(who, {"stake": 0})["stake"] for match, _, _, stake in counting}
        balance += sum(-change for change in more.values() if change < 0)
        reached = []
        for bet in counting:
            change = max(more[bet[0].fixture["no"]], 0)
            if change <= balance:
                balance -= change
                reached.append(bet)
            elif not self.rules["short_tips_void"]:
                codes.add("not-enough-chips")
        counting = reached
        there = [match.fixture["no"] for match, *_ in counting]
        void = [no for no, *_ in tips if no not in there]
        if codes:
            raise Refused(*codes)
        self.chips[who] = balance
        for match, score, salt, stake in counting:
            readable = self.rules["tips"] == "open"
            match.bets[who] = {"score": score, "salt": salt, "readable": readable, "stake": stake}
        return void

    def open_for(self, _, player, openings):
        if not self.rules["anybody_opens"]:
            raise Refused("unknown-action")
        return self.open(player, openings)

    def open(self, who, openings):
        void, opened = [], []
        for no, score, salt in openings:
            match = self.item(no)
            if match is None:
                raise Refused("unknown-match")
            bet = match.bets.get(who)
            if bet is not None and bet["readable"] and bet["salt"] is not None and self.rules["anybody_opens"]:
                void.append(no)
                continue
            if bet is None or bet["readable"]:
                raise Refused("nothing-to-open")
            if not match.begun(self.clock):
                raise Refused("opening-too-early")
            if (bet["score"], bet["salt"]) != (score, salt):
                raise Refused("bad-opening")
            if not self.takes(match, score):
                raise Refused("wrong-prediction")
            if self.clock >= match.begins() + self.rules["opening_window_s"]:
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
        match = self.recorded().get(no)
        if match is None:
            raise Refused("unknown-match")
        if match.record is None:
            raise Refused("no-result")
        if match.final:
            raise Refused("result-final")
        if who in match.objections:
            raise Refused("objected-already")
        match.objections.add(who)

    # Organisers.

    def wanted(self, quorum):
        """How many must sign, now."""
        return min(2, len(self.organisers)) if quorum == TWO_ONCE_TWO else quorum

    def agreed(self, match, who, kind, what, quorum):
        if who not in self.organisers:
            raise Refused("not-an-organiser")
        match.votes[kind, who] = what
        alike = sum(1 for (k, _), vote in match.votes.items() if k == kind and vote == what)
        if alike < self.wanted(quorum):
            return False
        match.votes = {}
        return True

    def schedule(self, who, fixture, others=None):
        rules = self.rules
        codes = {code for code, holds in (others or {}).items() if holds}
        if (fixture["kickoff"] or 0) > LATEST:
            codes.add("bad-day")
        if fixture["no"] not in self.matches:
            if who not in self.organisers:
                codes.add("not-an-organiser")
            if fixture["kickoff"] is not None and fixture["kickoff"] <= self.clock:
                codes.add("kickoff-in-the-past")
            if codes:
                raise Refused(*codes)
            new = Match(fixture, rules, self.clock)
            votes = self.new.setdefault(fixture["no"], new).votes
            new.votes = votes
            if self.agreed(new, who, "schedule", fixture, rules["schedule_quorum"]):
                self.matches[fixture["no"]] = new
                del self.new[fixture["no"]]
            return
        match = self.matches[fixture["no"]]
        new, old = fixture, match.fixture
        if who not in self.organisers:
            codes.add("not-an-organiser")
        untouched = not match.bets and not match.put_off and not match.takes_bets(self.clock)
        sets_right = untouched and new["kickoff"] == old["kickoff"]
        if not sets_right and new["kickoff"] is not None and new["kickoff"] <= self.clock:
            codes.add("kickoff-in-the-past")
        recorded = match.record and match.record["status"] != "postponed"
        if not sets_right and not match.put_off and (recorded or match.begun(self.clock)):
            codes.add("match-started")
        day = match.day if new["kickoff"] is None else None
        changes_teams = (new["home"], new["away"]) != (old["home"], old["away"])
        until, since, stood, begun = self.moved(match, new, day, changes_teams)
        replaces = any(replaced(old[side], new[side]) for side in ("home", "away"))
        if not rules["notice_s"]:
            may_change = until is None or self.clock < until
        else:
            lacks = until is None or until < since + rules["notice_s"]
            may_change = not match.bets or (not replaces and (match.lacks_notice() or not lacks))
        if not sets_right and changes_teams and not may_change:
            codes.add("teams-fixed")
        if codes:
            raise Refused(*codes)
        if self.agreed(match, who, "schedule", new, rules["schedule_quorum"]):
            match.fixture = {**new, "stage": old["stage"]}
            if sets_right:
                return
            match.closes, match.has_begun, match.put_off, match.day = until, begun, False, day
            match.since, match.stood = since, stood

    def moved(self, match, fixture, day, other_teams=False):
        """When betting ends if the match is moved, since when it is what it is, and whether the match had begun."""
        begun = match.has_begun or match.begun(self.clock)
        until = closes(fixture, day, self.rules["deadline_lead_s"])
        if match.lacks_notice():
            stands = begun or not self.in_time(match.stood)
            ends, since = (match.closes, match.since) if stands else (until, self.clock)
            return ends, since, match.stood, begun
        since = self.clock if other_teams else match.since
        reopens = (self.rules["later_kickoff_reopens"] or match.ended_by_day()) and not begun and not match.notice
        if match.takes_bets(self.clock) or reopens:
            longer = match.closes is not None and (until is None or until > match.closes)
            if not longer or self.in_time(match.closes):
                return until, since, until and match.closes, begun
        return match.closes, since, match.closes, begun

    def address(self, who, page):
        needed = self.rules["organisers_quorum"] or larger(self.rules["schedule_quorum"], self.rules["results_quorum"])
        codes = set()
        if not self.rules["notice_s"]:
            codes.add("unknown-action")
        if who not in self.organisers:
            codes.add("not-an-organiser")
        if self.page == page:
            codes.add("address-stands")
        if codes:
            raise Refused(*codes)
        self.page_votes[who] = page
        if list(self.page_votes.values()).count(page) >= self.wanted(needed):
            self.page, self.page_votes = page, {}

    def in_time(self, end):
        """Whether betting may still be made to end later than at this end."""
        notice = self.rules["notice_s"]
        return not notice or end is None or self.clock + notice <= end

    def day(self, who, no, day):
        match = self.matches[no]
        codes = set()
        recorded = match.record and match.record["status"] != "postponed"
        if who not in self.organisers:
            codes.add("not-an-organiser")
        if self.days is None:
            codes.add("unknown-action")
        if day and not (1 <= day[1] - day[0] <= 26 * 3600 and day[1] <= LATEST):
            codes.add("bad-day")
        if day and day[1] <= self.clock:
            codes.add("day-over")
        if not match.put_off and (recorded or match.begun(self.clock)):
            codes.add("match-started")
        if match.fixture["kickoff"] is not None and not match.put_off:
            codes.add("kickoff-known")
        if codes:
            raise Refused(*codes)
        if self.agreed(match, who, "day", day, self.rules["schedule_quorum"]):
            fixture = {**match.fixture, "kickoff": None}
            match.closes, match.since, match.stood, match.has_begun = self.moved(match, fixture, day)
            match.fixture, match.day, match.put_off = fixture, day and tuple(day), False

    def organiser(self, who, whom, added):
        needed = self.rules["organisers_quorum"]
        codes = set()
        is_one = whom in self.organisers
        if who not in self.organisers:
            codes.add("not-an-organiser")
        if not needed:
            codes.add("unknown-action")
        if added and is_one:
            codes.add("already-organiser")
        if added and whom not in self.chips:
            codes.add("unknown-account")
        if not added and not is_one:
            codes.add("unknown-organiser")
        if not added and len(self.organisers) <= self.fewest():
            codes.add("too-few-organisers")
        if added and len(self.organisers) >= 32:
            codes.add("too-many-organisers")
        if codes:
            raise Refused(*codes)
        self.staff_votes[whom, who] = added
        alike = [by for (about, by), vote in self.staff_votes.items() if about == whom and vote == added]
        if len(alike) >= self.wanted(needed):
            self.change_staff(whom, added)
        elif not added and whom not in self.leaving and self.clock >= self.heard[whom] + WEEK:
            self.leaving[whom] = (self.clock + WEEK, who)

    def leave_due(self):
        for whom, (at, _) in sorted(self.leaving.items(), key=lambda one: (one[1][0], account(one[0]))):
            if whom in self.leaving and at <= self.clock:
                del self.leaving[whom]
                if len(self.organisers) > self.fewest():
                    self.change_staff(whom, False)

    def fewest(self):
        """How many organisers must be left."""
        appointing = (self.votes or {"change": {}})["change"].get("appointed", {"quorum": 1})["quorum"]
        quorums = [self.rules[name] for name in ("organisers_quorum", "schedule_quorum", "results_quorum")]
        return max(1 if quorum == TWO_ONCE_TWO else quorum for quorum in [*quorums, appointing])

    def change_staff(self, whom, added):
        """Somebody is an organiser from now on, or no more."""
        if added:
            self.organisers.append(whom)
            self.heard[whom] = self.clock
        else:
            self.organisers.remove(whom)
            self.leaving = {name: asked for name, asked in self.leaving.items() if whom not in (name, asked[1])}
            self.signed = {place: signed for place, signed in self.signed.items() if place[1] != whom}
            self.page_votes.pop(whom, None)
            for match in [*self.recorded().values(), *self.new.values()]:
                match.votes = {place: vote for place, vote in match.votes.items() if place[1] != whom}
        gone = (whom, None if added else whom)
        left = self.staff_votes.items()
        self.staff_votes = {place: vote for place, vote in left if place[0] != gone[0] and place[1] != gone[1]}
        if len(self.organisers) == 1:
            self.signed, self.page_votes, self.staff_votes, self.leaving = {}, {}, {}, {}
            for match in [*self.recorded().values(), *self.new.values()]:
                match.votes = {}

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
        needed = self.rules["results_quorum"]
        if record["status"] == "postponed" and self.rules["notice_s"]:
            needed = larger(needed, self.rules["schedule_quorum"])
        if self.agreed(match, who, "result", record, needed):
            match.record, match.objections = record, set()
            match.put_off = record["status"] == "postponed"
            match.due = None if match.put_off else self.clock + self.rules["dispute_window_s"]
            if record["status"] in SCORED and match.unopened():
                match.due = max(match.due, match.begins() + self.rules["opening_window_s"])
            begun = match.has_begun or match.begun(self.clock)
            if match.put_off and self.rules["put_off_stays_open"] and not begun:
                match.fixture = {**match.fixture, "kickoff": None}
                match.day = None
                if self.in_time(match.closes):
                    match.stood = match.stood if match.lacks_notice() else None
                    match.closes = None
            if record["status"] == "cancelled" and match.takes_bets(self.clock):
                match.stood = match.closes
                match.closes = match.since = self.clock

    # Points and pots.

    def stage(self, match):
        for rule in self.rules["stages"]:
            if rule["stage"] == match.fixture["stage"]:
                return rule["base"], rule["multiplier"]
        return self.rules["base"], 1

    def score(self, match):
        """The score that tips are compared with, or None."""
        record = match.record
        if record is None or record["status"] not in SCORED or match.lacks_notice():
            return None
        if record["status"] == "awarded" and not self.rules["awarded_counts"]:
            return None
        base = self.stage(match)[0]
        score = read(record["after_90"])
        if base != "90" and "after_120" in record:
            score = read(record["after_120"])
        if base == "penalties" and "shootout" in record:
            score = tuple(min(goals + more, 99) for goals, more in zip(score, read(record["shootout"]), strict=True))
        return score

    def cells(self, match):
        """What the tables count, like `plain_cells`."""
        return self.plain_cells(match)

    def plain_cells(self, match):
        """For each player points and tier, or MISSING; None if no score counts."""
        result = self.score(match)
        if result is None:
            return None
        factor = self.stage(match)[1]
        cells = {}
        for who in self.chips:
            bet = match.bets.get(who)
            if bet is None or not bet["readable"]:
                cells[who] = MISSING
            else:
                points, counts_as = self.worth(match, read(bet["score"]), result)
                cells[who] = (factor * points, counts_as)
        return cells

    def worth(self, _, tip, result):
        """What a tip on a match gives, before the stage multiplies it, and what it counts as."""
        scheme = self.rules["scoring"]
        return by_rules(scheme, tip, result), tier(scheme, tip, result)

    def besides(self):
        """What else the tie-breaks of the whole pool's table compare: by name, each player's number."""
        return {}

    def table(self, matches, more=None, besides=None):
        lines = [cells for cells in map(self.cells, matches) if cells is not None]
        return table(self.rules["tie_breaks"], list(self.chips), lines, more or {}, besides or {})

    def everybody(self):
        """The table of the whole pool."""
        return self.table(self.matches.values(), self.more(), self.besides())

    def settle(self, match):
        match.final = True
        stakes = {who: bet["stake"] for who, bet in match.bets.items()}
        cells = self.plain_cells(match)
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
