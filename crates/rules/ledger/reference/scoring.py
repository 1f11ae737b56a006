"""Points and tables: what a tip is worth and who stands where."""

MISSING = None
LESS_IS_BETTER = ("fewer_missing", "nearest")


def sign(number):
    return (number > 0) - (number < 0)


def kicktipp(tip, result):
    """Exact 4, right difference that is not zero 3, right tendency 2."""
    if tip == result:
        return 4
    if tip[0] - tip[1] == result[0] - result[1] != 0:
        return 3
    return 2 if sign(tip[0] - tip[1]) == sign(result[0] - result[1]) else 0


def c321(tip, result):
    """The same with 3, 2, 1."""
    return {4: 3, 3: 2, 2: 1, 0: 0}[kicktipp(tip, result)]


def wm543(tip, result):
    """5, 4, 3, and another draw has the right difference."""
    if tip == result:
        return 5
    if tip[0] - tip[1] == result[0] - result[1]:
        return 4
    return 3 if sign(tip[0] - tip[1]) == sign(result[0] - result[1]) else 0


def s52(tip, result):
    """Exact 5, tendency 2."""
    if tip == result:
        return 5
    return 2 if sign(tip[0] - tip[1]) == sign(result[0] - result[1]) else 0


def br10(tip, result):
    """Exact 10; tendency with one team's goals or the difference, if not a draw, 7; tendency 5; one team's goals 2."""
    if tip == result:
        return 10
    one = tip[0] == result[0] or tip[1] == result[1]
    if sign(tip[0] - tip[1]) != sign(result[0] - result[1]):
        return 2 if one else 0
    if result[0] == result[1]:
        return 5
    return 7 if one or tip[0] - tip[1] == result[0] - result[1] else 5


def add(tip, result):
    """Exact 5 or tendency 2; 1 for each team's goals; 1 for the difference on top of the tendency, not for a draw."""
    points = (tip[0] == result[0]) + (tip[1] == result[1])
    if tip == result:
        return points + 5
    if sign(tip[0] - tip[1]) == sign(result[0] - result[1]):
        points += 2
        if tip[0] - tip[1] == result[0] - result[1] != 0:
            points += 1
    return points


PRESETS = {f.__name__: f for f in (kicktipp, c321, wm543, s52, br10, add)}


def by_rules(scheme, tip, result):
    """K1 and K2: any scheme, by its numbers."""
    (a, b), (x, y) = tip, result
    right = sign(a - b) == sign(x - y)
    if scheme["kind"] == "sum":
        points = scheme["each_team"] * ((a == x) + (b == y))
        if tip == result:
            return points + scheme["exact"]
        if right:
            points += scheme["tendency"]
        if a - b == x - y and x != y:
            points += scheme["difference"]
        return points
    lines = [0]
    if tip == result:
        lines.append(scheme["exact"])
    if right and x != y:
        lines.append(scheme["tendency"])
        if a - b == x - y:
            lines.append(scheme["difference"])
        home_won = x > y
        if a == x:
            lines.append(scheme["winner_goals" if home_won else "loser_goals"])
        if b == y:
            lines.append(scheme["loser_goals" if home_won else "winner_goals"])
    if right and x == y and tip != result:
        lines.append(scheme["draw"])
    if not right and (a == x or b == y):
        lines.append(scheme["one_team"])
    return max(lines)


def tier(scheme, tip, result):
    """L1: what a tip counts as."""
    (a, b), (x, y) = tip, result
    if tip == result:
        return "exact"
    if sign(a - b) == sign(x - y):
        best = scheme["kind"] == "best"
        more = scheme["difference"] > (scheme["tendency"] if best else 0)
        if a - b != x - y or not more:
            return "tendency"
        return "difference" if x != y or (best and scheme["draw"] >= scheme["difference"]) else "tendency"
    return "one_team" if a == x or b == y else "none"


def table(tie_breaks, players, points, more, besides):
    """Rows of place, player, points, exact, differences, tendencies, missing.

    `points` has a line for each match with a score that counts: for each player points and tier, or `MISSING`. `more` are
    players' points besides, `besides` what else tie-breaks compare, by their names.
    """
    rows = []
    for who in players:
        cells = [line[who] for line in points]
        tiers = [cell[1] for cell in cells if cell is not MISSING]
        counts = [tiers.count(name) for name in ("exact", "difference", "tendency")]
        total = sum(cell[0] for cell in cells if cell is not MISSING) + more.get(who, 0)
        rows.append([who, total, *counts, cells.count(MISSING)])
    column = {"exact": 2, "differences": 3, "tendencies": 4, "fewer_missing": 5}

    def compared(row, name):
        number = row[column[name]] if name in column else besides.get(name, {}).get(row[0], 0)
        return -number if name in LESS_IS_BETTER else number

    def better(row):
        return [row[1], *(compared(row, name) for name in tie_breaks)]

    ranked = [[1 + sum(better(other) > better(row) for other in rows), *row] for row in rows]
    return sorted(ranked)
