"""The packaged indicators, one small file each; this tuple is the registry.

An indicator says its formula, unit, source, whether more is better, and what makes it missing; it asks an edition for
figures by name and divides at the very end. To add one: write its file, add it here. Status comes first, then policy;
perception comes from surveys. Refused: discovering files at run time, since the tuple is checked and seen in one place.
"""

from __future__ import annotations

from typing import Final

from lifezone.monitor.indicator import Indicator
from lifezone.monitor.indicators import (
    ageing_index,
    centre_growth,
    centre_share,
    commuting_volume,
    daytime_population,
    elderly_dependency,
    elderly_share,
    extinction_risk,
    extinction_risk_45,
    extinction_risk_70,
    grdp_per_head,
    income_dissimilarity,
    income_gini,
    income_isolation,
    industry_entropy,
    industry_hachman,
    location_quotient,
    low_income_share,
    movers_20s_in,
    movers_20s_net,
    moves_with_centre,
    national_minimum_class,
    national_minimum_share,
    net_moves_to_centre,
    next_generation,
    old_buildings_share,
    people,
    people_change,
    people_growth,
    single_households,
    soc_access,
    total_dependency,
    youth_dependency,
)

__all__ = ["INDICATORS"]

INDICATORS: Final[tuple[Indicator, ...]] = (
    people.INDICATOR,
    people_change.INDICATOR,
    people_growth.INDICATOR,
    extinction_risk.INDICATOR,
    extinction_risk_45.INDICATOR,
    extinction_risk_70.INDICATOR,
    next_generation.INDICATOR,
    movers_20s_in.INDICATOR,
    movers_20s_net.INDICATOR,
    youth_dependency.INDICATOR,
    elderly_dependency.INDICATOR,
    total_dependency.INDICATOR,
    ageing_index.INDICATOR,
    single_households.INDICATOR,
    centre_growth.INDICATOR,
    centre_share.INDICATOR,
    moves_with_centre.INDICATOR,
    net_moves_to_centre.INDICATOR,
    commuting_volume.INDICATOR,
    daytime_population.INDICATOR,
    income_dissimilarity.INDICATOR,
    income_isolation.INDICATOR,
    income_gini.INDICATOR,
    industry_entropy.INDICATOR,
    industry_hachman.INDICATOR,
    location_quotient.INDICATOR,
    grdp_per_head.INDICATOR,
    soc_access.INDICATOR,
    national_minimum_share.INDICATOR,
    national_minimum_class.INDICATOR,
    low_income_share.INDICATOR,
    old_buildings_share.INDICATOR,
    elderly_share.INDICATOR,
)
