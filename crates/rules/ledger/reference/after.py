"""A pool that comes after another, and who joins by which name and ticket, as the document of the rules has it; random tournaments of it."""

import functools

from accounts import account
from points import Points, WithPoints
from tournament import START
from validators import refuse

LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
# Account, nonce, the action's byte, the length of the name, whether there is an invitation, signature; an invitation.
BYTES = 32 + 8 + 1 + 4 + 1 + 64
INVITATION = 32 + 4 + 8 + 32 + 64 + 64


def checksum(groups):
    """BIP 350, over groups of five bits."""
    value = 1
    for group in groups:
        top, value = value >> 25, (value & 0x1FFFFFF) << 5 ^ group
        for bit, part in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            value ^= part if top >> bit & 1 else 0
    return value


@functools.cache
def shown(who):
    """E3 and E7: the account of a player, as it stands in JSON."""
    whole = int.from_bytes(account(who), "big") << 4
    groups = [whole >> 5 * place & 31 for place in reversed(range(52))]
    prefix = [ord(c) >> 5 for c in "bolao"] + [0] + [ord(c) & 31 for c in "bolao"]
    check = checksum([*prefix, *groups, *[0] * 6]) ^ 0x2BC830A3
    groups += [check >> 5 * place & 31 for place in reversed(range(6))]
    return "bolao1" + "".join(LETTERS[group] for group in groups)


def compared(name):
    """J1, of the names that are played here."""
    return name.lower()


class After(Points):
    """A pool that knows names and tickets, and who played in the pool before, if its rules say so."""

    def __init__(self, *args):
        self.membership = "open"
        self.names, self.used = {}, {}  # player: name; key of a ticket: how many have joined with it
        super().__init__(*args)

    def known(self):
        """The accounts of the pool before, as they are shown, and their names."""
        next_one = self.rules.get("features", {}).get("next", {"known": []})
        return {player["account"]: player["name"] for player in next_one["known"]}

    def played(self, who, kind, *args):
        return self.enter(who, *args) if kind == "join" else super().played(who, kind, *args)

    def enter(self, who, name=None, ticket=None):
        """T8, J1 to J4, J8 and J9, U1 to U3."""
        name, staff, bounds = name or f"Player {who}", who in self.organisers, self.bounds
        refuse({"bad-invitation": ticket and ticket["for"] != who})
        since = self.clock - bounds["window_s"] if bounds else 0
        sent = [use for use in self.sent.get(who, []) if use[0] > since]
        sent.append((self.clock, BYTES + len(name.encode()) + (INVITATION if ticket else 0)))
        bound = bounds and not staff
        often = bound and (len(sent) > bounds["account_transactions"] or sum(use[1] for use in sent) > bounds["account_bytes"])
        refuse({"too-often": often})
        refuse({"already-joined": who in self.chips})
        refuse({"name-taken": compared(name) in map(compared, self.names.values())})
        keeps = [shown_as for shown_as, kept in self.known().items() if compared(kept) == compared(name)]
        refuse({"name-kept": keeps and keeps != [shown(who)]})
        counted = self.admitted(who, staff, ticket)
        joins = [at for at in self.joins if at > since] + [self.clock]
        refuse({"too-many-joins": bound and len(joins) > bounds["joins"]})
        if bound:
            self.sent[who], self.joins = sent, joins
        if counted:
            self.used[ticket["key"]] = self.used.get(ticket["key"], 0) + 1
        self.names[who] = name
        self.join(who)
        return []

    def admitted(self, who, staff, ticket):
        """J2, J3 and J8: whether the ticket is counted."""
        if self.membership == "open" or staff or shown(who) in self.known():
            return False
        refuse({"invitation-needed": ticket is None})
        refuse({"not-invited-by-organiser": ticket["by"] not in self.organisers})
        refuse({"ticket-expired": self.clock >= ticket["expires"]})
        refuse({"ticket-used-up": self.used.get(ticket["key"], 0) >= ticket["uses"]})
        return True

    def told(self):
        """Who has which name, and how often tickets were used."""
        if not self.known():
            return super().told()
        names = sorted([who, name] for who, name in self.names.items())
        return super().told() | {"names": names, "tickets": sorted([key, used] for key, used in self.used.items())}


CASES = (str, str, str.upper, str.lower, str.swapcase)
SPARE = ("Ana", "Zoë", "Bruno", "Ömer", "Иван")


class WithAfter(WithPoints):
    """Who joins when, by which name and with what, is drawn; what else is drawn as before."""
    tries_joins = True

    def with_every_rule(self):
        super().with_every_rule()
        dice = self.dice
        self.membership = dice.choice(("invite", "invite", "invite", "open"))
        if not self.crowd:
            self.late = max(*self.players, 9) + 1
        # Some of them never join.
        self.strangers = [self.late + 1 + more for more in range(3)]
        self.players += [self.late, *self.strangers[:-1]]
        self.late = self.strangers[-1]
        everybody = [*self.players, self.late]
        known = dice.sample(everybody, dice.randint(1, len(everybody)))
        spare = dice.sample(SPARE, len(SPARE))
        names = {who: f"Player {who}" if dice.random() < 0.6 or not spare else spare.pop() for who in known}
        if len(known) > 1 and dice.random() < 0.5:
            # Each has the other's usual name.
            one, other = dice.sample(known, 2)
            names[one], names[other] = names[other], names[one]
        self.known = names
        known = [{"account": shown(who), "name": names[who]} for who in sorted(names, key=account)]
        if dice.random() < 0.95:
            self.rules["features"] = {**self.rules.get("features", {}), "next": {"after": f"{dice.getrandbits(256):064x}", "known": known}}
        else:
            self.known = {}
        if self.bounds:
            self.bounds["joins"] = dice.choice((2, 3, 5, 9))

    def pool_of(self, *args):
        pool = After(*args)
        pool.membership = self.membership
        return pool

    # Who joins.

    def own_name(self, who):
        return self.known.get(who) or (f"Guest {who}" if f"Player {who}" in self.known.values() else f"Player {who}")

    def some_name(self, who):
        dice = self.dice
        kept, taken = sorted(self.known.values()), sorted(self.pool.names.values())
        name = dice.choice((
            *(self.own_name(who),) * 4, *(dice.choice(kept or ["Ana"]),) * 3, dice.choice(taken or ["Ana"]), f"Player {who}", f"Guest {who}",
        ))
        return dice.choice(CASES)(name)

    def some_ticket(self, who):
        dice, pool = self.dice, self.pool
        expires = pool.clock + dice.choice((-100, 0, 1, 500, 5_000, 5_000, 9_000))
        by = dice.choice(pool.organisers if dice.random() < 0.85 else sorted({*self.players, *pool.chips}))
        # Now and then one that was taken from another's joining.
        whose = who if dice.random() < 0.93 else dice.choice(self.players)
        return {"key": dice.randint(200, 207), "uses": dice.choice((1, 1, 2, 3)), "expires": expires, "by": by, "for": whose}

    def outside(self):
        return [who for who in [*self.players, self.late] if who not in self.pool.chips]

    def entering(self):
        dice, outside = self.dice, self.outside()
        who = dice.choice(outside if outside and dice.random() < 0.97 else sorted(self.pool.chips))
        chance = 0.35 if who in self.known else 0.75 if self.membership == "invite" else 0.25
        return [who, "join", self.some_name(who), self.some_ticket(who) if dice.random() < chance else None]

    def attempt(self):
        if self.dice.random() < (0.3 if self.outside() else 0.02):
            return self.entering()
        act = super().attempt()
        # Some are drawn for one player, who may not have joined.
        return act if act[0] in self.pool.chips else self.entering()

    def play(self):
        dice = self.dice
        # An organiser may not take what is kept for another either.
        kept = [[who, "join", dice.choice([*self.known.values(), self.own_name(who)]), None] for who in self.organisers]
        self.block(START, kept)
        self.block(START, [[who, "join", self.own_name(who), None] for who in self.organisers])
        self.block(START, [self.entering() for _ in range(dice.choice((2, 6, 12)))])
        for after in (0, 1):
            self.block(START + after, [self.entering() for _ in range(8)])
        self.block(START + 1, [self.round(who) for who in sorted(self.pool.chips)])
        time = START + 1
        while time < START + 12_000:
            time = self.next_time(time)
            self.block(time, [None] * 9)
        middle = self.tables()
        self.last_acts(time)
        self.block(time + 20_000, [])
        return self.told(middle)

    def told(self, middle):
        return super().told(middle) | {"membership": self.membership}
