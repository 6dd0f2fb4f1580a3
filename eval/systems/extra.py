"""The optional packages that the product is compared with."""

from collections.abc import Iterator
from contextlib import contextmanager

from assistant.core.errors import EvalError


@contextmanager
def peers_extra() -> Iterator[None]:
    """Around an import of them.

    Raises:
        EvalError: They are not installed.
    """
    try:
        yield
    except ImportError as exc:
        raise EvalError(
            f"{exc}. Install what the benchmarks compare with: pip install -c constraints.txt -e '.[peers]'"
        ) from exc
