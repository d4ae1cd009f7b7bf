"""Runs commands under a clock: wall and CPU seconds, peak memory."""
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
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen([str(c) for c in command], stdout=out, stderr=subprocess.DEVNULL, **options)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - began
        out.seek(0)
        text = out.read().decode()
    if child.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\nended with {child.returncode}\n{text[-2000:]}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, text


def in_python(python, code, *arguments):
    """The same of a Python program that prints its own CPU seconds of the measured part last."""
    seconds, cpu, memory, text = timed([python, "-c", code, *arguments])
    return seconds, cpu, memory, text.split()


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def description():
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, Linux {platform.release()}"


def lasting_policies(folder):
    """The reference's policies with room for slivers of coast, where its 64 draws stop a large run (E613)."""
    target = Path(folder) / "policies"
    shutil.copytree(ROOT / "contracts" / "profiles" / "reference", target, dirs_exist_ok=True)
    policy = target / "policy.s6.jitter.yaml"
    text = policy.read_text().replace("policy_version: ", "policy_version: placewright-bench-").replace(
        "max_attempts: 64 ", "max_attempts: 1000000 ")
    policy.write_text(text)
    return target


def run_states(folder, catalogue, out, *options):
    """Runs the chain; (rows of the table of states, seconds, CPU seconds, peak MiB, run folder)."""
    folder = Path(folder)
    command = [placewright(), "run", "--catalogue", catalogue, "--cache", folder / "cache", "--out", folder / out,
               "--policies", lasting_policies(folder), "--json", "--quiet", *options]
    seconds, cpu, memory, text = timed(command)
    result = json.loads(text)
    run = Path(result["run"])
    for state in result["states"]:
        receipt = json.loads((run / "receipts" / f"{state['state']}.json").read_text())
        state["cpu_seconds"] = receipt["measured"]["cpu_seconds"]
    return result["states"], seconds, cpu, memory, run


def synth(folder, outlets, profile="lifelike"):
    target = Path(folder) / f"{profile}-{outlets}"
    if not target.exists():
        timed([placewright(), "catalogue", "synth", "--profile", profile, "--outlets", str(outlets), "--out", target, "--quiet"])
    return target
