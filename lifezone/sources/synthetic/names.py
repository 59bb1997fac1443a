"""Invented names in Korean and English: villages, their lanes, town streets.

Parts are chosen so that the Revised Romanization of a name is that of its parts (no sound runs into another).
"""

from __future__ import annotations

from typing import Final

import numpy as np

__all__ = ["STREETS", "village_names"]

_FIRST: Final = (
    ("솔", "Sol"), ("밤", "Bam"), ("배", "Bae"), ("달", "Dal"), ("돌", "Dol"), ("갈", "Gal"), ("은", "Eun"),
    ("금", "Geum"), ("용", "Yong"), ("한", "Han"), ("참", "Cham"), ("매", "Mae"), ("감", "Gam"), ("대", "Dae"),
    ("구름", "Gureum"), ("안개", "Angae"), ("큰", "Keun"), ("너른", "Neoreun"), ("느티", "Neuti"), ("소나", "Sona"),
    ("가는", "Ganeun"), ("도라", "Dora"), ("머루", "Meoru"), ("다래", "Darae"), ("보리", "Bori"), ("오리", "Ori"),
    ("사슴", "Saseum"), ("노루", "Noru"), ("아침", "Achim"), ("서리", "Seori"), ("진달", "Jindal"), ("산", "San"),
)  # fmt: skip
_SECOND: Final = (
    ("골", "gol"), ("실", "sil"), ("재", "jae"), ("터", "teo"), ("바위", "bawi"), ("들", "deul"),
    ("말", "mal"), ("샘", "saem"),
)  # fmt: skip

STREETS: Final = (
    "중앙로", "시장길", "향교길", "학교길", "군청로", "역전길", "은행나무길", "우체국길", "느티나무길",
    "강변길", "문화로", "장터길", "새마을길", "성당길", "벚꽃길", "교동길",
)  # fmt: skip


def village_names(count: int, rng: np.random.Generator) -> list[tuple[str, str]]:
    """Return ``count`` different names, Korean and English, without their ending -ri.

    Raises:
        ValueError: More names are asked for than there are.
    """
    pairs = [(a + c, b + d) for a, b in _FIRST for c, d in _SECOND]
    if count > len(pairs):
        raise ValueError(f"only {len(pairs)} village names are known, {count} were asked for")
    return [pairs[i] for i in rng.permutation(len(pairs))[:count].tolist()]
