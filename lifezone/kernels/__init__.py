"""Loops over plain arrays, compiled by numba; they trust their input and know nothing of the model.

Decided: one decorator (``jit.kernel``), no explicit signatures, so nothing compiles on import; callers import kernel
modules inside the function that needs them. Every search runs on a *bucket queue over float64 costs* (``queue``):
buckets one step wide, labels corrected inside a bucket until it is empty. That is exact for any weight from zero up,
where the integer form of the same queue has to round every edge, needs a second search for what lies near a bound,
clamps zero weights and must be sized by the heaviest edge. Measured on 1.2 million nodes, 1,000 sources, one busy core:
0.19 s with owner, second metric and path, scipy 0.64 s without; the integer form was no faster. Who asks for cost and
owner alone has a search of its own (``field``), 1.6 times as fast as the one with both metrics and 4 times as fast as
scipy on the same graph.
Refused: heaps (twice as slow at a million nodes), ``parallel=True`` (no gain over a thread pool, clashes under a web
server). Look again at integers when vector sweeps over a hierarchy are built: they need lanes of 16 or 32 bits.
"""
