"""Two summaries that add up, whoever made their parts: how long things took, and how many different ones there were.

Times fall into buckets that grow by a factor, as in DDSketch (Masson, Rim, Lee: PVLDB 12(12), 2019): two sketches merge
by adding the counts of equal buckets, and every quantile is within ERROR of a time that was measured. Different things
are counted by HyperLogLog (Flajolet and others, 2007) with the estimator of Ertl (arXiv:1702.01284): two sketches merge
by the larger of equal registers, and the standard error is 1.04 / sqrt(REGISTERS), that is 0.8 %.
"""

import math
from collections.abc import Mapping

ERROR = 0.05
LEAST_SECONDS = 0.000_1  # what is shorter counts as this
LAST_BUCKET = 140  # what is longer than two minutes counts as that
_GROWTH = (1 + ERROR) / (1 - ERROR)
_SCALE = 1 / math.log(_GROWTH)

_BITS = 14
REGISTERS = 1 << _BITS
_LARGEST_RANK = 64 - _BITS + 1


def bucket(seconds: float) -> int:
    """The bucket of a time: number i holds what is at most LEAST_SECONDS times _GROWTH to the power of i."""
    if seconds <= LEAST_SECONDS:
        return 0
    return min(math.ceil(math.log(seconds / LEAST_SECONDS) * _SCALE), LAST_BUCKET)


def quantile(counts: Mapping[int, int], share: float) -> float | None:
    """The time in seconds that this share of all is not above, from the counts by bucket; None if there are none."""
    rank, seen = share * (sum(counts.values()) - 1), 0
    for number in sorted(counts):
        seen += counts[number]
        if seen > rank:
            return LEAST_SECONDS * 2 * _GROWTH**number / (_GROWTH + 1)
    return None


def register(hashed: int) -> tuple[int, int]:
    """The register of a 64-bit hash, and the rank that it must have at least."""
    rest = hashed & ((1 << (64 - _BITS)) - 1)
    return hashed >> (64 - _BITS), _LARGEST_RANK - rest.bit_length()


def distinct(ranks: Mapping[int, int]) -> int:
    """About how many different hashes there were, from how many registers have each rank; those of rank 0 may lack."""
    filled = sum(count for rank, count in ranks.items() if rank)
    if not filled:
        return 0
    total = REGISTERS * _tau(1 - ranks.get(_LARGEST_RANK, 0) / REGISTERS)
    for rank in range(_LARGEST_RANK - 1, 0, -1):
        total = (total + ranks.get(rank, 0)) / 2
    total += REGISTERS * _sigma((REGISTERS - filled) / REGISTERS)
    return round(REGISTERS * REGISTERS / (2 * math.log(2) * total))


def _sigma(share: float) -> float:
    total, weight, before = share, 1.0, -1.0
    while total != before:
        share *= share
        before = total
        total += share * weight
        weight *= 2
    return total


def _tau(share: float) -> float:
    if share in (0, 1):
        return 0.0
    total, weight, before = 1 - share, 1.0, -1.0
    while total != before:
        share = math.sqrt(share)
        before = total
        weight /= 2
        total -= (1 - share) ** 2 * weight
    return total / 3
