"""What a monitoring study says beyond its figures, for people: warnings, what changed, designations, surveys.

    write_watched(watched, folder)            the tables of ``lifezone monitor``
    open_watched(folder)                      read back from them
    watch_sections(watched, series, texts)    sections of a report; the console draws the same ones

Decided: one reading for the console and for reports, made of the folder's tables. Refused: any figure that the tables
do not hold; a sentence that calls a straight line a forecast or a rule's result a designation.
"""

from lifezone.report.watch.folder import TABLES, open_watched, write_watched
from lifezone.report.watch.page import watched_page
from lifezone.report.watch.sections import watch_sections

__all__ = ["TABLES", "open_watched", "watch_sections", "watched_page", "write_watched"]
