"""The perception survey of a monitoring study: weighted shares and means with margins, cross-tables, gaps.

    people = read_respondents(folder, spec)      Respondents; weights raked to margins where they are given
    answer_rows(people, spec, "2025")            survey.csv
    crosstab_rows(people, spec, "2025")          survey_crosstabs.csv
    gap_rows(people, spec, "2025")               survey_gaps.csv
    survey_changes(before, now)                  survey_changes.csv

Decided: margins rest on Kish's design effect by weights, since survey files for monitoring come with weights and
rarely with clusters; strata and finite populations enter where they are given. A figure of fewer respondents than
``least`` is withheld in the files too, not in pictures alone, and so is what would give it away by subtraction: a row
of a survey is what a person said. Refused: replacing missing answers by guesses. A quota sample is treated like a drawn
one; its margins are a lower limit, which reports say. Look again when interviewers or villages are given as clusters.
"""

from lifezone.monitor.survey.answers import AnswerRow, GapRow, answer_rows, crosstab_rows, gap_rows
from lifezone.monitor.survey.changed import SurveyChange, survey_changes
from lifezone.monitor.survey.estimate import Estimate, Strata, design_effect, estimated
from lifezone.monitor.survey.hidden import hidden_in_grid, hidden_in_line
from lifezone.monitor.survey.raking import Raked, raked
from lifezone.monitor.survey.respondents import Respondents, read_respondents
from lifezone.monitor.survey.spec import SurveySpec

__all__ = [
    "AnswerRow", "Estimate", "GapRow", "Raked", "Respondents", "Strata", "SurveyChange", "SurveySpec", "answer_rows",
    "crosstab_rows", "design_effect", "estimated", "gap_rows", "hidden_in_grid", "hidden_in_line", "raked",
    "read_respondents", "survey_changes",
]  # fmt: skip
