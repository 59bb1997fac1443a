"""One HTML file of a document: opens from a disk without a network, reads with scripts off, prints on A4.

Decided: Jinja with autoescape draws the blocks of :mod:`lifezone.report.document`; styles, scripts, maps and charts
stand in the file; a content security policy with hashes lets only our own scripts and styles run and nothing load.
Scripts add sorting, copying, saving and folding to what is already there; a page without them shows every row. A name
from data is text everywhere, and a run of letters of the other language says so (``lang``), for screen readers and
fonts. A table in the page holds what is shown and no more digits: the file can be opened by anyone.

Refused: a bundler and a framework (small scripts need none), fonts in the file (4 MB of Korean letters; every
office desktop has some), a hash per style attribute (there are none: a strict policy forbids them).
Look again when browsers print the name of the running section at the top of a page.
"""

from __future__ import annotations

from lifezone.report.html.page import html_page
from lifezone.report.html.pictures import Embedder

__all__ = ["Embedder", "html_page"]
