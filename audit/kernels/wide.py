"""Eight and sixty-four bytes at a time: the few machine operations that numba has no name for.

LLVM lowers them for every CPU (AVX-512, AVX2, SSE2, NEON). Loads may reach up to PAD bytes behind the text they begin in.
"""

from __future__ import annotations

from typing import Any

import llvmlite.ir as ir
from numba import extending, types
from numba.core import cgutils
from numba.extending import models, register_model

PAD = 80
"""Bytes that must be readable behind any text that a kernel reads in blocks."""

intrinsic: Any = extending.intrinsic  # which the type checker takes for one that changes no signature
_I8, _I64, _I128 = ir.IntType(8), ir.IntType(64), ir.IntType(128)
BLOCK = 64
"""Bytes that are looked at at once."""
_BLOCK = ir.VectorType(_I8, BLOCK)


def _pointer(context: Any, builder: Any, kind: Any, array: Any, index: Any, to: Any) -> Any:
    start = context.make_array(kind)(context, builder, array).data
    return builder.bitcast(builder.gep(start, [index]), to.as_pointer())


def _all(value: int) -> Any:
    return ir.Constant(_BLOCK, [ir.Constant(_I8, value)] * BLOCK)


def _everywhere(builder: Any, byte: Any) -> Any:
    lane = builder.insert_element(ir.Constant(_BLOCK, ir.Undefined), byte, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(lane, ir.Constant(_BLOCK, ir.Undefined), ir.Constant(ir.VectorType(ir.IntType(32), BLOCK), [0] * BLOCK))


@intrinsic
def load8(typing, data, at):  # type: ignore[no-untyped-def]
    """data[at : at + 8] as one little-endian uint64."""

    def code(context, builder, signature, args):  # type: ignore[no-untyped-def]
        return builder.load(_pointer(context, builder, signature.args[0], args[0], args[1], _I64), align=1)

    return types.uint64(data, types.int64), code


@intrinsic
def store8(typing, data, at, value):  # type: ignore[no-untyped-def]
    """data[at : at + 8] = value, little-endian."""

    def code(context, builder, signature, args):  # type: ignore[no-untyped-def]
        builder.store(args[2], _pointer(context, builder, signature.args[0], args[0], args[1], _I64), align=1)
        return context.get_dummy_value()

    return types.void(data, types.int64, types.uint64), code


@intrinsic
def copy(typing, out, to, data, at, size):  # type: ignore[no-untyped-def]
    """out[to : to + size] = data[at : at + size], of two uint8 arrays that are not one; a slice would be copied byte by byte."""

    def code(context, builder, signature, args):  # type: ignore[no-untyped-def]
        target = _pointer(context, builder, signature.args[0], args[0], args[1], _I8)
        source = _pointer(context, builder, signature.args[2], args[2], args[3], _I8)
        cgutils.raw_memcpy(builder, target, source, args[4], 1)
        return context.get_dummy_value()

    return types.void(out, types.int64, data, types.int64, types.int64), code


@intrinsic
def ascii_words(typing, data, at):  # type: ignore[no-untyped-def]
    """Bit i: data[at + i] is an ASCII letter or digit."""

    def code(context, builder, signature, args):  # type: ignore[no-untyped-def]
        block = builder.load(_pointer(context, builder, signature.args[0], args[0], args[1], _BLOCK), align=1)
        letter = builder.icmp_unsigned("<", builder.sub(builder.or_(block, _all(0x20)), _all(97)), _all(26))
        digit = builder.icmp_unsigned("<", builder.sub(block, _all(48)), _all(10))
        return builder.bitcast(builder.or_(letter, digit), _I64)

    return types.uint64(data, types.int64), code


@intrinsic
def beyond_ascii(typing, data, at):  # type: ignore[no-untyped-def]
    """Bit i: data[at + i] is 0x80 or more."""

    def code(context, builder, signature, args):  # type: ignore[no-untyped-def]
        block = builder.load(_pointer(context, builder, signature.args[0], args[0], args[1], _BLOCK), align=1)
        return builder.bitcast(builder.icmp_signed("<", block, _all(0)), _I64)

    return types.uint64(data, types.int64), code


@intrinsic
def beyond_printable(typing, data, at):  # type: ignore[no-untyped-def]
    """Bit i: data[at + i] is neither printable ASCII other than "&" nor a tab, line feed or form feed."""

    def code(context, builder, signature, args):  # type: ignore[no-untyped-def]
        block = builder.load(_pointer(context, builder, signature.args[0], args[0], args[1], _BLOCK), align=1)
        found = builder.icmp_unsigned("<", block, _all(0x20))
        for kept in (9, 10, 12):
            found = builder.and_(found, builder.icmp_unsigned("!=", block, _all(kept)))
        found = builder.or_(found, builder.icmp_unsigned(">", block, _all(0x7E)))
        return builder.bitcast(builder.or_(found, builder.icmp_unsigned("==", block, _all(0x26))), _I64)

    return types.uint64(data, types.int64), code


@intrinsic
def beyond_space(typing, data, at):  # type: ignore[no-untyped-def]
    """Bit i: data[at + i] is neither a space nor less than one."""

    def code(context, builder, signature, args):  # type: ignore[no-untyped-def]
        block = builder.load(_pointer(context, builder, signature.args[0], args[0], args[1], _BLOCK), align=1)
        return builder.bitcast(builder.icmp_unsigned(">", block, _all(0x20)), _I64)

    return types.uint64(data, types.int64), code


@intrinsic
def control(typing, data, at):  # type: ignore[no-untyped-def]
    """Bit i: data[at + i] is less than a space, and no line feed."""

    def code(context, builder, signature, args):  # type: ignore[no-untyped-def]
        block = builder.load(_pointer(context, builder, signature.args[0], args[0], args[1], _BLOCK), align=1)
        low = builder.icmp_unsigned("<", block, _all(0x20))
        return builder.bitcast(builder.and_(low, builder.icmp_unsigned("!=", block, _all(0x0A))), _I64)

    return types.uint64(data, types.int64), code


@intrinsic
def beyond_quoted(typing, data, at):  # type: ignore[no-untyped-def]
    """Bit i: data[at + i] does not stand for itself in a JSON string: a quote, a backslash, a control character, 0x80 or more."""

    def code(context, builder, signature, args):  # type: ignore[no-untyped-def]
        block = builder.load(_pointer(context, builder, signature.args[0], args[0], args[1], _BLOCK), align=1)
        found = builder.icmp_signed("<", block, _all(0x20))  # signed: 0x80 and more are negative
        for byte in (0x22, 0x5C):
            found = builder.or_(found, builder.icmp_unsigned("==", block, _all(byte)))
        return builder.bitcast(found, _I64)

    return types.uint64(data, types.int64), code


@intrinsic
def between(typing, data, at, first, last):  # type: ignore[no-untyped-def]
    """Bit i: first <= data[at + i] <= last."""

    def code(context, builder, signature, args):  # type: ignore[no-untyped-def]
        block = builder.load(_pointer(context, builder, signature.args[0], args[0], args[1], _BLOCK), align=1)
        above = builder.icmp_unsigned("<=", _everywhere(builder, args[2]), block)
        return builder.bitcast(builder.and_(above, builder.icmp_unsigned("<=", block, _everywhere(builder, args[3]))), _I64)

    return types.uint64(data, types.int64, types.uint8, types.uint8), code


@intrinsic
def equal(typing, data, at, byte):  # type: ignore[no-untyped-def]
    """Bit i: data[at + i] == byte."""

    def code(context, builder, signature, args):  # type: ignore[no-untyped-def]
        block = builder.load(_pointer(context, builder, signature.args[0], args[0], args[1], _BLOCK), align=1)
        return builder.bitcast(builder.icmp_unsigned("==", block, _everywhere(builder, args[2])), _I64)

    return types.uint64(data, types.int64, types.uint8), code


@intrinsic
def lowest(typing, bits):  # type: ignore[no-untyped-def]
    """The number of the lowest set bit; bits must not be 0."""

    def code(context, builder, signature, args):  # type: ignore[no-untyped-def]
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.uint64), code


@intrinsic
def highest(typing, bits):  # type: ignore[no-untyped-def]
    """The number of the highest set bit; bits must not be 0."""

    def code(context, builder, signature, args):  # type: ignore[no-untyped-def]
        return builder.sub(ir.Constant(_I64, 63), builder.ctlz(args[0], ir.Constant(ir.IntType(1), 1)))

    return types.int64(types.uint64), code


@intrinsic
def ones(typing, bits):  # type: ignore[no-untyped-def]
    """How many bits are set."""

    def code(context, builder, signature, args):  # type: ignore[no-untyped-def]
        return builder.ctpop(args[0])

    return types.int64(types.uint64), code


@intrinsic
def fold_multiply(typing, left, right):  # type: ignore[no-untyped-def]
    """The high half of left * right (128 bits) xor its low half."""

    def code(context, builder, signature, args):  # type: ignore[no-untyped-def]
        product = builder.mul(builder.zext(args[0], _I128), builder.zext(args[1], _I128))
        high = builder.trunc(builder.lshr(product, ir.Constant(_I128, 64)), _I64)
        return builder.xor(builder.trunc(product, _I64), high)

    return types.uint64(types.uint64, types.uint64), code


LANES = 32
"""uint32 values that are permuted at once; they and their factors stay in registers over a whole text."""
_VALUES = ir.VectorType(ir.IntType(32), LANES)


class _Lanes(types.Type):
    """LANES uint32 values."""

    def __init__(self) -> None:
        super().__init__("Lanes")


@register_model(_Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _VALUES)


_LANES = _Lanes()


@intrinsic
def load_lanes(typing, values, at):  # type: ignore[no-untyped-def]
    """values[at : at + LANES] of a uint32 array."""

    def code(context, builder, signature, args):  # type: ignore[no-untyped-def]
        return builder.load(_pointer(context, builder, signature.args[0], args[0], args[1], _VALUES), align=4)

    return _LANES(values, types.int64), code


@intrinsic
def store_lanes(typing, values, at, lanes):  # type: ignore[no-untyped-def]
    """values[at : at + LANES] = lanes, of a uint32 array."""

    def code(context, builder, signature, args):  # type: ignore[no-untyped-def]
        builder.store(args[2], _pointer(context, builder, signature.args[0], args[0], args[1], _VALUES), align=4)
        return context.get_dummy_value()

    return types.void(values, types.int64, _LANES), code


@intrinsic
def lower_of(typing, lanes, odd, plus, value):  # type: ignore[no-untyped-def]
    """min(lanes, odd * value + plus), lane by lane; `value` is uint32."""

    def code(context, builder, signature, args):  # type: ignore[no-untyped-def]
        undefined, number = ir.Constant(_VALUES, ir.Undefined), ir.IntType(32)
        first = builder.insert_element(undefined, args[3], ir.Constant(number, 0))
        spread = builder.shuffle_vector(first, undefined, ir.Constant(ir.VectorType(number, LANES), [0] * LANES))
        permuted = builder.add(builder.mul(args[1], spread), args[2])
        return builder.select(builder.icmp_unsigned("<", permuted, args[0]), permuted, args[0])

    return _LANES(_LANES, _LANES, _LANES, types.uint32), code
