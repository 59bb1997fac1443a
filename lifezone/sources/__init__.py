"""Outside → model: roads, people, facilities, districts, read as they are published and brought into one metric CRS.

Decided: a source is a frozen spec with one verb, ``load(reading)``; it clips while it reads, gathers all of its faults,
refuses rows by name and count, and notes every file it opened for the manifest. Ids stay text and become positions
here. Points with x and y within ± 180 and ± 90 and no ``crs`` are EPSG:4326, told. Refused: guessing a CRS for metric
coordinates, dropping a row silently, fetching anything that the scenario does not ask for. The unions of the specs,
which are the registry, stand in ``lifezone.scenario.unions``. Look again when a source has to stream.
"""

from lifezone.sources.reading import Extent, Reading

__all__ = ["Extent", "Reading"]
