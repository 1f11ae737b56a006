"""The accounts of the players: ed25519 public keys (RFC 8032), whose bytes break ties when a pot is shared."""

import functools
import hashlib

P = 2**255 - 19
D = -121665 * pow(121666, P - 2, P) % P
BASE = (
    15112221349535400772501151409588531511454012693041857206046113283949847762202,
    46316835694926478169428394003475163141307993866256225615783033603165251855960,
)


def plus(a, b):
    (x1, y1), (x2, y2) = a, b
    t = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + t, P - 2, P) % P
    y = (y1 * y2 + x1 * x2) * pow(1 - t, P - 2, P) % P
    return x, y


@functools.cache
def account(who):
    """The public key of the secret key that repeats the byte `who`."""
    digest = hashlib.sha512(bytes([who]) * 32).digest()
    scalar = int.from_bytes(digest[:32], "little") & ~7 & ((1 << 254) - 1) | 1 << 254
    result, power = (0, 1), BASE
    while scalar:
        if scalar & 1:
            result = plus(result, power)
        power, scalar = plus(power, power), scalar >> 1
    x, y = result
    return (y | (x & 1) << 255).to_bytes(32, "little")
