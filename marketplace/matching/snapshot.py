"""The engine on disk: written once, mapped into the memory of every process that opens it.

A snapshot is a directory. Its large arrays lie one after the other in one file, which is mapped
copy-on-write: opening reads no more than it checks, processes share the pages, and what one of them
changes later stays its own. Everything else is in a second file. A manifest names both with size
and checksum; it is put in place last, in one step, so that whoever is killed while writing leaves
the snapshot that was there before.
"""

import json
import mmap
import os
import pickle
import sys
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from marketplace.matching.settings import ENGINE_VERSION

_MANIFEST = "snapshot.json"
_FORMAT = 8
# Arrays begin where a page of memory begins.
_PAGE = 4096
_PIECE = 1 << 22


class DamagedSnapshot(Exception):
    """A snapshot that cannot be used: incomplete, changed, or of another version. Build anew."""


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    size: int
    checksum: int


@dataclass(frozen=True, slots=True)
class _Manifest:
    """`version` tells what wrote it, `words_version` how its texts were read.

    `arrays` are begin and length of every array in the file `data`.
    """

    version: str
    words_version: str
    number: int
    state: _File
    data: _File
    arrays: tuple[tuple[int, int], ...]


def save(directory: Path, state: object, words_version: str) -> None:
    """Write `state`, made of plain values, arrays and the engine's own classes.

    What `directory` held before stays whole until the last step. One writer at a time.
    """
    directory.mkdir(parents=True, exist_ok=True)
    try:
        number = _manifest_of(directory).number + 1
    except DamagedSnapshot:
        number = 1
    written = _Written(directory / f"arrays-{number}.bin")
    try:
        rest = BytesIO()
        pickle.Pickler(rest, protocol=5, buffer_callback=written.add).dump(state)
    finally:
        data = written.close()
    state_path = directory / f"state-{number}.bin"
    with state_path.open("wb") as file:
        file.write(rest.getbuffer())
        _flush(file)
    plain = _File(state_path.name, rest.tell(), zlib.crc32(rest.getbuffer()))
    manifest = _Manifest(_version(), words_version, number, plain, data, tuple(written.arrays))
    beside = directory / f"{_MANIFEST}.new"
    with beside.open("w", encoding="ascii") as file:
        json.dump(asdict(manifest), file)
        _flush(file)
    beside.replace(directory / _MANIFEST)
    _flush_directory(directory)
    for path in (*directory.glob("arrays-*.bin"), *directory.glob("state-*.bin")):
        if path.name not in {plain.name, data.name}:
            path.unlink(missing_ok=True)


def load(directory: Path, words_version: str) -> Any:
    """What was saved; raises DamagedSnapshot with the reason where it cannot be used as it is."""
    manifest = _manifest_of(directory)
    if manifest.version != _version():
        raise DamagedSnapshot(f"written by {manifest.version}, this is {_version()}")
    if manifest.words_version != words_version:
        raise DamagedSnapshot("texts are read otherwise since it was written")
    data = _mapped(directory, manifest.data)
    buffers = [data[begin : begin + length] for begin, length in manifest.arrays]
    try:
        return _Unpickler(_mapped(directory, manifest.state), buffers).load()
    except (pickle.UnpicklingError, EOFError, AttributeError, TypeError, ValueError) as error:
        raise DamagedSnapshot(f"{manifest.state.name}: {error}") from error


def is_outdated(directory: Path) -> bool:
    """Another version wrote it, as after an upgrade; what cannot be read is damage instead."""
    try:
        told = json.loads((directory / _MANIFEST).read_text(encoding="ascii"))
        return bool(told["version"] != _version())
    except (OSError, ValueError, TypeError, KeyError):
        return False


class _Written:
    """The file of arrays while it is written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("wb")
        self._at = 0
        self._checksum = 0
        self.arrays: list[tuple[int, int]] = []

    def add(self, buffer: pickle.PickleBuffer) -> None:
        content = buffer.raw()
        self._write(memoryview(bytes(-self._at % _PAGE)))
        self.arrays.append((self._at, len(content)))
        self._write(content)

    def close(self) -> _File:
        _flush(self._file)
        self._file.close()
        return _File(self._path.name, self._at, self._checksum)

    def _write(self, content: memoryview) -> None:
        self._file.write(content)
        self._checksum = zlib.crc32(content, self._checksum)
        self._at += len(content)


class _Unpickler(pickle.Unpickler):
    """Reads values and the engine's own classes; a file may not name anything else."""

    _ALLOWED = frozenset(
        {
            ("builtins", "frozenset"),
            ("builtins", "set"),
            ("collections", "defaultdict"),
            ("datetime", "date"),
            ("fractions", "Fraction"),
            ("marketplace.core.quantity", "Kind"),
            ("marketplace.core.quantity", "Quantity"),
            ("numpy", "dtype"),
            ("numpy", "ndarray"),
            ("numpy._core.multiarray", "_reconstruct"),
            ("numpy._core.multiarray", "scalar"),
            ("numpy._core.numeric", "_frombuffer"),
        }
    )

    def __init__(self, content: memoryview, buffers: Sequence[memoryview]) -> None:
        super().__init__(BytesIO(content), buffers=buffers)

    def find_class(self, module: str, name: str) -> Any:
        own = module.startswith("marketplace.matching.")
        if not own and (module, name) not in self._ALLOWED:
            raise pickle.UnpicklingError(f"names {module}.{name}")
        found = super().find_class(module, name)
        if own and not isinstance(found, type):
            raise pickle.UnpicklingError(f"names {module}.{name}, which is no class")
        return found


def _manifest_of(directory: Path) -> _Manifest:
    try:
        told = json.loads((directory / _MANIFEST).read_text(encoding="ascii"))
        told["state"], told["data"] = _File(**told["state"]), _File(**told["data"])
        told["arrays"] = tuple((int(begin), int(length)) for begin, length in told["arrays"])
        return _Manifest(**told)
    except FileNotFoundError as error:
        raise DamagedSnapshot("there is no whole snapshot") from error
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise DamagedSnapshot(f"{_MANIFEST} cannot be read") from error


def _mapped(directory: Path, file: _File) -> memoryview:
    """A file of the snapshot in memory of our own, checked whole."""
    try:
        with (directory / file.name).open("rb") as handle:
            if os.fstat(handle.fileno()).st_size != file.size:
                raise DamagedSnapshot(f"{file.name} has another length than was written")
            if not file.size:
                return memoryview(bytearray())
            content = memoryview(mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_COPY))
    except OSError as error:
        raise DamagedSnapshot(f"{file.name} cannot be read") from error
    checksum = 0
    for start in range(0, file.size, _PIECE):
        checksum = zlib.crc32(content[start : start + _PIECE], checksum)
    if checksum != file.checksum:
        raise DamagedSnapshot(f"{file.name} is not what was written")
    return content


def _version() -> str:
    """What must be the same to read it: our format, the engine, Python (marshal), byte order."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return f"{_FORMAT}/{ENGINE_VERSION}/{python}/{sys.byteorder}"


def _flush(file: IO[Any]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _flush_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
