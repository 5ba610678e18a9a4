"""Where a run begins: the random kernel that Keras draws for a seed, drawn here without TensorFlow."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Words = tuple[int, int, int, int]

_MULTIPLIERS: Final = (0xD2511F53, 0xCD9E8D57)
_WEYL: Final = (0x9E3779B9, 0xBB67AE85)
_SCRAMBLE: Final = (0x3EC8F720, 0x02461E29)
_32_BITS: Final = 0xFFFFFFFF


def glorot_kernel(seed: int, features: int) -> Floats:
    """Draw the kernel (features,) that the linear model begins with; its bias begins at 0.

    Uniform within +-sqrt(6 / (features + 1)) (Glorot and Bengio, 2010), bit for bit as `descend` does for this seed.
    """
    layer_seed = int(np.random.SeedSequence(seed).generate_state(1)[0]) >> 1
    first = _philox((layer_seed % (2**31 - 2), 0, 0, 0), _SCRAMBLE)
    blocks = [_philox((block, 0, first[2], first[3]), first[:2]) for block in range((features + 1) // 2)]
    unit = [_unit(*pair) for block in blocks for pair in (block[:2], block[2:])]
    limit = float(np.float32((6 / (features + 1)) ** 0.5))  # Keras hands TensorFlow the bound in float32
    return np.array(unit[:features]) * (2 * limit) - limit


def _unit(high: int, low: int) -> float:
    """A number from 0 to below 1 out of 52 random bits."""
    return ((high & 0xFFFFF) << 32 | low) / 2**52


def _philox(counter: Words, key: tuple[int, int]) -> Words:
    """Philox4x32-10, the generator behind TensorFlow's stateless draws (Salmon et al., SC 2011)."""
    a, b, c, d = counter
    left, right = key
    for _ in range(10):
        first, second = _MULTIPLIERS[0] * a, _MULTIPLIERS[1] * c
        a, b, c, d = (second >> 32) ^ b ^ left, second & _32_BITS, (first >> 32) ^ d ^ right, first & _32_BITS
        left, right = (left + _WEYL[0]) & _32_BITS, (right + _WEYL[1]) & _32_BITS
    return a, b, c, d
