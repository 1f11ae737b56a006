#!/usr/bin/env python3
"""Writes asert.json: aserti3-2d by big integers, after the specification of Bitcoin Cash's upgrade of November 2020; and
eased.json: the targets of `hybrid` pools (rules A2, A4 and A5), which ease while no block comes.

Independent of the Rust: Python's unbounded integers, and compact targets as Bitcoin's arith_uint256 has them. The runs
marked as published are the parameters of the specification's own test vectors; the first one's targets are asserted.
"""
import json
import pathlib

LIMIT = 0x1D00FFFF


def expand(bits):
    size, word = bits >> 24, bits & 0x7FFFFF
    return word >> 8 * (3 - size) if size <= 3 else word << 8 * (size - 3)


def compact(target):
    size = (target.bit_length() + 7) // 8
    word = target << 8 * (3 - size) if size <= 3 else target >> 8 * (size - 3)
    if word & 0x800000:
        word, size = word >> 8, size + 1
    return size << 24 | word


def next_bits(anchor_bits, limit, interval, half_life, time_delta, height_delta):
    dividend = (time_delta - interval * (height_delta + 1)) * 65536
    # C divides towards zero.
    exponent = abs(dividend) // half_life * (1 if dividend >= 0 else -1)
    shifts, frac = exponent >> 16, exponent & 0xFFFF
    factor = 65536 + (
        (195766423245049 * frac + 971821376 * frac**2 + 5127 * frac**3 + 2**47) >> 48
    )
    target = expand(anchor_bits) * factor
    shifts -= 16
    target = target << shifts if shifts >= 0 else target >> -shifts
    return compact(max(1, min(target, limit)))


def eased(name, zero_bits, interval, half_life, points):
    """Each point: the parent's height, its time and the block's, both since genesis."""
    first = compact(2 ** (256 - zero_bits) - 1)
    limit = min(expand(first) << 8, 2**255 - 1)
    out = []
    for height, parent, time in points:
        # Genesis is the anchor; its parent stands one interval before it.
        bits = next_bits(first, limit, interval, half_life, parent + interval, height)
        steps = min(255, max(0, -(-(time - parent - 120) // 20)))
        if steps:
            bits = compact(min(expand(bits) << steps, limit))
        out.append([height, parent, time, f"{bits:#010x}"])
    return {
        "name": name,
        "zero_bits_at_start": zero_bits,
        "block_interval_s": interval,
        "half_life_s": half_life,
        "points": out,
    }


def run(name, anchor, start, step, count, interval=600, half_life=172800, limit=LIMIT):
    anchor_height, anchor_parent_time, anchor_bits = anchor
    (height, time), points = start, []
    for index in range(count):
        bits = next_bits(
            anchor_bits, expand(limit), interval, half_life, time - anchor_parent_time, height - anchor_height
        )
        points.append([height, time, f"{bits:#010x}"])
        up, on = step(index)
        height, time = height + up, time + on
    return {
        "name": name,
        "anchor_height": anchor_height,
        "anchor_parent_time": anchor_parent_time,
        "anchor_bits": f"{anchor_bits:#010x}",
        "limit_bits": f"{limit:#010x}",
        "interval_s": interval,
        "half_life_s": half_life,
        "points": points,
    }


def main():
    day2 = 172800
    steady = run("published: steady pace", (1, 0, LIMIT), (2, 1200), lambda _: (1, 600), 10)
    assert all(point[2] == "0x1d00ffff" for point in steady["points"])
    noise = lambda i: (1, (i * i * 7919 + i * 104729) % 2400)
    runs = [
        steady,
        run("published: from the hardest to the limit, a half-life late each time", (1, 0, 0x01010000), (2, 173400),
            lambda _: (1, 600 + day2), 225),
        run("ever harder, 288 blocks at once", (1, 0, LIMIT), (2, 1200), lambda _: (288, 0), 240),
        run("noise around the pace", (661647, 1605447844, 0x1804DAFE), (661648, 1605448590), noise, 400),
        run("fractions of a half-life", (1, 0, 0x1A2B3C4D), (2, 1200), lambda i: (1, 600 + 37 * i), 300),
        run("an anchor with the top bit, short half-life", (0, 0, 0x207FFFFF), (0, 10), lambda i: (1, (i * 13) % 25),
            200, 10, 60, 0x207FFFFF),
        run("time that goes back", (0, 1_000_000, 0x1F00FFFF), (5, 1_000_000), lambda i: (1, -30 if i % 3 else 100),
            100, 60, 3600, 0x2000FFFF),
    ]
    waits = [0, 1, 119, 120, 121, 140, 141, 160, 161, 300, 421, 440, 441, 1_000, 3_600, 86_400, 4_000_000_000]
    steps = lambda height, parent, waits: [(height, parent, parent + wait) for wait in waits]
    pools = [
        eased("on the pace", 24, 60, 3600, steps(100, 6000, waits)),
        eased("ahead of the pace, after a burst of hash power", 24, 60, 3600,
              steps(1300, 7260, range(0, 1300, 7))),
        eased("at the limit already", 24, 60, 3600, steps(2, 1_000_000, waits)),
        eased("behind the pace, and a block that is dated before its parent", 20, 30, 600,
              [(40, 3000, 2950), (40, 3000, 3000), (40, 3000, 3121), (40, 3000, 3221), (40, 3000, 3300)]),
        eased("easier than which there is nothing", 3, 10, 60, steps(50, 300, waits)),
        eased("the hardest start", 128, 86_400, 86_400, steps(0, 0, waits)),
    ]
    for name, vectors in [("asert", runs), ("eased", pools)]:
        path = pathlib.Path(__file__).with_name(f"{name}.json")
        path.write_text("[\n" + ",\n".join(json.dumps(it) for it in vectors) + "\n]\n")


main()
