"""The packaged indicators, one small file each; this tuple is the registry.

An indicator says its formula, unit, source, whether more is better, and what makes it missing; it asks an edition for
figures by name and divides at the very end. To add one: write its file, add it here; ids are checked once, here.
"""

from __future__ import annotations

from typing import Final

from lifezone.monitor.indicator import Indicator
from lifezone.monitor.indicators import ageing_index

__all__ = ["INDICATORS"]

INDICATORS: Final[tuple[Indicator, ...]] = (ageing_index.INDICATOR,)
