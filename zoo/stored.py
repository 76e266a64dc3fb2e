"""The tensors of a TorchScript archive as bytes of the zip file: what the oracles know of an archive without our code."""
import collections
import dataclasses
import io
import pickle
import re
import zipfile
from typing import Tuple

import numpy

TYPES = {"FloatStorage": "<f4", "DoubleStorage": "<f8", "LongStorage": "<i8", "IntStorage": "<i4", "BoolStorage": "?",
         "HalfStorage": "<f2", "ByteStorage": "u1"}


@dataclasses.dataclass(frozen=True)
class Stored:
    """Where a tensor's elements lie: an entry of the zip file, and offset, shape and strides in elements."""
    entry: str
    dtype: str
    offset: int
    shape: Tuple[int, ...]
    strides: Tuple[int, ...]


class Instance:
    """An object of whatever class the archive names: only its attributes count."""

    def __setstate__(self, state):
        self.__dict__.update(state if isinstance(state, dict) else {})


class Reader(pickle.Unpickler):
    """Builds no object of a class that the file chooses, but for OrderedDict."""

    def __init__(self, data, folder):
        super().__init__(io.BytesIO(data))
        self.folder = folder

    def find_class(self, module, name):
        if name == "_rebuild_tensor_v2":
            return lambda storage, offset, size, stride, *_: Stored(
                self.folder + storage[2], TYPES.get(storage[1], "u1"), offset, tuple(size), tuple(stride))
        if name.endswith("Storage"):
            return name
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if module == "torch.jit._pickle":
            return lambda value, *_: value
        return type(name, (Instance,), {})

    def persistent_load(self, pid):
        return pid


def tensors(path):
    """Name -> Stored, of every parameter and buffer by its path and of every constant as c0, c1, ..."""
    found = {}
    with zipfile.ZipFile(path) as archive:
        top = archive.namelist()[0].split("/")[0] + "/"
        walk(Reader(archive.read(top + "data.pkl"), top + "data/").load(), "", found)
        constants = Reader(archive.read(top + "constants.pkl"), top + "constants/").load()
    for i, value in enumerate(constants):
        if isinstance(value, Stored):
            found[f"c{i}"] = value
    return found


def walk(value, path, found):
    for name, child in vars(value).items():
        if isinstance(child, Stored):
            found[path + name] = child
        elif isinstance(child, Instance):
            walk(child, path + name + ".", found)


def content(archive, tensor):
    """A writable copy of the storage, and the tensor as a view of it."""
    storage = numpy.frombuffer(archive.read(tensor.entry), tensor.dtype).copy()
    size = storage.itemsize
    return storage, numpy.lib.stride_tricks.as_strided(
        storage[tensor.offset:], tensor.shape, [s * size for s in tensor.strides])


def copy(source, target, change):
    """Copies an archive, each entry through change(name, bytes)."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            new.writestr(zipfile.ZipInfo(entry.filename), change(entry.filename, old.read(entry)))


def to_double(source, target):
    """The same archive in float64, so that a comparison measures the cut and not the rounding of float32 sums."""
    floats = {t.entry for t in tensors(source).values() if t.dtype == "<f4"}

    def change(name, data):
        if name in floats:
            return numpy.frombuffer(data, "<f4").astype("<f8").tobytes()
        if name.endswith(("/data.pkl", "/constants.pkl")):
            return data.replace(b"torch\nFloatStorage\n", b"torch\nDoubleStorage\n")
        if name.endswith(".py") and "/code/" in name:
            # A literal 6 is float32 where an operator takes an element type.
            code = re.sub(rb"dtype=6\b", b"dtype=7", data)
            return re.sub(rb"(torch\.to\([\w.]+(?:, torch\.device\([^)]*\))?, )6\b", rb"\g<1>7", code)
        return data

    copy(source, target, change)
