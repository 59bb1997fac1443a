"""How OpenStreetMap's servers are asked: patiently, but not without end, and nothing half is kept.

OSMnx keeps its settings in one global module and turns the name look-up of the whole process to one address; both are
put back after every question, also after a failure. By itself it waits and asks again without end when a server is busy
and takes a broken answer for "nothing there"; a hook on its requests judges every answer before OSMnx sees it:

- status 429 and 503: wait as the server says (``Retry-After``), at most two minutes, else 5, 20, 60 seconds;
- time-outs, 504, 413 and remarks such as "Query timed out" or "out of memory", which come with status 200 and part of
  the data: the area is cut into four times as many pieces, each asked (and kept on disk) on its own, up to 64-fold;
- half a body, or a page that is no JSON: asked again;
- an empty answer about roads: asked once more without the cache, and taken out of the cache, before it is believed.

An answer is written to the cache by OSMnx only after the hook let it pass; one that was half written, by a process
that was killed, is deleted and asked for again.
"""

from __future__ import annotations

import email.utils
import json
import math
import socket
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import requests

from lifezone.progress import SILENT, Progress
from lifezone.sources.osm.tags import ROAD_TAGS

__all__ = ["NAME_TAGS", "NoAnswerError", "NothingThereError", "Servers", "ask"]

Answer = TypeVar("Answer")

PAUSES_S: tuple[float, ...] = (5.0, 20.0, 60.0)
"""How long to wait before asking again where the server does not say it; afterwards we cut the area or give up."""
MOST_WAIT_S: Final = 120.0
"""A server that asks for a longer pause is not waited for."""
TIMEOUT_S: Final = 180
FINEST: Final = 3
"""How often an area is cut into four times as many pieces."""
QUERY_M2: Final = 2.5e9
"""Area of one query to begin with; OSMnx's own default, 50 km × 50 km."""
NAME_TAGS: Final = ("name", "name:en", "ref")
_BUSY: Final = (429, 503)
_TOO_MUCH: Final = (413, 504)
_TOO_MUCH_WORDS: Final = ("timed out", "timeout", "out of memory", "too large", "too much")


class NoAnswerError(Exception):
    """No server gave a usable answer; the text says how often it was asked and what came last."""


class NothingThereError(Exception):
    """The server answered, and there is nothing."""


class _Refused(Exception):  # noqa: N818
    """An answer that cannot be used: whether the area was too much, and how long the server asks to wait."""

    def __init__(self, told: str, *, too_much: bool = False, wait_s: float | None = None) -> None:
        super().__init__(told)
        self.too_much = too_much
        self.wait_s = wait_s


class Servers:
    """Which servers are asked, and where answers are kept."""

    def __init__(self, overpass: str, nominatim: str, cache: Path) -> None:
        self.overpass = overpass
        self.nominatim = nominatim
        self.cache = cache


def ask(
    question: Callable[[], Answer], servers: Servers, *, area_m2: float = math.nan, doubt_empty: bool = False,
    notes: list[str] | None = None, progress: Progress = SILENT,
) -> Answer:  # fmt: skip
    """Ask through OSMnx until there is a whole answer.

    Args:
        question: calls OSMnx.
        servers: whom to ask.
        area_m2: area asked about, which may be cut into pieces; NaN = it cannot.
        doubt_empty: ask once more before an empty answer is believed.
        notes: gets a line for whatever was not smooth.
        progress: shows the waiting.

    Raises:
        NoAnswerError: no whole answer after all tries.
        NothingThereError: there is nothing.
    """
    asked, told = 0, [] if notes is None else notes
    last = ""
    doubted, fresh = not doubt_empty, False
    for cut in range(FINEST + 1 if area_m2 > 0 else 1):
        largest_m2 = QUERY_M2 if not cut else min(QUERY_M2, area_m2) / 4.0**cut
        if cut:
            told.append(f"{servers.overpass}: {last}: asked in pieces of {largest_m2 / 1e6:,.1f} km²")
        too_much = False
        pauses = iter((*PAUSES_S, None))
        while True:
            asked += 1
            kept = _kept(servers.cache)
            try:
                with _settings(servers, largest_m2, use_cache=not fresh):
                    return question()
            except Exception as error:
                if _is_empty(error) and doubted:
                    _forget(servers.cache, kept)
                    raise NothingThereError(str(error)) from None
                refused = _as_refusal(error, servers.cache, kept)
                if refused is None:
                    raise
            fresh = str(refused) == _EMPTY
            doubted = doubted or fresh
            last, too_much = str(refused), refused.too_much
            pause_s = next(pauses)
            if pause_s is None or (too_much and refused.wait_s == 0.0 and area_m2 > 0 and cut < FINEST):
                break
            _wait(refused.wait_s, pause_s, last, told, progress)
        if not too_much:
            break
    raise NoAnswerError(f"after {asked} tries ({last})")


_EMPTY: Final = "an empty answer"


def _wait(wait_s: float | None, pause_s: float, why: str, told: list[str], progress: Progress) -> None:
    """Wait before the next try; say so."""
    wanted = wait_s or pause_s
    if wanted > MOST_WAIT_S:
        raise NoAnswerError(f"it asks to wait {wanted:,.0f} s ({why})")
    told.append(f"{why}: asked again after {wanted:g} s")
    with progress.step(f"{why}: asking again in {wanted:g} s"):
        time.sleep(wanted)


def _as_refusal(error: Exception, cache: Path, kept: set[Path]) -> _Refused | None:
    """Return what an error of OSMnx or the net means, None when it is none of theirs."""
    import osmnx  # noqa: PLC0415

    if isinstance(error, _Refused):
        return error
    if _is_empty(error):
        _forget(cache, kept)
        return _Refused(_EMPTY)
    if isinstance(error, json.JSONDecodeError):
        count = _forget_broken(cache)
        return _Refused(f"{count} answers on disk were damaged and are gone")
    if isinstance(error, requests.Timeout):
        return _Refused(f"no answer in time ({error})", too_much=True)
    if isinstance(error, requests.RequestException | osmnx._errors.ResponseStatusCodeError | OSError):
        return _Refused(str(error) or type(error).__name__)
    return None


def _is_empty(error: Exception) -> bool:
    """Say whether OSMnx found nothing in what it got."""
    import osmnx  # noqa: PLC0415

    return isinstance(error, osmnx._errors.InsufficientResponseError)


def _kept(cache: Path) -> set[Path]:
    """Return the answers on disk."""
    return set(cache.glob("*.json")) if cache.is_dir() else set()


def _forget(cache: Path, kept: set[Path]) -> None:
    """Delete the answers that came since."""
    for path in _kept(cache) - kept:
        path.unlink(missing_ok=True)


def _forget_broken(cache: Path) -> int:
    """Delete answers that were not written to their end; returns how many."""
    broken = 0
    for path in sorted(_kept(cache)):
        try:
            json.loads(path.read_text(encoding="utf-8"))
        except (ValueError, OSError):
            path.unlink(missing_ok=True)
            broken += 1
    return broken


@contextmanager
def _settings(servers: Servers, largest_m2: float, *, use_cache: bool) -> Iterator[None]:
    """Set OSMnx up for one question, then put back every setting and the process's name look-up."""
    import osmnx  # noqa: PLC0415

    settings = osmnx.settings
    before = {name: value for name, value in vars(settings).items() if not name.startswith("__")}
    look_up = socket.getaddrinfo
    try:
        settings.overpass_url, settings.nominatim_url = servers.overpass, servers.nominatim
        settings.doh_url_template = None  # it would ask 8.8.8.8
        settings.use_cache, settings.cache_folder = use_cache, str(servers.cache)
        settings.cache_only_mode, settings.log_file, settings.log_console = False, False, False
        settings.overpass_rate_limit = False  # its wait for a free slot has no end; 429 says the same
        settings.requests_timeout = TIMEOUT_S
        settings.max_query_area_size = largest_m2
        settings.requests_kwargs = {"hooks": {"response": _judge}}
        settings.all_oneway = True  # keeps the oneway tag as it is
        settings.useful_tags_way = sorted({*ROAD_TAGS, *NAME_TAGS})
        settings.default_crs = "epsg:4326"
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "This area is", UserWarning)  # that it is cut is told by us
            yield
    finally:
        socket.getaddrinfo = look_up
        for name, value in before.items():
            setattr(settings, name, value)


def _judge(response: requests.Response, *_args: Any, **_kwargs: Any) -> None:
    """Raise on an answer that is not whole, before OSMnx reads or keeps it."""
    code = response.status_code
    if code >= 400:
        response.close()  # its body is not read
        told = f"status {code} {response.reason}"
        if code in _TOO_MUCH:
            raise _Refused(told, too_much=True, wait_s=0.0 if code == 413 else None)
        raise _Refused(told, wait_s=_retry_after(response) if code in _BUSY else None)
    try:
        answer = json.loads(response.content)
    except ValueError:
        raise _Refused(f"half an answer, or none that is JSON ({len(response.content):,} bytes)") from None
    remark = str(answer.get("remark", "")) if isinstance(answer, dict) else ""
    if remark:
        too_much = any(word in remark.lower() for word in _TOO_MUCH_WORDS)
        raise _Refused(f"the server remarks: {remark[:200]}", too_much=too_much, wait_s=0.0 if too_much else None)
    response.json = lambda **_: answer  # type: ignore[method-assign]  # read once is enough


def _retry_after(response: requests.Response) -> float | None:
    """Return the seconds that a server asks to wait: a number, or a date."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        then = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max(0.0, (then - datetime.now(UTC)).total_seconds()) or None
