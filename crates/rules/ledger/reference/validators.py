"""Who votes on blocks, as the document of the rules has it."""

import hashlib

from accounts import account

MOST, HEAVIEST = 64, 2**50


class Refused(Exception):
    """A transaction that changes nothing, with the codes that fit."""


# T8: of several codes the first of these. Of an account that has not joined there is only one.
FORM = [
    "bad-encoding", "unknown-action", "no-tips", "too-many-tips", "duplicate-tip", "bad-day", "transfers-off", "bad-weight",
    "bad-evidence",
]
ACCOUNT = ["too-often", "already-joined", "too-many-joins", "not-an-organiser"]
ACTION = {
    "bet": ["unknown-match", "wrong-prediction", "bad-stake", "not-enough-chips"],
    "open": ["unknown-match", "nothing-to-open", "opening-too-early", "bad-opening", "wrong-prediction"],
    "open_for": ["unknown-match", "nothing-to-open", "opening-too-early", "bad-opening", "wrong-prediction"],
    "schedule": ["kickoff-in-the-past", "match-number-taken", "match-started", "teams-fixed", "match-code-taken", "too-many-matches"],
    "day": ["unknown-match", "day-over", "match-started", "kickoff-known"],
    "question": [
        "kickoff-in-the-past", "match-started", "match-number-taken", "match-code-taken", "too-many-matches", "teams-fixed",
    ],
    "result": ["unknown-match", "result-too-early", "result-final", "bad-outcome"],
    "object": ["unknown-match", "no-result", "result-final", "objected-already"],
    "transfer": ["empty-transfer", "unknown-receiver", "not-enough-chips"],
    "stake": ["bad-stake", "not-offered", "too-many-validators", "not-enough-chips"],
    "unstake": ["not-staked", "last-validator"],
    "appoint": ["not-offered", "appointed-already", "unknown-validator", "last-validator", "too-many-validators"],
    "organiser": [
        "already-organiser", "unknown-account", "too-many-organisers", "unknown-organiser", "too-few-organisers",
    ],
    "address": ["address-stands"],
    "joker": ["unknown-match", "no-joker", "no-joker-left"],
}


def first(kind, codes):
    """The first code of several, in a list."""
    order = [*FORM, *ACCOUNT, *ACTION.get(kind, [])]
    return [min(codes, key=order.index)] if len(codes) > 1 else [*codes]


def refuse(codes):
    """Refuses with the codes whose reason is there, if any is."""
    there = [code for code, reason in codes.items() if reason]
    if there:
        raise Refused(*there)


class Validators:
    """What a pool has besides where its genesis names validators."""

    def begin_votes(self, votes):
        first = votes["validators"] if votes else []
        self.votes = votes
        self.voters = {who: [key, weight] for who, key, weight in first}
        self.offered = {who: key for who, key, _ in first}
        self.owners = {key: who for who, key, _ in first}
        self.signed, self.proven = {}, set()
        self.coming = None  # when others vote, and their weights
        self.most_ever = len(first)
        self.staked, self.waiting = {}, {}  # chips; chips and when they are free

    def voters_hash(self):
        """What the coinbase of a block begins with, in the byte order of hashes that are shown."""
        voters = sorted((account(key), account(who), weight) for who, (key, weight) in self.voters.items())
        told = b"".join(who + key + weight.to_bytes(8, "little") for key, who, weight in voters)
        told = b"bolao/validators/1" + len(voters).to_bytes(4, "little") + told
        return hashlib.sha256(hashlib.sha256(told).digest()).digest()[::-1].hex()

    def free(self):
        due = sorted((at, account(who), who) for who, (_, at) in self.waiting.items())
        for at, _, who in due[:16]:
            if at <= self.clock:
                self.chips[who] += self.waiting.pop(who)[0]

    def offer(self, who, key):
        refuse({"validator-key-taken": self.owners.get(key, who) != who or self.offered.get(who) == key})
        self.owners[key], self.offered[who] = who, key
        if who in self.voters:
            self.voters[who][0] = key

    def appoint(self, who, whom, key, weight):
        now = {name: voter[1] for name, voter in self.voters.items()}
        following = dict(self.coming[1]) if self.coming else now
        stands = following.get(whom)
        keeps = self.voters[whom][0] if whom in self.voters else self.offered.get(whom)
        refuse({
            "not-an-organiser": who not in self.organisers,
            "bad-weight": weight > HEAVIEST,
            "not-offered": weight and self.offered.get(whom) != key,
            "unknown-validator": not weight and (stands is None and whom not in now or keeps != key),
            "last-validator": not weight and list(following) == [whom],
            "appointed-already": keeps == key and stands == weight or not weight and stands is None and whom in now,
            "too-many-validators": weight and stands is None and len(following) >= MOST,
        })
        self.signed[whom, who] = (key, weight)
        alike = sum(1 for (about, _), signed in self.signed.items() if about == whom and signed == (key, weight))
        if alike < self.wanted(self.votes["change"]["appointed"]["quorum"]):
            return
        self.signed = {place: signed for place, signed in self.signed.items() if place[0] != whom}
        following = {**following, whom: weight}
        following = {name: heavy for name, heavy in following.items() if heavy}
        grows = (
            self.coming is None and whom not in now and len(now) < 4 and len(now) >= self.most_ever
            and weight <= min(now.values())
        )
        if grows or not self.rules["notice_s"]:
            self.become(following)
        else:
            self.coming = None if following == now else (self.clock + self.rules["notice_s"], following)

    def become(self, weights):
        """Others vote from now on. Who does already keeps the key."""
        self.voters = {
            who: [self.voters[who][0] if who in self.voters else self.offered[who], weight] for who, weight in weights.items()
        }
        self.most_ever = max(self.most_ever, len(weights))

    def change_due(self):
        if self.coming and self.coming[0] <= self.clock:
            _, weights = self.coming
            self.coming = None
            self.become(weights)

    def stake(self, who, chips):
        weight = self.voters.get(who, [None, 0])[1]
        least = min(self.voters, key=lambda other: (self.voters[other][1], account(other)))
        full = who not in self.voters and len(self.voters) >= MOST
        refuse({
            "bad-stake": not 1 <= chips <= HEAVIEST - weight,
            "not-enough-chips": chips > self.chips[who],
            "not-offered": who not in self.offered,
            "too-many-validators": full and chips <= self.voters[least][1],
        })
        if full:
            del self.voters[least]
            self.release(least, self.staked.get(least, 0))
        self.chips[who] -= chips
        self.staked[who] = self.staked.get(who, 0) + chips
        self.voters[who] = [self.offered[who], weight + chips]

    def unstake(self, who, chips):
        there = 1 <= chips <= self.staked.get(who, 0)
        left = self.voters[who][1] - chips if there else 1
        refuse({"not-staked": not there, "last-validator": list(self.voters) == [who] and not left})
        self.weigh(who, left)
        self.release(who, chips)

    def weigh(self, who, weight):
        if weight:
            self.voters[who][1] = weight
        else:
            del self.voters[who]

    def release(self, who, chips):
        if chips:
            waited = self.waiting.get(who, [0, 0])[0]
            self.staked[who] -= chips
            self.waiting[who] = [waited + chips, self.clock + self.votes["change"]["stake"]["wait_s"]]

    def evidence(self, _, key, number):
        refuse({"unknown-validator": key not in self.owners})
        who = self.owners[key]
        refuse({"proven-already": (who, number) in self.proven})
        self.proven.add((who, number))
        if "appointed" in self.votes["change"]:
            return
        left = 100 - self.votes["change"]["stake"]["cut_percent"]
        before = self.staked.get(who, 0)
        self.staked[who] = before * left // 100
        self.rollover += before - self.staked[who]
        if who in self.waiting:
            chips, at = self.waiting.pop(who)
            self.rollover += chips - chips * left // 100
            if chips * left // 100:
                self.waiting[who] = [chips * left // 100, at]
        if who in self.voters:
            given = (self.voters[who][1] - before) * left // 100
            weight = given + self.staked[who]
            self.weigh(who, max(weight, 1) if len(self.voters) == 1 else weight)
