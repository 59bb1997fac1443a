"""The report on paper: a PDF set by Typst, with Korean fonts from a wheel, readable by screen readers (PDF/UA-1).

The page is one template (``report.typ``) over plain data: no name of the data is ever part of the markup. Decided:
system fonts are not used, and no date is written, so that the same result is the same bytes on every machine. Refused:
printing the HTML page by a browser (none may be there) and WeasyPrint (it needs Pango's libraries on Windows).
"""

from lifezone.report.pdf.writing import write_pdf

__all__ = ["write_pdf"]
