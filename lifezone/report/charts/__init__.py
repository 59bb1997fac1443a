"""The charts of a report: one file a chart, each an inline SVG and the numbers that it draws.

Decided: matplotlib draws, :mod:`lifezone.report.charts.style` makes one ``<svg>`` of it that stands in a page, in a PDF
and on paper without a script, a style sheet or a font of its own; series are told apart by marker and dash, areas by
hatch, so that a greyscale copy reads as well; every axis says its unit and starts where a reader expects it; no two
scales in one chart. Refused: pie charts, three dimensions, interactive libraries (the page must be readable with
scripts off), colour alone, drawing letters as outlines (they could be neither searched nor copied).
"""
