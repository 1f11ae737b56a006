#!/usr/bin/env python3
"""Writes asert.json: aserti3-2d by big integers, after the specification of Bitcoin Cash's upgrade of November 2020.

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


def next_bits(anchor_bits, limit_bits, interval, half_life, time_delta, height_delta):
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
    return compact(max(1, min(target, expand(limit_bits))))


def run(name, anchor, start, step, count, interval=600, half_life=172800, limit=LIMIT):
    anchor_height, anchor_parent_time, anchor_bits = anchor
    (height, time), points = start, []
    for index in range(count):
        bits = next_bits(
            anchor_bits, limit, interval, half_life, time - anchor_parent_time, height - anchor_height
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
    path = pathlib.Path(__file__).with_name("asert.json")
    path.write_text("[\n" + ",\n".join(json.dumps(it) for it in runs) + "\n]\n")


main()
