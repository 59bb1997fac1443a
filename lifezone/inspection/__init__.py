"""``lifezone inspect``: what a file is, what of it would be used, what is wrong with it, and the YAML that loads it.

Decided: it never fails on bad rows, only on a file that cannot be read; it says the same as a run's manifest, since
both come from the source's own reading; the YAML holds blocks of a scenario that load as they stand. Refused: writing
or mending files. Look again when a file has to be looked at that is larger than memory.
"""

from lifezone.inspection.look import Seen, look, look_at_all
from lifezone.inspection.pages import inspection_page, run_inspection, scenario_yaml

__all__ = ["Seen", "inspection_page", "look", "look_at_all", "run_inspection", "scenario_yaml"]
