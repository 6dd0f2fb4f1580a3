"""What this machine, or the container that the program runs in, gives to a language model."""

import os
from pathlib import Path

_CGROUP_MEMORY = Path("/sys/fs/cgroup/memory.max")


def memory_gib() -> float:
    """All memory in GiB."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if _CGROUP_MEMORY.exists() and (limit := _CGROUP_MEMORY.read_text(encoding="ascii").strip()) != "max":
        memory = min(memory, int(limit))
    return memory / 2**30


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
