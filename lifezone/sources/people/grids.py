"""Rasters as files: opened safely, held against one another, and cut into pieces that follow how they are stored.

A large raster is stored in blocks. Pieces are whole rows of blocks, cut further where a row is very wide, so that no
block is unpacked twice and memory follows from the piece and not from the file.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np

from lifezone.errors import Fault, InputError
from lifezone.errors import Path as FaultPath
from lifezone.sources.crs import parse_crs
from lifezone.sources.files import local_file

__all__ = ["Window", "crs_of", "opened", "pieces"]

Window = tuple[int, int, int, int]
"""Top, left, height, width in cells."""

_DRIVERS: Final = {".tif": "GTiff", ".tiff": "GTiff", ".gtiff": "GTiff", ".img": "HFA", ".asc": "AAIGrid"}
"""The formats that are read; a driver that opens other files or the net is never asked."""
_PIECE_CELLS: Final = 1 << 21
_CACHE_MB: Final = 64
"""What GDAL may keep of unpacked blocks; its own default is a share of the machine's memory."""
_SAME_GRID: Final = 1e-6
"""How far corners of two rasters may lie apart, in cells, and the cells still be the same."""


@contextmanager
def opened(folder: Path, paths: Sequence[tuple[str, FaultPath]]) -> Iterator[list[Any]]:
    """Open rasters that lie on one grid.

    Args:
        folder: where relative paths start.
        paths: each file as written, and where in the block it is named.

    Raises:
        InputError: a file is none, says no place on earth, lies on another grid than the first, or is damaged.
    """
    import rasterio  # noqa: PLC0415
    from rasterio.errors import NotGeoreferencedWarning, RasterioError  # noqa: PLC0415

    with warnings.catch_warnings(), rasterio.Env(GDAL_CACHEMAX=_CACHE_MB), ExitStack() as stack:
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        faults: list[Fault] = []
        rasters = []
        for path, at in paths:
            try:
                rasters.append(stack.enter_context(_open(local_file(folder, path), path)))
            except InputError as error:
                faults += [Fault(fault.message, at) for fault in error.faults]
        if not faults:
            faults = [
                Fault(f"{path} lies on another grid than {paths[0][0]}: {why}; bring both on one grid", at)
                for (path, at), raster in zip(paths[1:], rasters[1:], strict=True)
                if (why := _differs(rasters[0], raster))
            ]
        if faults:
            raise InputError(faults)
        try:
            yield rasters
        except RasterioError as error:
            raise InputError(Fault(f"{paths[0][0]} is damaged: {error}", paths[0][1])) from None


def crs_of(raster: Any, written: str | None, shown: str) -> str:
    """Return the CRS of a raster: the one given, else its own."""
    if written is None and not raster.crs:
        raise InputError(Fault(f"{shown} does not say its coordinate system: give crs", ("crs",)))
    text = written or str(raster.crs.to_wkt())
    parse_crs(text)
    return text


def pieces(raster: Any, window: Window, layers: int) -> Iterator[Window]:
    """Cut a window into pieces of whole blocks, by rows and then by columns.

    Args:
        raster: tells the size of its blocks.
        window: what is wanted.
        layers: how many bands are read at a time.
    """
    top, left, height, width = window
    block_h, block_w = raster.block_shapes[0]
    most = max(1, _PIECE_CELLS // max(1, layers))
    rows = block_h * max(1, most // (width * block_h))
    columns = width
    if rows * width > 4 * most:  # one row of blocks is too much already
        columns = block_w * max(1, most // (rows * block_w))
    if rows * min(columns, width) > 4 * most:  # blocks of enormous size, e.g. a raster stored as one
        rows = max(1, most // min(columns, width))
    row = top
    while row < top + height:
        row_end = min(top + height, row - row % rows + rows)
        column = left
        while column < left + width:
            column_end = min(left + width, column - column % columns + columns)
            yield row, column, row_end - row, column_end - column
            column = column_end
        row = row_end


def _open(file: Path, shown: str) -> Any:
    """Open one raster."""
    import rasterio  # noqa: PLC0415
    from rasterio.errors import RasterioError  # noqa: PLC0415

    driver = _DRIVERS.get(file.suffix.lower())
    if driver is None:
        raise InputError(Fault(f"{shown}: expected a raster, one of {', '.join(_DRIVERS)}"))
    try:
        raster = rasterio.open(file, driver=driver)
    except (RasterioError, ValueError, OSError) as error:
        told = (str(error).splitlines() or [""])[0]
        raise InputError(Fault(f"{shown} cannot be read as a raster: {told}")) from None
    if raster.transform.is_identity:
        raster.close()
        raise InputError(Fault(f"{shown} does not say where on earth it lies"))
    return raster


def _differs(one: Any, other: Any) -> str:
    """Say how two rasters' grids differ; empty when they do not."""
    if (one.width, one.height) != (other.width, other.height):
        return f"{other.width:,} × {other.height:,} cells, not {one.width:,} × {one.height:,}"
    if one.crs and other.crs and one.crs != other.crs:
        return "another coordinate system"
    mine, its = (np.array(raster.transform[:6]) for raster in (one, other))
    steps = np.abs(mine[[0, 1, 3, 4]]).max()
    if np.abs(mine[[2, 5]] - its[[2, 5]]).max() > _SAME_GRID * steps:
        return "another corner"
    far = max(one.width, one.height) * np.abs(mine[[0, 1, 3, 4]] - its[[0, 1, 3, 4]]).max()
    return "cells of another size" if far > _SAME_GRID * steps * 1000 else ""
