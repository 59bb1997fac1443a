"""Questions with rules drawn at random, every rule with every other."""

from __future__ import annotations

import numpy as np

from lifezone.siting import FREE, SHUT, STANDS, Pairs, Problem, Quota

METHODS = ("set_cover", "max_cover", "backup_cover", "p_median", "p_center", "close")


def draw(seed, method):
    """Return a question and the share a set cover has to reach; about half of the rules are there."""
    rng = np.random.default_rng([seed, METHODS.index(method)])
    n_rows, n_sites = 8, 6

    def often(chance=0.35):
        return rng.random() < chance

    dense = rng.random((n_rows, n_sites)) < rng.choice([0.6, 0.9, 1.0])
    row, site = np.nonzero(dense)
    cost = rng.integers(1, 13, len(row)) * 2.5  # many trips of equal length
    open_now = rng.random(n_sites) < (0.8 if method == "close" else 0.3)
    closable = method == "close" or often(0.5)
    fixed = np.where(open_now & (not closable), STANDS, FREE).astype(np.int8)
    for j in range(n_sites):
        if rng.random() < 0.12:
            fixed[j] = STANDS if open_now[j] else SHUT if method == "close" else rng.choice([SHUT, STANDS])
    people = rng.integers(0, 9, n_rows).astype(float)
    total = people.sum()
    free = int((~open_now & (fixed != SHUT)).sum())
    may_close = int((open_now & (fixed == FREE)).sum())
    rules = {"bound": 15.0}
    if method == "close":
        rules["choose"] = int(rng.integers(0, may_close + 1))
    elif method in ("set_cover", "backup_cover"):
        rules["choose"] = int(rng.integers(1, free + 1)) if free and often() else None
    else:
        rules["choose"] = int(rng.integers(0, free + 1))
        rules["at_most"] = often()
    if often():
        rules["capacity"] = rng.integers(2, int(total) + 4, n_sites).astype(float)
    if often(0.25):
        rules["least_use"] = rng.integers(0, 7, n_sites).astype(float)
    rules["nearest_only"] = often(0.6)
    if often():
        rules["open_cost"] = rng.integers(1, 9, n_sites).astype(float)
        rules["close_cost"] = rng.integers(0, 4, n_sites).astype(float) if often(0.5) else None
        rules["budget"] = float(rng.integers(3, 25))
        if often(0.5):
            rules["building"] = rng.integers(-1, 3, n_sites).astype(np.int32)
            rules["saving"] = np.minimum(rng.integers(0, 3, n_sites), rules["open_cost"]).astype(float)
    if often(0.2):
        rules["running_cost"] = rng.integers(1, 5, n_sites).astype(float)
        rules["yearly_budget"] = float(rng.integers(4, 18))
    if often(0.25):
        rules["district"] = rng.integers(0, 3, n_rows).astype(np.int32)
        rules["least_cover"] = np.floor(np.bincount(rules["district"], weights=people, minlength=3) * 0.5)
    if often(0.2):
        some = np.minimum(rng.integers(0, 5, n_rows), people).astype(float)
        rules["quotas"] = (Quota("the old", some, float(np.floor(some.sum() * 0.6))),)
    if often(0.2):
        rules["must_reach"] = np.where(rng.random(n_rows) < 0.3, rng.choice([12.5, 20.0]), np.inf)
    if method != "close" and may_close and often(0.2):
        rules["swaps"] = True
    problem = Problem(
        Pairs.of(row.astype(np.int32), site.astype(np.int32), cost, n_rows, n_sites), people, open_now, fixed, **rules
    )
    return problem, float(rng.choice([1.0, 0.7])) if method == "set_cover" else 1.0
