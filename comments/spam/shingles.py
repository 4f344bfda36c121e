"""Texts that are nearly the same: a sketch of a text, of which most parts stay when a few words change (MinHash)."""

from zlib import crc32

from comments.spam.submission import normalised

LENGTH = 5  # characters of a shingle; Korean has no need of word borders
ALIKE = 3  # equal parts of two sketches that are taken for nearly the same text: about half of the shingles in common
SHORTEST = 40  # characters; shorter texts are alike by chance
PRIME = (1 << 31) - 1
STEPS = ((1103515245, 12345), (69069, 1), (1664525, 1013904223), (22695477, 7), (214013, 2531011), (134775813, 11))


def sketch(text: str) -> tuple[int, ...]:
    """One number for each of STEPS, or none for a short text. Two texts share each with the chance of their likeness.

    Numbers of different steps are never equal.
    """
    words = normalised(text)
    if len(words) < SHORTEST:
        return ()
    hashes = {crc32(shingle.encode()) for shingle in _shingles(words)}
    least = (min((factor * each + step) % PRIME for each in hashes) for factor, step in STEPS)
    return tuple(number * len(STEPS) + place for place, number in enumerate(least))


def likeness(words: str, others: str) -> float:
    """The share of shingles that two normalised texts have in common, from 0 to 1."""
    ours, theirs = _shingles(words), _shingles(others)
    return len(ours & theirs) / len(ours | theirs) if ours and theirs else 0.0


def _shingles(words: str) -> set[str]:
    return {words[start : start + LENGTH] for start in range(len(words) - LENGTH + 1)}
