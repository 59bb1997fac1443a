"""Where lives run together: life zones of every function, and what else divides a map by how people live.

    trips  = Trips.of(times, centres)             a row per demand point, the nearest centre first
    zones  = nearest_zones(trips, …)              Zones: label, centre, people, containment

Decided: a zone belongs to one function (zones of different functions overlap, a point's memberships are its daily-life
profile); centres are facilities close to one another, not single ones, since people go to a town and not to a door;
ties go to the lowest id and never to the row of a table, so that the order of input changes nothing; everybody who was
loaded counts for what a centre can live on, results report on the study area. Every method is a file, every block of
the scenario a spec file of its own. Refused: zones as polygons drawn first and filled with people afterwards. Look
again when a centre should be where people go for several functions at once.
"""
