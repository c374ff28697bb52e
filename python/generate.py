"""Makes what the package does not hold as source: `odcv.v1`, the messages of proto/odcv/v1, and `odcv.lease`, the driver's lease.

    python3 generate.py DIRECTORY        writes DIRECTORY/v1/*_pb2.py with their types, DIRECTORY/lease.py

Needs grpcio-tools, or protoc on the PATH (whose older versions write no types: before 3.20). The modules read their descriptors when
they are imported. What protoc itself writes refuses a protobuf runtime of another major version, and who drives an arm has the one of
his learning framework.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent

MODULE = '''"""Messages of odcv/v1/{name}.proto, which says what each field is."""
from google.protobuf import descriptor_pool
from google.protobuf.internal import builder
{imports}
DESCRIPTOR = descriptor_pool.Default().AddSerializedFile({bytes!r})
builder.BuildMessageAndEnumDescriptors(DESCRIPTOR, globals())
builder.BuildTopDescriptorsAndMessages(DESCRIPTOR, "odcv.v1.{name}_pb2", globals())
'''


def sources(root=HERE):
    """What the package is made of besides itself: name inside of an sdist to path, in a clone and in an unpacked sdist."""
    found = {}
    for name, in_clone in {"proto": "../proto", "clients/python": "../clients/python"}.items():
        candidates = [path for path in (root / name, root / in_clone) if path.is_dir()]
        if not candidates:
            raise SystemExit(f"generate.py: no {name} beside {root}: build from a clone of the repository or from an sdist of the package")
        found[name] = candidates[0].resolve()
    return found


def protoc():
    try:
        import grpc_tools  # noqa: F401

        return [sys.executable, "-m", "grpc_tools.protoc"]
    except ImportError:
        path = shutil.which("protoc")
        if path is None:
            raise SystemExit("generate.py: no protoc: install grpcio-tools, or Debian's protobuf-compiler") from None
        return [path]


def writes_types(compiler):
    version = subprocess.run([*compiler, "--version"], capture_output=True, text=True, check=True).stdout
    numbers = [int(number) for number in re.findall(r"\d+", version)]
    return numbers[0] > 3 or numbers[1] >= 20


def generate(out):
    """Writes into the directory `out`, which is made."""
    out, compiler = pathlib.Path(out), protoc()
    typed = writes_types(compiler)
    found = sources()
    names = sorted(path.stem for path in (found["proto"] / "odcv/v1").glob("*.proto"))
    with tempfile.TemporaryDirectory(prefix="odcv-protoc-") as scratch:
        scratch = pathlib.Path(scratch)
        for name in names:
            command = [*compiler, f"--proto_path={found['proto']}", f"--descriptor_set_out={scratch / name}", f"odcv/v1/{name}.proto"]
            subprocess.run(command + ([f"--pyi_out={scratch}"] if typed else []), check=True)
        made = out / "v1"
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        (made / "__init__.py").write_text('"""The schema\'s messages, one module for each file of proto/odcv/v1."""\n')
        for name in names:
            text = (found["proto"] / f"odcv/v1/{name}.proto").read_text()
            needed = re.findall(r'^import "odcv/v1/(\w+)\.proto";', text, re.MULTILINE)
            imports = "".join(f"from odcv.v1 import {one}_pb2  # noqa: F401\n" for one in needed)
            (made / f"{name}_pb2.py").write_text(MODULE.format(name=name, imports=imports, bytes=only_file((scratch / name).read_bytes())))
            if typed:
                shutil.copy(scratch / f"odcv/v1/{name}_pb2.pyi", made)
    shutil.copy(found["clients/python"] / "odcv_lease.py", out / "lease.py")


def only_file(descriptor_set):
    """The bytes of the only FileDescriptorProto in a FileDescriptorSet: field 1, behind its tag and length."""
    assert descriptor_set[0] == 0x0A
    length = shift = 0
    place = 1
    while True:
        byte = descriptor_set[place]
        length |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            break
    assert place + length == len(descriptor_set)
    return descriptor_set[place:]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    generate(sys.argv[1])
