"""Google's protobuf as a second reader and writer of the schema.

Reads lines of `MessageName hex-of-a-body`; writes the hex of what it packs after unpacking, or `refused`.
Usage: protobuf_oracle.py DIRECTORY, where `protoc -I proto --python_out=DIRECTORY proto/odcv/v1/*.proto` put its modules.
"""
import importlib
import sys

from google.protobuf.message import DecodeError

sys.path.insert(0, sys.argv[1])
modules = [
    importlib.import_module(f"odcv.v1.{name}_pb2")
    for name in ("common", "robot", "scene", "pressure", "verdict", "control", "record", "sim")
]
for line in sys.stdin:
    name, _, body = line.rstrip("\n").partition(" ")
    kind = next(getattr(module, name) for module in modules if name in module.DESCRIPTOR.message_types_by_name)
    try:
        print(kind.FromString(bytes.fromhex(body)).SerializeToString(deterministic=True).hex())
    except DecodeError:
        print("refused")
