"""The words of reports: all texts of a language in one file, and the grammar that numbers and names need in it.

Decided: a text is looked up by its key and filled by *forms* (``{share:percent}``, ``{name:은/는}``), so that whoever
writes a section hands over values and never writes a unit, a particle or a plural; one file a language, one top-level
block a section. Refused: gettext (plural rules, but no particles, no units, no disclosure; a compiler in the build),
Babel (dates and numbers by locale for 30 MB, of which four formats are needed). Look again when a third language
comes.

Rounding never contradicts itself: a share that is neither nothing nor everything is never written as 0 % or 100 %
("under 0.1%", "over 99.9%"), exact ends are written without decimals, and what is small but not nothing is never
written as zero in minutes, points or money either.
"""

from __future__ import annotations

from lifezone.report.words.texts import Texts, texts_of

__all__ = ["Texts", "texts_of"]
