"""vamp's collision checker, compiled from the headers of its PyPI source package; None where that did not work."""
import ctypes
import pathlib

import numpy as np

import odcv

LIBRARY = pathlib.Path(__file__).resolve().parents[1] / ".build/peers/libvamp.so"


class Vamp:
    """A boolean: is the Panda (59 spheres, fingers among them) free of obstacles and of itself. Floats, 8 lanes, stops at
    the first hit; a motion is checked at samples (32 a radian) with nothing between them."""

    def __init__(self, obstacles):
        self.c = ctypes.CDLL(str(LIBRARY))
        self.c.vamp_single.restype = ctypes.c_int64
        self.c.vamp_motion.restype = ctypes.c_int64
        kinds, numbers = odcv.Library.solids(obstacles)
        self.c.vamp_scene(len(obstacles), odcv.at(kinds), odcv.at(numbers))

    def single(self, q):
        free = np.empty(len(q), np.uint8)
        return self.c.vamp_single(len(q), odcv.at(q), odcv.at(free)), free.astype(bool)

    def motion(self, start, end):
        free = np.empty(len(start), np.uint8)
        return self.c.vamp_motion(len(start), odcv.at(start), odcv.at(end), odcv.at(free)), free.astype(bool)


def build(obstacles):
    return Vamp(obstacles) if LIBRARY.exists() else None
