"""Rows of numbers, added and compared a cache line at a time: the innermost steps of every sweep.

A *field* has one row a node and one lane a question; 64 bytes hold 16 lanes of u32, 32 of u16 or 8 of u64, and a row
may be any whole number of such chunks. Numba does not turn the plain loop over lanes into vector code (the rows might
overlap, for all it knows; measured 20 times slower), so the loop is written in the compiler's own vector language,
which fits itself to any processor. Without compiling (``NUMBA_DISABLE_JIT``) the same functions are plain numpy.

The lanes' types say how they count: u16 stops at its largest number, u32 and u64 have so much room above ``FAR`` that
one cost more never wraps round. A u64 lane with u32 costs carries the cost in its upper half and a payload (the
owner) in the lower one, so that the least lane is the least cost and, among equals, the least payload.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import config, types
from numba.core import cgutils
from numba.extending import intrinsic

__all__ = ["CHUNK", "EIGHT", "FAR", "FAR_16", "FAR_64", "Field", "far_of", "pick_rows", "pull_row", "push_row"]

Field = npt.NDArray[Any]
"""u16, u32 or u64[rows, lanes], C-contiguous, each row a whole number of chunks."""

CHUNK: Final = 64
"""Bytes worked on at once: a cache line."""
EIGHT: Final = 8
"""Rows that are sorted side by side: lanes of u64 in a chunk."""
REGISTERS: Final = 5
"""Lists of up to so many entries are sorted in registers."""
NORMAL: Final = 1 << 52
"""The bits of the least floating-point number that every processor takes at its full value."""
AHEAD: Final = 12
"""So many arcs before its turn, the row of an arc is asked for."""
FAR: Final = 0x3FFFFFFF
"""Unreached, of u32 lanes and of costs; twice of it still fits."""
FAR_16: Final = 0xFFFF
"""Unreached, or farther than u16 lanes count."""
FAR_64: Final = 0x3FFFFFFFFFFFFFFF
"""Unreached, of u64 lanes: its upper half is ``FAR``."""


def far_of(dtype: npt.DTypeLike) -> int:
    """Return what unreached lanes of this type hold."""
    return {2: FAR_16, 4: FAR, 8: FAR_64}[np.dtype(dtype).itemsize]


def _plus(row: Field, cost: Any) -> Field:
    """Return a row plus a cost as the lanes count (plain numpy)."""
    if row.dtype == np.uint16:
        total: Field = np.minimum(row.astype(np.uint32) + np.uint32(min(cost, FAR_16)), FAR_16).astype(np.uint16)
        return total
    payload = row.dtype == np.uint64 and cost.dtype == np.uint32
    total = row + (np.uint64(cost) << np.uint64(32) if payload else cost)
    return total  # noqa: RET504


def _push_row_plainly(field: Field, to: int, old: int, at: int, cost: Any) -> None:
    """Set row ``to`` to the lesser of row ``old`` and row ``at`` plus ``cost`` (writes into ``field``)."""
    field[to] = np.minimum(field[old], _plus(field[at], cost))


def _pull_row_plainly(out: Field, at: int, base: Field, start: int, head: Any, cost: Any, begin: int, end: int) -> None:
    """Set row ``at`` of ``out`` to the least of row ``start`` of ``base`` and of its rows ``head`` plus ``cost``."""
    row = base[start].copy()
    for a in range(begin, end):
        row = np.minimum(row, _plus(out[head[a]], cost[a]))
    out[at] = row


def _pick_rows_plainly(out: Field, at: int, field: Field, row: int, owner: Any, count: int, _best: Field) -> None:
    """Write the least keys of eight rows of a field, ascending (writes into ``out``)."""
    k = out.shape[1]
    for i in range(EIGHT):
        cost = field[row + i, :count]
        keys = np.where(cost < FAR, cost.astype(np.uint64) << np.uint64(32) | owner[:count], np.uint64(FAR_64))
        out[at + i] = np.sort(np.append(keys, np.full(k, FAR_64, np.uint64)))[:k]


class _Rows:
    """A field inside generated code: where its rows are and how its lanes add up."""

    def __init__(self, context: Any, builder: Any, array_type: Any, value: Any) -> None:
        self.builder = builder
        self.bits = array_type.dtype.bitwidth
        self.lanes = CHUNK * 8 // self.bits
        self.vector = ir.VectorType(ir.IntType(self.bits), self.lanes)
        array = context.make_array(array_type)(context, builder, value=value)
        self.data = array.data
        self.width = cgutils.unpack_tuple(builder, array.shape, 2)[1]

    def chunks(self) -> Any:
        """Return the number of chunks in a row."""
        return self.builder.udiv(self.width, self.width.type(self.lanes))

    def place(self, row: Any, chunk: Any) -> Any:
        """Return the pointer to a chunk of a row."""
        first = self.builder.mul(chunk, chunk.type(self.lanes))
        at = self.builder.add(self.builder.mul(row, self.width), first)
        return self.builder.bitcast(self.builder.gep(self.data, [at]), self.vector.as_pointer())

    def load(self, row: Any, chunk: Any) -> Any:
        """Return a chunk of a row."""
        return self.builder.load(self.place(row, chunk), align=self.bits // 8)

    def fetch(self, row: Any, chunk: Any) -> None:
        """Ask for a chunk of a row that will be loaded soon."""
        builder, number = self.builder, ir.IntType(32)
        place = builder.bitcast(self.place(row, chunk), ir.IntType(8).as_pointer())
        kind = ir.FunctionType(ir.VoidType(), [place.type, number, number, number])
        ask = builder.module.declare_intrinsic("llvm.prefetch", (place.type,), kind)
        builder.call(ask, [place, number(0), number(3), number(1)])  # to be read, kept in all caches, data

    def store(self, chunk_value: Any, row: Any, chunk: Any) -> None:
        """Write a chunk of a row."""
        self.builder.store(chunk_value, self.place(row, chunk), align=self.bits // 8)

    def spread(self, cost: Any) -> Any:
        """Return a cost in every lane."""
        builder, lane = self.builder, ir.IntType(self.bits)
        if self.bits < cost.type.width:
            most = cost.type(FAR_16)
            cost = builder.select(builder.icmp_unsigned("<", cost, most), cost, most)
            cost = builder.trunc(cost, lane)
        elif self.bits > cost.type.width:
            cost = builder.shl(builder.zext(cost, lane), lane(32))
        one = builder.insert_element(ir.Constant(self.vector, ir.Undefined), cost, ir.IntType(32)(0))
        zeros = ir.Constant(ir.VectorType(ir.IntType(32), self.lanes), [0] * self.lanes)
        return builder.shuffle_vector(one, ir.Constant(self.vector, ir.Undefined), zeros)

    def plus(self, chunk_value: Any, costs: Any) -> Any:
        """Return the sum; u16 stops at its largest number."""
        if self.bits > 16:
            return self.builder.add(chunk_value, costs)
        kind = ir.FunctionType(self.vector, [self.vector, self.vector])
        add = cgutils.get_or_insert_function(self.builder.module, kind, f"llvm.uadd.sat.v{self.lanes}i{self.bits}")
        return self.builder.call(add, [chunk_value, costs])

    def least(self, one: Any, other: Any) -> Any:
        """Return the lesser, lane by lane."""
        return self.builder.select(self.builder.icmp_unsigned("<", one, other), one, other)


def _push_row_typed(_typing: Any, field: Any, _to: Any, _old: Any, _at: Any, cost: Any) -> Any:
    """Type and write :func:`push_row`."""

    def write(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        rows = _Rows(context, builder, signature.args[0], args[0])
        costs = rows.spread(args[4])
        with cgutils.for_range(builder, rows.chunks()) as loop:
            reached = rows.plus(rows.load(args[3], loop.index), costs)
            rows.store(rows.least(reached, rows.load(args[2], loop.index)), args[1], loop.index)
        return context.get_dummy_value()

    return types.void(field, types.intp, types.intp, types.intp, cost), write


def _pull_row_typed(
    _typing: Any, out: Any, _at: Any, base: Any, _start: Any, head: Any, cost: Any, _begin: Any, _end: Any
) -> Any:
    """Type and write :func:`pull_row`."""

    def write(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        rows = _Rows(context, builder, signature.args[0], args[0])
        bases = _Rows(context, builder, signature.args[2], args[2])
        heads = context.make_array(signature.args[4])(context, builder, value=args[4]).data
        all_costs = context.make_array(signature.args[5])(context, builder, value=args[5]).data
        first, last = args[6], args[7]
        whole = first.type

        def pull(chunks: list[Any]) -> None:
            best = [cgutils.alloca_once(builder, rows.vector) for _ in chunks]
            for one, chunk in zip(best, chunks, strict=True):
                builder.store(bases.load(args[3], chunk), one)
            with cgutils.for_range(builder, builder.sub(last, first)) as arcs:
                arc = builder.add(first, arcs.index)
                row = builder.zext(builder.load(builder.gep(heads, [arc])), whole)
                soon = builder.sub(arc, whole(AHEAD))  # rows are pulled in descending order
                soon = builder.select(builder.icmp_signed("<", soon, whole(0)), whole(0), soon)
                soon = builder.zext(builder.load(builder.gep(heads, [soon])), whole)
                for chunk in chunks:
                    rows.fetch(soon, chunk)
                costs = rows.spread(builder.load(builder.gep(all_costs, [arc])))
                for one, chunk in zip(best, chunks, strict=True):
                    reached = rows.plus(rows.load(row, chunk), costs)
                    builder.store(rows.least(reached, builder.load(one)), one)
            for one, chunk in zip(best, chunks, strict=True):
                rows.store(builder.load(one), args[1], chunk)

        count = rows.chunks()
        with cgutils.for_range(builder, builder.udiv(count, whole(2))) as pairs:
            chunk = builder.mul(pairs.index, whole(2))
            pull([chunk, builder.add(chunk, whole(1))])
        with builder.if_then(builder.trunc(count, ir.IntType(1))):
            pull([builder.sub(count, whole(1))])
        return context.get_dummy_value()

    whole = types.intp
    return types.void(out, whole, base, whole, head, cost, whole, whole), write


class _Sorted:
    """The k least keys of eight rows, side by side and ascending, inside generated code.

    They are compared as floating-point numbers, which has an instruction of its own where whole numbers of 64 bits have
    none. All are raised by ``NORMAL`` first: then none is so small that a processor may take it for zero, and none
    is so large that it is no number.
    """

    def __init__(self, builder: Any, work: _Rows, k: Any, registers: int = 0) -> None:
        self.builder, self.work, self.k = builder, work, k
        self.real = ir.VectorType(ir.DoubleType(), EIGHT)
        self.nobody = self.key(ir.Constant(work.vector, [FAR_64] * EIGHT))
        self.best = [cgutils.alloca_once(builder, self.real) for _ in range(registers)]
        for one in self.best:
            builder.store(self.nobody, one)
        if not registers:
            with cgutils.for_range(builder, k) as loop:
                builder.store(self.nobody, self.place(loop.index), align=8)

    def key(self, whole: Any) -> Any:
        """Return keys as they are compared."""
        return self.builder.bitcast(self.builder.add(whole, self._normal()), self.real)

    def _normal(self) -> Any:
        """Return what keys are raised by."""
        return ir.Constant(self.work.vector, [NORMAL] * EIGHT)

    def place(self, j: Any) -> Any:
        """Return the pointer to the ``j``-th keys in the work space."""
        return self.builder.bitcast(self.work.place(j, j.type(0)), self.real.as_pointer())

    def enter(self, key: Any) -> None:
        """Enter one key of each row."""
        builder = self.builder
        room = cgutils.alloca_once(builder, self.real)
        builder.store(key, room)

        def step(place: Any) -> None:
            old, new = builder.load(place, align=8), builder.load(room)
            is_less = builder.fcmp_ordered("<", new, old)
            builder.store(builder.select(is_less, new, old), place, align=8)
            builder.store(builder.select(is_less, old, new), room)

        for one in self.best:
            step(one)
        if not self.best:
            with cgutils.for_range(builder, self.k) as loop:
                step(self.place(loop.index))

    def write(self, out: Any) -> None:
        """Store the rows from a pointer on."""
        builder, number = self.builder, ir.IntType(32)

        def column(place: Any, j: Any) -> None:
            keys = builder.sub(builder.bitcast(builder.load(place, align=8), self.work.vector), self._normal())
            to = builder.gep(out, [j])
            for i in range(EIGHT):
                builder.store(builder.extract_element(keys, number(i)), to)
                to = builder.gep(to, [self.k])

        for j, one in enumerate(self.best):
            with builder.if_then(builder.icmp_signed("<", self.k.type(j), self.k)):
                column(one, self.k.type(j))
        if not self.best:
            with cgutils.for_range(builder, self.k) as loop:
                column(self.place(loop.index), loop.index)


def _pick_rows_typed(
    _typing: Any, out: Any, _at: Any, field: Any, _row: Any, owner: Any, _count: Any, best: Any
) -> Any:
    """Type and write :func:`pick_rows`: lanes are entered one after the other, eight rows side by side."""

    def write(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        lists, rows, work = (_Rows(context, builder, signature.args[i], args[i]) for i in (0, 2, 6))
        owners = context.make_array(signature.args[4])(context, builder, value=args[4]).data
        number = ir.IntType(32)
        first = builder.gep(rows.data, [builder.mul(args[3], rows.width)])

        def keys_of(lane: Any) -> Any:
            place = builder.gep(first, [lane])
            costs = ir.Constant(ir.VectorType(number, EIGHT), ir.Undefined)
            for i in range(EIGHT):
                costs = builder.insert_element(costs, builder.load(place), number(i))
                place = builder.gep(place, [rows.width])
            keys = builder.shl(builder.zext(costs, work.vector), ir.Constant(work.vector, [32] * EIGHT))
            keys = builder.or_(keys, work.spread(builder.load(builder.gep(owners, [lane]))))
            reached = builder.icmp_unsigned("<", costs, ir.Constant(costs.type, [FAR] * EIGHT))
            return builder.select(reached, keys, ir.Constant(work.vector, [FAR_64] * EIGHT))

        def pick(registers: int) -> None:
            least = _Sorted(builder, work, lists.width, registers)
            with cgutils.for_range(builder, args[5]) as lanes:
                least.enter(least.key(keys_of(lanes.index)))
            least.write(builder.gep(lists.data, [builder.mul(args[1], lists.width)]))

        few = builder.icmp_signed("<=", lists.width, lists.width.type(REGISTERS))
        with builder.if_else(few) as (then, otherwise):
            with then:
                pick(REGISTERS)
            with otherwise:
                pick(0)
        return context.get_dummy_value()

    whole = types.intp
    return types.void(out, whole, field, whole, owner, whole, best), write


push_row: Any = _push_row_plainly if config.DISABLE_JIT else intrinsic(_push_row_typed)
"""``push_row(field, to, old, at, cost)``: row ``to`` = the lesser of row ``old`` and of row ``at`` plus ``cost``."""
pull_row: Any = _pull_row_plainly if config.DISABLE_JIT else intrinsic(_pull_row_typed)
"""``pull_row(out, at, base, start, head, cost, begin, end)``: row ``at`` of ``out`` = the least of row ``start`` of
``base`` and of the rows ``head[a]`` of ``out`` plus ``cost[a]``, for ``a`` from ``begin`` up to ``end``."""
pick_rows: Any = _pick_rows_plainly if config.DISABLE_JIT else intrinsic(_pick_rows_typed)
"""``pick_rows(out, at, field, row, owner, count, best)``: rows ``at`` to ``at + 7`` of ``out``, u64[R, k], = the k
least of the first ``count`` lanes of rows ``row`` to ``row + 7`` of a u32 field, ascending, each as cost (upper half)
and ``owner``, u64[lanes]; ``FAR_64`` fills what is left over. ``best``, u64[k, 8], is work space."""
