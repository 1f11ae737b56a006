#!/usr/bin/env python3
"""Checks of what is asked, rounds and points, then each tournament of `vectors/tournaments.json` once more, from the file alone.

It says what differs, and needs Python 3 and nothing else. A tournament with questions has `[who, "question", question]` and
`[who, "result", number, {"status": "answered", "right": [3]}]` among its transactions; a question's fields have the names of
the rules, and `asks` is what is asked. An answer is written as a score, "1-72" for 172. `points` and the tables count what
questions give, and a table's `questions` have it by their first numbers. Where `features` of the rules has jokers, there is
`[who, "joker", off, on]`, both lists of matches, and a block's `jokers` are those that count. A tip that names the team that goes
through is a score and that team, "1-1>home" or "1-1>away"; a record's `advances` says who goes on, and `points` and the tables
count what that gives. Where `tie_breaks` has `wins`, `bonus` or `nearest`, `besides` of blocks and tables is of each player that
has joined what these compare (the player, parts of rounds, points by questions, how far off), and `won` of each round that is won
the most points and who has them, nobody if these are 0. Where `features` has a fee, there is `[who, "paid", player, true]`, or
false; `noted` of blocks and tables is of each player that is noted as having paid the player and who says so, and `fees` of each
place with a percentage above 0 the place, how many share it, and what each of them gets, in hundredths, 0 while nobody has paid.
Where `membership` says something, there is `[who, "join", name, ticket]`; a ticket has the number of its key, its uses, when it expires,
the player `by` whom it is signed, and the one `for` whom its key signed; `names` of blocks and tables is of each player that has
joined the player and the name, `tickets` of each key with which somebody has joined the key and how many have.
Where `features` has schemes, its `stages` have each a stage and its `scoring`. `quotas`, beside `grids`, are rows of a scheme, a
tip, a result, how many players have a bet, how many of them are right (0 where the tip is wrong), and the points.
Fields that are not known here are passed over.
"""

import copy
import itertools
import json
import pathlib
import sys

from after import After, shown
from points import Points, counts_as, worth as tip_worth
from questions import Asking, worth
from rounds import Rounds
from tournament import SCHEMES
from validators import Refused, first

OPTIONS = ["Brazil", "Spain", "France", "England"]
RULES = {
    "tips": "sealed", "deadline_lead_s": 60, "opening_window_s": 3_000, "dispute_window_s": 1_000, "schedule_quorum": 2,
    "results_quorum": 2, "stake_min": 5, "stake_max": 9, "short_tips_void": False, "anybody_opens": False, "notice_s": 500,
    "organisers_quorum": 0, "tie_breaks": [],
}


def choice(slots, misplaced=None, perfect=0, **more):
    asks = {"kind": "choice", "options": OPTIONS, "misplaced": misplaced, "perfect": perfect}
    return {"no": 0x4000, "code": "top", "text": "Top?", "closes": 1_000, "points": 5, "slots": slots, "asks": asks, **more}


def number(least, most, *near):
    asks = {"kind": "number", "least": least, "most": most, "near": near}
    return choice(1, asks=asks)


def check_points():
    """Every answer, against the best choice of slots whose answers differ; to open one never takes points away."""
    for slots, misplaced in itertools.product((1, 2, 3), (None, 0, 2, 5)):
        asked = choice(slots, misplaced if slots > 1 else None)
        ordered = asked["asks"]["misplaced"] is not None
        for right in itertools.permutations(range(4), slots if ordered else 2):
            for answers in itertools.product((None, 0, 1, 2, 3, 4), repeat=slots):
                best = 0
                for some in itertools.product((False, True), repeat=slots):
                    taken = [(place, answer) for place, answer in enumerate(answers) if some[place] and answer in right]
                    if len({answer for _, answer in taken}) == len(taken):
                        at = [5 if not ordered or right[place] == answer else misplaced for place, answer in taken]
                        best = max(best, sum(at))
                assert worth(asked, right, answers) == best, (asked, right, answers)
                full = choice(slots, asked["asks"]["misplaced"], 7 * (slots > 1))
                perfect = answers == right if ordered else len({*answers} & {*right}) == slots
                assert worth(full, right, answers) == best + 7 * (perfect and slots > 1), (full, right, answers)
                for place in range(slots):
                    shut = [*answers[:place], None, *answers[place + 1:]]
                    assert worth(full, right, shut) <= worth(full, right, answers), (full, right, answers)
    goals = number(10, 400, 3, 3, 1)
    assert [worth(goals, [172, 20], [n]) for n in (172, 171, 174, 175, 176, 20, 9, None)] == [5, 3, 3, 1, 0, 5, 0, 0]
    assert [worth(number(0, 9), [9], [n]) for n in (9, 8, 10)] == [5, 0, 0]


def refused(pool, code, *attempt):
    try:
        copy.deepcopy(pool).play(*attempt)
    except Refused as reason:
        assert code in reason.args, (attempt, reason.args)
        return
    raise AssertionError(attempt)


def refused(pool, code, *attempt):
    try:
        copy.deepcopy(pool).play(*attempt)
    except Refused as reason:
        assert code in reason.args, (attempt, reason.args)
    else:
        raise AssertionError(attempt)


def check_pool():
    """A question from its asking until it is final, in a pool with two organisers."""
    pool = Asking(RULES, [], [1, 2], 50)

    def block(time, *attempts):
        pool.begin(time)
        return [pool.play(*attempt) for attempt in attempts]

    def by_both(*act):
        return [[who, *act] for who in (1, 2)]

    asked = choice(2, 2, 7)
    wider = {**asked, "closes": 1_400, "asks": {**asked["asks"], "options": [*OPTIONS, "Italy"]}}
    seals, void = [[0x4000, "0-1", 1, 0], [0x4001, "0-4", 2, 0]], {"status": "cancelled"}
    block(0, [1, "join"], [2, "join"], [3, "join"], [1, "question", asked])
    refused(pool, "unknown-match", 3, "bet", seals)
    refused(pool, "not-an-organiser", 3, "question", asked)
    refused(pool, "bad-encoding", 2, "question", choice(5))
    refused(pool, "kickoff-in-the-past", 2, "question", {**asked, "closes": 499})
    block(500, [2, "question", asked], [3, "bet", seals])
    refused(pool, "bad-stake", 3, "bet", [[0x4000, "0-1", 1, 5]])
    refused(pool, "match-number-taken", 1, "question", choice(1, no=0x4001, code="other"))
    refused(pool, "match-number-taken", 1, "schedule", {"no": 0x4009, "code": "M9", "kickoff": 2_000})
    refused(pool, "match-code-taken", 1, "question", choice(1, no=0x4002, code="TOP"))
    refused(pool, "teams-fixed", 1, "question", {**asked, "text": "Last?"})
    full, texts = copy.deepcopy(pool), [f"Team {n}" for n in range(32)]
    for first in range(0x5000, 0x50E0, 32):
        many = choice(32, no=first, code=f"q{first}", asks={**asked["asks"], "options": texts})
        for who in (1, 2):
            full.play(who, "question", many)
    refused(full, "too-many-matches", 1, "question", {**many, "no": 0x6000, "code": "more"})
    refused(pool, "result-too-early", 1, "result", 0x4000, {"status": "answered", "right": [4, 1]})
    block(500, *by_both("question", wider))
    pool.begin(901)
    refused(pool, "match-started", 1, "question", wider)
    gone = copy.deepcopy(pool)
    for who in (1, 2):
        gone.play(who, "result", 0x4000, void)
    assert gone.play(3, "bet", seals) == [0x4000, 0x4001]
    gone.begin(1_400)
    refused(gone, "bad-outcome", 1, "result", 0x4000, {"status": "answered", "right": [4, 1]})
    refused(pool, "match-started", 1, "question", {**wider, "closes": 9_000})
    refused(pool, "opening-too-early", 3, "open", [seal[:3] for seal in seals])
    refused(pool, "result-too-early", 1, "result", 0x4000, {"status": "answered", "right": [4, 1]})
    block(1_400, *by_both("result", 0x4000, {"status": "answered", "right": [4, 1]}))
    refused(pool, "bad-outcome", 1, "result", 0x4000, {"status": "answered", "right": [4]})
    refused(pool, "bad-outcome", 1, "result", 0x4000, {"status": "answered", "right": [4, 5]})
    refused(pool, "bad-outcome", 1, "result", 0x4000, {"status": "played", "after_90": "1-0"})
    refused(pool, "unknown-match", 1, "result", 0x4001, void)
    given = [pool.more()[3]]
    for seal in seals:
        block(1_400, [3, "open", [seal[:3]]])
        given.append(pool.more()[3])
    assert (given, pool.questions[0x4000].due) == ([0, 2, 4], 4_400)
    block(1_500, *by_both("result", 0x4000, {"status": "answered", "right": [1, 4]}), [3, "object", 0x4000])
    assert (pool.more(), pool.more(1_401)[3], pool.questions[0x4000].due) == ({1: 0, 2: 0, 3: 17}, 0, 2_500)
    pool.begin(2_500)
    refused(pool, "result-final", 1, "result", 0x4000, void)


def check_rounds():
    """Rounds that seventeen win, nobody wins, and that are won no more; who was how far off; and what hangs on it."""
    rules = {
        **RULES, "tips": "open", "stake_min": 0, "base": "90", "stages": [], "awarded_counts": True, "nobody_right": "refund",
        "later_kickoff_reopens": False, "put_off_stays_open": False, "schedule_quorum": 1, "results_quorum": 1,
        "tie_breaks": ["wins", "nearest", "bonus"], "scoring": SCHEMES["kicktipp"],
    }
    one = {"no": 1, "code": "M1", "home": "Home", "away": "Away", "kickoff": 1_000, "stage": "Final"}
    many, answers = range(1, 18), {1: "1-72", 2: "0-20", 3: "0-9"}
    pool = Rounds(rules, [one, {**one, "no": 2, "code": "M2", "stage": "final"}], [1], 0)

    def block(time, *attempts):
        pool.begin(time)
        for attempt in attempts:
            pool.play(*attempt)
        return pool.won()

    def result(no, status, **more):
        return [1, "result", no, {"status": status, **more}]

    tips = [[who, "bet", [[1, "1-0", None, 0], [2, "1-0", None, 0]]] for who in many]
    asked = [1, "question", number(10, 400)]
    block(0, *([who, "join"] for who in many), *tips, asked, *([who, "bet", [[0x4000, it, None, 0]]] for who, it in answers.items()))
    right = result(0x4000, "answered", right=[30, 171])
    assert block(1_000, result(1, "played", after_90="1-0"), result(2, "postponed"), right) == {}
    assert block(2_000, result(2, "abandoned")) == {"Final": [4, [*many]]}
    assert block(3_000) == {"Final": [4, [*many]], "final": [0, []]}
    assert (*pool.wins().values(),) == (42_395,) * 17
    assert (*pool.nearest().values(),) == (1, 10, *(10_000,) * 15)
    assert [row[:2] for row in pool.everybody()[:4]] == [[1, 1], [2, 2], [3, 3], [3, 4]]
    assert {row[0] for row in pool.table(pool.of_stage("Final"))} == {1}
    assert [*block(3_000, [1, "schedule", {**one, "no": 3, "code": "M3", "kickoff": 9_000}])] == ["final"]
    assert (*pool.wins().values(),) == (0,) * 17
    assert [*block(3_000, result(3, "cancelled"))] == ["final"]
    assert block(4_000) == {"Final": [4, [*many]], "final": [0, []]}


def check_schemes():
    """K8 to K10, by hand: what is published of quotas, near misses, and what counts as a difference."""
    nothing = {side: dict.fromkeys(("exact", "difference", "tendency"), 0) for side in ("home", "draw", "away")}
    quotas = [{"kind": "quota", "least": 3, "most": most, "lines": nothing} for most in (10, 8, 7)]
    assert [tip_worth(scheme, (1, 0), (3, 1), 25, 5) for scheme in quotas] == [7, 6, 6]
    quota, near, nine = SCHEMES["quota"], SCHEMES["superbru"], SCHEMES["nine"]
    # Alone of all, in company, all alike, wrong; a line comes on top of `most`.
    rights = (((2, 1), 25, 1), ((3, 2), 25, 10), ((2, 0), 25, 25), ((1, 1), 25, 0))
    assert [tip_worth(quota, tip, (2, 1), *others) for tip, *others in rights] == [12, 6, 3, 0]
    # Half of a point is rounded up: 10 × 1 ∕ 20 is 0.5.
    assert [tip_worth(quota, (1, 1), (0, 0), 3, 2), tip_worth(quota, (0, 0), (0, 0), 3, 2)] == [4, 6]
    tips = ((2, 1), (3, 2), (1, 0), (3, 1), (2, 0), (3, 0), (4, 3), (4, 2), (5, 4), (1, 1), (1, 2))
    assert [tip_worth(near, tip, (2, 1)) for tip in tips] == [12, 6, 6, 6, 6, 4, 4, 4, 4, 0, 0]
    assert [tip_worth(near, tip, (1, 1)) for tip in ((1, 1), (0, 0), (2, 2), (3, 3), (1, 0))] == [12, 6, 6, 4, 0]
    assert {counts_as(near, (3, 2), (2, 1)), counts_as(near, (0, 0), (1, 1))} == {"tendency"}
    cases = [((2, 1), (2, 1)), ((1, 0), (2, 1)), ((3, 0), (2, 1)), ((0, 0), (1, 1))]
    cases += [(tip, (1, 3)) for tip in ((0, 1), (0, 2), (1, 1))]
    assert [tip_worth(nine, *case) for case in cases] == [4, 3, 2, 4, 4, 5, 0]
    is_as = ["exact", "difference", "tendency", "tendency", "tendency", "difference", "one_team"]
    assert [counts_as(nine, *case) for case in cases] == [counts_as(quota, *case) for case in cases] == is_as
    alike = {**nine, "away": {"exact": 6, "difference": 4, "tendency": 4}}
    assert [counts_as(alike, *case)[0] for case in cases] == ["e", "d", "t", "t", "t", "t", "o"]


def check_quota():
    """Seals that are opened one after another, points by stage, and a pot that is shared by the points as they are in the end."""
    rules = {
        **RULES, "base": "90", "stages": [{"stage": "Final", "base": "90", "multiplier": 2}], "awarded_counts": True,
        "nobody_right": "refund", "later_kickoff_reopens": False, "put_off_stays_open": False, "schedule_quorum": 1,
        "results_quorum": 1, "scoring": SCHEMES["nine"], "notice_s": 0,
        "features": {"schemes": {"stages": [{"stage": "Final", "scoring": SCHEMES["quota"]}]}},
    }
    one = {"no": 1, "code": "M1", "home": "Home", "away": "Away", "kickoff": 1_000, "stage": "Final"}
    pool = Points(rules, [one, {**one, "no": 2, "code": "M2", "stage": "final"}], [1], 50)
    scores = {1: "2-1", 2: "1-0", 3: "3-1", 4: "0-0", 5: "1-0"}

    def block(time, *attempts):
        pool.begin(time)
        for attempt in attempts:
            pool.play(*attempt)
        return [row[2] for row in sorted(pool.everybody(), key=lambda row: row[1])]

    tips = [[who, "bet", [[no, score, 9, 5] for no in (1, 2)]] for who, score in scores.items()]
    block(0, *([who, "join"] for who in (*scores, 6)), *tips)
    record = [1, "result", 1, {"status": "played", "after_90": "2-1"}]
    # Of five with a bet, one is right: least + 4, and 2 on top, twice; then two, three, and still three.
    assert block(1_000, record, [1, "open", [[1, "2-1", 9]]]) == [18, 0, 0, 0, 0, 0]
    assert block(1_000, [2, "open", [[1, "1-0", 9]]]) == [2 * (3 + 2 + 2), 2 * (3 + 2 + 1), 0, 0, 0, 0]
    assert block(2_000, [3, "open", [[1, "3-1", 9]]]) == [2 * (3 + 1 + 2), 2 * (3 + 1 + 1), 2 * (3 + 1), 0, 0, 0]
    assert block(2_000, [4, "open", [[1, "0-0", 9]]]) == [12, 10, 8, 0, 0, 0]
    # Who has not opened still is one of five with a bet, also once the window is over.
    assert block(4_000) == [12, 10, 8, 0, 0, 0]
    assert pool.matches[1].final and pool.matches[1].paid == {1: 10, 2: 8, 3: 7, 4: 0}
    # The other stage is not the one that is named.
    assert pool.scheme(pool.matches[2]) is SCHEMES["nine"]


def check_after():
    """J8 and J9, by hand: an account as it is shown, and who may join by what name and ticket."""
    assert shown(1) == "bolao132yw8ht5p8cetl2jmvknewjawt9xwzdlrk2pyxlnwjyqrdq0dawq2q74m3"
    known = [{"account": shown(who), "name": name} for who, name in ((2, "Ana"), (3, "Bruno"))]
    pool = After({**RULES, "features": {"next": {"after": "07" * 32, "known": known}}}, [], [1], 50)
    pool.membership = "invite"
    pool.begin(1_000)
    ticket = {"key": 200, "uses": 1, "expires": 2_000, "by": 1, "for": 9}
    refused(pool, "name-kept", 9, "join", "ANA", ticket)
    refused(pool, "name-kept", 1, "join", "Ana", None)
    refused(pool, "name-kept", 3, "join", "ana", None)
    refused(pool, "invitation-needed", 9, "join", "Nina", None)
    refused(pool, "bad-invitation", 2, "join", "Ana", ticket)
    pool.play(2, "join", "Anita", {**ticket, "expires": 0, "by": 9, "for": 2})
    refused(pool, "name-kept", 9, "join", "Ana", ticket)
    refused(pool, "name-taken", 3, "join", "ANITA", None)
    pool.play(9, "join", "Nina", ticket)
    refused(pool, "ticket-used-up", 8, "join", "Otto", {**ticket, "for": 8})
    pool.play(3, "join", "BRUNO", {**ticket, "for": 3})
    refused(pool, "name-taken", 8, "join", "Bruno", None)
    assert (pool.names, pool.used) == ({2: "Anita", 9: "Nina", 3: "BRUNO"}, {200: 1})


def replay(game):
    """Plays a tournament of the file, and gives what does not come out as it says."""
    days = game.get("days")
    pool = After(
        game["rules"], game["matches"], range(1, game["organisers"] + 1), game["starting_chips"], game.get("votes"),
        game.get("bounds"), days,
    )
    pool.membership = game.get("membership", "open")
    for at, block in enumerate(game["blocks"]):
        pool.begin(block["time"])
        yield at, "void", [pool.play(*attempt) for attempt in copy.deepcopy(block["txs"])], block["void"]
        for attempt, codes in block["refused"]:
            later = copy.deepcopy(pool)
            later.begin(block["time"])
            try:
                later.play(*attempt)
                yield at, "not refused", attempt, codes
            except Refused as reason:
                yield at, attempt, first(attempt[1], reason.args), codes
        rows = pool.everybody()
        numbers = {
            "chips": [pool.chips.get(who) for who in game["players"]],
            "points": [row[2] for row in sorted(rows, key=lambda row: row[1])],
            "rollover": pool.rollover,
            "jokers": pool.out(),
            **pool.told(),
        }
        yield from ((at, name, number, block[name]) for name, number in numbers.items() if name in block)
        if at == game["middle_block"]:
            yield from tables(pool, game, game["middle"])
    yield from tables(pool, game, game["end"])


def tables(pool, game, there):
    yield "standings", "", [list(row) for row in pool.everybody()], there["standings"]
    yield from (("besides", "", name, number, there[name]) for name, number in pool.told().items() if name in there)
    for stage, rows in there["stages"].items():
        yield "stage", stage, pool.table(pool.of_stage(stage)), rows
    for no, rows in there["from"].items():
        since = pool.matches[int(no)].fixture["kickoff"]
        later = [m for m in pool.matches.values() if (m.fixture["kickoff"] or 0) >= since]
        yield "from", no, [list(row) for row in pool.table(later, pool.more(since))], rows
    for no, says in there.get("questions", {}).items():
        question = pool.questions[int(no)]
        given = [question.gives(who) for who in game["players"]]
        is_so = {"question": question.asked, "record": question.record, "final": question.final, "points": given}
        yield from (("question", no, name, is_so[name], value) for name, value in says.items() if name in is_so)


def main():
    check_points()
    check_pool()
    check_rounds()
    check_schemes()
    check_quota()
    check_after()
    path = pathlib.Path(__file__).parent.parent / "vectors" / "tournaments.json"
    games = json.loads(path.read_text())["tournaments"]
    compared = [(game["scheme"], game["seed"], *one) for game in games for one in replay(game)]
    wrong = [one for one in compared if one[-1] != one[-2]]
    asked = sum(any(act[1] == "question" for block in game["blocks"] for act in block["txs"]) for game in games)
    print(*wrong[:20], f"{len(games)} tournaments, {asked} with questions, {len(wrong)} numbers that differ", sep="\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
