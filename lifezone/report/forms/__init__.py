"""Values of a result in the order of the forms that a county fills in, by maps that the county can edit.

A map is a YAML file: sections of fields, each naming a table of the result, a filter, a column and how rows become one
value, or who must fill it in by hand. Three come with the program: the response plan of population-decline areas, the
rural agreement, and life zones of the county master plan. The official forms were not at hand when they were made
(confidence R) and change from year to year: a map says so on its first line, and ``output.report.forms`` replaces it
by the county's own.

Decided: a map names tables and columns of the contract and nothing else. Refused: formulas in the map (what is to be
computed belongs into a table), and filling a word processor's file (its fields have no stable names). Look again when
an office gives a template with named fields.
"""

from __future__ import annotations

from lifezone.report.forms.filling import FilledForm, Line, fill
from lifezone.report.forms.reading import Field, Form, form_paths, packaged_forms, read_form
from lifezone.report.forms.tables import FORM_TABLES

__all__ = [
    "FORM_TABLES", "Field", "FilledForm", "Form", "Line", "fill", "form_paths", "packaged_forms", "read_form",
]  # fmt: skip
