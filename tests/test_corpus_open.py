"""Bytes of files: compression, encodings, and what is done with files that are broken."""

import gzip
import io
import sys
import zlib
from pathlib import Path

import pytest
import xxhash
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from audit.corpus.open import Meter, Stream, digest, utf8
from audit.corpus.records import BOMB, CORRUPT, CUT
from audit.corpus.unpack import Guard

PACK = {"": bytes, "gz": lambda data: gzip.compress(data, mtime=0), "zst": zstandard.ZstdCompressor(write_checksum=True).compress}
TEXT = b"".join(b'{"n": %d, "text": "%x"}\n' % (n, n * 7919**5) for n in range(9_000))


def read(path: Path, packing: str, block: int = 1 << 16, guard: Guard | None = None) -> tuple[bytes, str, Meter]:
    meter = Meter()
    stream = Stream(path, packing, meter, block, guard)
    return b"".join(stream), stream.broken, meter


@pytest.mark.parametrize("packing", PACK)
@pytest.mark.parametrize("block", [1, 5, 4_096, 1 << 22])
@pytest.mark.parametrize("named", ["named", "seen"])
def test_compression(tmp_path: Path, packing: str, block: int, named: str) -> None:
    """Plain, gzip and zstd files of one or several members give the same bytes, named so or not, whatever the block size."""
    text = TEXT[:3_000]
    path = tmp_path / "a"
    path.write_bytes(PACK[packing](text[:1_000]) + PACK[packing](text[1_000:]))
    data, broken, meter = read(path, packing if named == "named" else "", block)
    assert (data, broken) == (text, "")
    assert meter.size == path.stat().st_size
    assert meter.state.hexdigest() == xxhash.xxh3_128_hexdigest(path.read_bytes()) == digest(path, Meter())


@pytest.mark.parametrize("packing", ["gz", "zst"])
@pytest.mark.parametrize("cut", [1, 4, 9, 1_000, 30_000])
def test_cut_short(tmp_path: Path, packing: str, cut: int) -> None:
    """Of a compressed file without its end, what is there is read, the break is said, and the digest is still that of the file."""
    path = tmp_path / "a"
    path.write_bytes(PACK[packing](TEXT)[:-cut])
    data, broken, meter = read(path, packing)
    assert broken == CUT
    assert TEXT.startswith(data)
    assert len(data) > len(TEXT) * 0.4
    assert meter.state.hexdigest() == xxhash.xxh3_128_hexdigest(path.read_bytes())


@pytest.mark.parametrize("packing", ["gz", "zst"])
def test_corrupt(tmp_path: Path, packing: str) -> None:
    """A byte that is wrong ends the stream with a word; nothing raises, and gzip keeps all that comes before it."""
    packed = PACK[packing](TEXT)
    for at in range(0, len(packed), 9_973):
        path = tmp_path / "a"
        path.write_bytes(packed[:at] + bytes([packed[at] ^ 0x55]) + packed[at + 1 :])
        data, broken, _ = read(path, packing)
        assert broken in (CORRUPT, CUT)
        if packing == "gz":
            good = zlib.decompressobj(31)
            assert data.startswith(good.decompress(packed[:at]))


def test_trailing_bytes(tmp_path: Path) -> None:
    """Zero bytes behind a gzip member are padding; other bytes are damage."""
    path = tmp_path / "a"
    path.write_bytes(PACK["gz"](TEXT) + bytes(700))
    assert read(path, "gz")[:2] == (TEXT, "")
    path.write_bytes(PACK["gz"](TEXT) + b"garbage")
    assert read(path, "gz")[:2] == (TEXT, CORRUPT)


@pytest.mark.parametrize("packing", ["gz", "zst"])
def test_bomb(tmp_path: Path, packing: str) -> None:
    """A file that gives far more than it holds ends the stream before it is unpacked; no block is larger than a bound."""
    path = tmp_path / "a"
    path.write_bytes(PACK[packing](bytes(300 << 20)))
    stream = Stream(path, packing, Meter(), 1 << 16, Guard(floor=8 << 20, ratio=300))
    sizes = [len(block) for block in stream]
    assert stream.broken == BOMB
    assert sum(sizes) < 160 << 20
    assert max(sizes, default=0) <= 65 << 20


def test_repetitive_news_is_no_bomb(tmp_path: Path) -> None:
    """The same article ten thousand times over is read."""
    path = tmp_path / "a"
    article = TEXT[:3_000]
    path.write_bytes(PACK["zst"](article * 10_000))
    assert read(path, "zst")[:2] == (article * 10_000, "")


@given(st.text(max_size=60), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]), st.integers(1, 7))
def test_encodings(text: str, encoding: str, size: int) -> None:
    """UTF-8 with and without its mark, and UTF-16 of both orders with one, are read as what they are, however they are cut."""
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    if not mark and text.startswith("\ufeff"):
        text = "x" + text
    data = mark + text.encode(encoding)
    assert b"".join(utf8(data[at : at + size] for at in range(0, len(data), size))).decode() == text


@given(st.binary(max_size=40), st.integers(1, 7))
def test_invalid_utf16(data: bytes, size: int) -> None:
    """UTF-16 that is broken never raises, and comes out as invalid UTF-8 unless it is whole."""
    data = b"\xff\xfe" + data
    out = b"".join(utf8(data[at : at + size] for at in range(0, len(data), size)))
    try:
        text = data.decode("utf-16")
    except UnicodeDecodeError:
        with pytest.raises(UnicodeDecodeError):
            out.decode()
    else:
        assert out.decode() == text


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard input is read, compressed or not."""
    for packing in PACK:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PACK[packing](TEXT))))
        assert b"".join(Stream(None, "", Meter(), 999)) == TEXT
