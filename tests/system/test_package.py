"""The installed library: a stranger's CMake project finds it, builds against its headers alone, and runs."""
import subprocess
from pathlib import Path

from support import PROGRAM, ROOT, SystemTest


class Package(SystemTest):
    def test_find_package_gives_a_library_that_works(self):
        def step(*command):
            done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            return done.stdout

        prefix, build = self.scratch / "prefix", self.scratch / "consumer"
        step("cmake", "--install", Path(PROGRAM).parent, "--prefix", prefix)
        step("cmake", "-S", ROOT / "tests/package", "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}")
        step("cmake", "--build", build)
        self.assertIn("PW_RECEIPT", step(build / "consumer"))
        self.assertIn("run", step(prefix / "bin/placewright", "--help"))
