"""Build hook: an sdist carries the schema and the lease client, a wheel the modules that are made of them."""
import pathlib
import runpy
import shutil
import tempfile

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Hook(BuildHookInterface):
    def initialize(self, version, build_data):
        root = pathlib.Path(self.root)
        generate = runpy.run_path(str(root / "generate.py"))
        if self.target_name == "sdist":
            build_data["force_include"] |= {str(path): name for name, path in generate["sources"](root).items()}
            return
        # An editable install imports from here, so what is made must lie here too.
        self.made = root / "odcv" if version == "editable" else pathlib.Path(tempfile.mkdtemp(prefix="odcv-build-"))
        generate["generate"](self.made)
        if version != "editable":
            build_data["force_include"][str(self.made)] = "odcv"

    def finalize(self, version, build_data, artifact_path):
        if self.target_name == "wheel" and version != "editable":
            shutil.rmtree(self.made)
