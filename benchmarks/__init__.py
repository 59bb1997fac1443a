"""Sizes and timings beside the peers: ``python -m benchmarks [--nodes N] [--json FILE] [--readme]``.

    graphs      road networks of any size
    measure     one piece of work: seconds, peak memory, did a kernel compile meanwhile
    networks    the networks that are timed: Andorra from its file, a random one from the cache
    stages      loading, contraction, anchoring
    searches    nearest facility of ten kinds from everywhere, beside scipy and pandana
    memory      peak memory over nodes and facilities, each in a process of its own
    processes   whole commands: first start and warm
    report      the tables, and the block of README that is written by this program

The engine at the limit, ``python -m benchmarks.engine [--nodes N] [--json FILE] [--readme]``, and how it grows,
``python -m benchmarks.growth``:

    engine      the program; the names of its ratios
    course      the network, its hierarchy, the facilities
    duel        two who take turns
    contests    searches beside peers
    session     edits beside computing anew
    peers       pandana, RoutingKit, networkit, rustworkx, igraph
    engine_table    the table
    growth      preparation, sweeps and memory over nodes, as a picture

Decided: what is compared runs in one process, taking turns, and medians are told; compiling is timed apart, with a
cache folder of its own, so that nothing depends on what ran before; every answer is compared with scipy's before a
ratio is told. The aims are printed beside what was measured, also where they are missed. Refused: timed tests (they
fail on a busy machine and teach people to ignore them).
"""
