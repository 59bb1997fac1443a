"""Hanbit county (한빛군): a county that does not exist, so that everything can be tried without a download.

Decided: one plan (``plan.py``) for every seed, so that the studies that ship with lifezone make sense whatever the
seed; everything else grows from the seed. Roads are chains of edges of one irregular triangle mesh, chosen main roads
first, so they never cross unseen and no lattice shows outside towns. Only + − × ÷ and √ decide anything, and
coordinates are whole centimetres, so that platforms agree. People of the neighbouring city are there with district −1.
Refused: grids of streets with noise (walking verdicts come out alike everywhere), growth models (slow, no better
here), gamma and multinomial draws (they branch on libm). The county is never clipped: it is small, and its rim is its
border. Provinces and a nation are such counties side by side (``mosaic.py``): growing one mesh over a nation would take
an hour.
"""

from lifezone.sources.synthetic.county import WALK_MPS, County, synthetic_county, synthetic_network
from lifezone.sources.synthetic.spec import SyntheticDemand, SyntheticDistricts, SyntheticFacilities, SyntheticNetwork

__all__ = [
    "WALK_MPS", "County", "SyntheticDemand", "SyntheticDistricts", "SyntheticFacilities", "SyntheticNetwork",
    "synthetic_county", "synthetic_network",
]  # fmt: skip
