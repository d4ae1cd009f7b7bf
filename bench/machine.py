"""Runs commands under a clock: wall and CPU seconds, peak memory."""
import gzip
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def placewright():
    return os.environ.get("PLACEWRIGHT", str(ROOT / "build" / "placewright"))


def timed(command, **options):
    """(seconds, CPU seconds, peak MiB, stdout); ends the bench when the command fails."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = subprocess.Popen([str(c) for c in command], stdout=out, stderr=err, **options)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - began
        for file in (out, err):
            file.seek(0)
        text, complaint = out.read().decode(), err.read().decode()
    if child.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))[:300]}\nended with {child.returncode}\n{complaint[-2000:]}{text[-1000:]}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, text


def in_python(python, code, *arguments):
    """The words printed by a program of rivals.py."""
    return timed([python, "-c", code, *arguments])[3].split()


def median(repeats, measure):
    """Of the first figure of measure(); the whole answer that holds it."""
    answers = sorted((measure() for _ in range(repeats)), key=lambda answer: answer[0])
    return answers[(len(answers) - 1) // 2]


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def description():
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = f", load {os.getloadavg()[0]:.1f} at the end" if os.getloadavg()[0] > os.cpu_count() else ""
    return f"{processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, Linux {platform.release()}{load}"


def lasting_policies(folder):
    """The reference's policies with room for slivers of coast, where its 64 draws stop a large run (E613)."""
    target = Path(folder) / "policies"
    shutil.copytree(ROOT / "contracts" / "profiles" / "reference", target, dirs_exist_ok=True)
    policy = target / "policy.s6.jitter.yaml"
    text = policy.read_text().replace("policy_version: ", "policy_version: placewright-bench-").replace(
        "max_attempts: 64 ", "max_attempts: 1000000 ")
    policy.write_text(text)
    return target


class Chain:
    """One run: `states` is its table of states, each with CPU seconds; `cpu`, `seconds`, `memory` (MiB) of the program."""

    def __init__(self, folder, catalogue, out, *options, profile="reference"):
        folder = Path(folder)
        shutil.rmtree(folder / out, ignore_errors=True)
        how = ["--policies", lasting_policies(folder)] if profile == "reference" else ["--profile", profile]
        self.seconds, self.cpu, self.memory, text = timed(
            [placewright(), "run", "--catalogue", catalogue, "--cache", folder / "cache", "--out", folder / out, *how, "--json", "--quiet", *options])
        result = json.loads(text)
        self.folder = Path(result["run"])
        self.states = {s["state"]: s for s in result["states"]}
        for name, state in self.states.items():
            receipt = json.loads((self.folder / "receipts" / f"{name}.json").read_text())
            state["cpu_seconds"] = receipt["measured"]["cpu_seconds"]

    def of(self, figure, *states):
        return sum(self.states[s][figure] for s in states)

    def sites(self):
        return self.states["S8"]["rows"]

    def bytes(self):
        return sum(f.stat().st_size for f in self.folder.rglob("*") if f.is_file())

    def remove(self):
        shutil.rmtree(self.folder.parent, ignore_errors=True)


def warm(folder):
    """Builds the embedded world, so that no clock runs while it is made; a run before the clock sees to warm files."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    Chain(folder, synth(folder, 1000), "warm").remove()


def synth(folder, outlets, profile="lifelike"):
    target = Path(folder) / f"{profile}-{outlets}"
    if not target.exists():
        timed([placewright(), "catalogue", "synth", "--profile", profile, "--seed", "5", "--outlets", str(outlets), "--out", target, "--quiet"])
    return target


def shipped_catalogue(folder):
    """142,447 outlets of 14,743 pairs."""
    target = Path(folder) / "catalogue_world_142k.csv"
    target.write_bytes(gzip.decompress((ROOT / "data" / "catalogue_world_142k.csv.gz").read_bytes()))
    return target
