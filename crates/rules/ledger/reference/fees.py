"""An entry fee, as the document of the rules has it, and random tournaments in which organisers note who has paid it."""

from rounds import Rounds, WithRounds
from validators import refuse

# An account that never joins.
STRANGER = 99
# Account, nonce, the action's byte, the account and whether it has paid, signature.
BYTES = 32 + 8 + 1 + 33 + 64


class Fees(Rounds):
    """A pool that knows an entry fee, if its rules have one."""

    def __init__(self, *args):
        self.noted = {}  # who has paid: the organiser who says so
        super().__init__(*args)

    def of_fee(self):
        return self.rules.get("features", {}).get("fee")

    def played(self, who, kind, *args):
        return self.paid(who, *args) if kind == "paid" else super().played(who, kind, *args)

    def paid(self, who, whom, has):
        """Z4, and before it what T8 asks of every action, in its order."""
        refuse({"unknown-action": not self.of_fee()})
        refuse({"unknown-account": who not in self.chips})
        staff = who in self.organisers
        refuse({"too-often": not staff and self.too_often(who), "not-an-organiser": not staff})
        refuse({"unknown-payer": whom not in self.chips})
        if has:
            self.noted[whom] = who
        else:
            self.noted.pop(whom, None)
        return []

    def too_often(self, who):
        """U1."""
        bounds = self.bounds
        if not bounds:
            return False
        sent = [size for at, size in self.sent.get(who, []) if at > self.clock - bounds["window_s"]] + [BYTES]
        return len(sent) > bounds["account_transactions"] or sum(sent) > bounds["account_bytes"]

    def shares(self):
        """Z5: the places that have a part: each, how many are on it, and what every one of them gets, in hundredths."""
        fee, rows, parts = self.of_fee(), self.everybody(), {}
        pot = hundredths(fee["amount"]) * len(self.noted)
        percentages = [*fee["split"], *[0] * len(rows)]
        for (place, *_), percentage in zip(rows, percentages, strict=False):
            parts.setdefault(place, []).append(percentage)
        return [[place, len(of), pot * sum(of) // (100 * len(of))] for place, of in parts.items() if sum(of)]

    def told(self):
        """Who has paid and who says so, by the numbers of the players, and what places get."""
        if not self.of_fee():
            return super().told()
        return super().told() | {"noted": sorted([whom, by] for whom, by in self.noted.items()), "fees": self.shares()}


def hundredths(amount):
    """Of an amount such as "12.50"."""
    whole, part = amount.split(".")
    return 100 * int(whole) + int(part)


# In hundredths. Of the smallest, hardly a place gets any.
AMOUNTS = (1, 7, 333, 500, 500, 1_000, 1_000, 1_250, 1_250, 1_999, 10_000, 100_000_000)
CURRENCIES = ("€", "€", "EUR", "R$", "CHF", "Kč", "Taler", "CAD 2026")


class WithFees(WithRounds):
    pool_of = Fees

    def with_every_rule(self):
        super().with_every_rule()
        dice = self.dice
        amount = dice.choice(AMOUNTS)
        fee = {
            "amount": f"{amount // 100}.{amount % 100:02}",
            "currency": dice.choice(CURRENCIES),
            "split": self.split(dice.randint(1, 6)),
        }
        if dice.random() < 0.97:
            self.rules["features"] = {**self.rules.get("features", {}), "fee": fee}
        # How often somebody notes who has paid.
        self.noting = dice.choice((0.08, 0.12, 0.2)) if "fee" in self.rules.get("features", {}) else 0.05

    def split(self, places):
        """So many percentages, the largest first. Now and then several are alike."""
        cuts = [0, *sorted(self.dice.sample(range(1, 100), places - 1)), 100]
        if self.dice.random() < 0.2:
            cuts = [100 * n // places for n in range(places + 1)]
        return sorted((end - start for start, end in zip(cuts, cuts[1:], strict=False)), reverse=True)

    def paid(self):
        dice, pool = self.dice, self.pool
        joined, noted = sorted(pool.chips), sorted(pool.noted)
        owing = [who for who in joined if who not in noted]
        outside = [STRANGER] + [self.late] * 2 * (self.late not in joined)
        others = [who for who in joined if who not in pool.organisers] or joined
        # They have sent as much as is taken.
        busy = [who for who in others if who not in pool.organisers and pool.too_often(who)]
        staff = dice.random() < 0.8
        who = dice.choice(pool.organisers if staff else dice.choice((busy or others, others, outside)))
        some, has = dice.choice((
            *((owing, True),) * 6, *((noted, True),) * 3, *((noted, False),) * 2, (owing, False),
            *((outside, True), (outside, False)) * (1 if staff else 2),
        ))
        # Of oneself, too.
        whom = who if dice.random() < (0.1 if staff else 0.25) else dice.choice(some or joined)
        return [who, "paid", whom, has]

    def attempt(self):
        dice, pool = self.dice, self.pool
        if dice.random() < self.noting:
            return self.paid()
        if self.rules["organisers_quorum"] and dice.random() < 0.04:
            return self.organiser(dice.choice(pool.organisers))
        return super().attempt()

    def last_acts(self, time):
        """Some pay late, and then places change."""
        self.block(time + 5, [self.paid() for _ in range(3)])
        super().last_acts(time)
