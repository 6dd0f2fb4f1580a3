"""Settles which language model answers, where the settings leave engine or model open.

In this order: a server that answers on its usual port and has a known model; a known model from the model hub
that this machine has the memory and cores for; the model from the package registry.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.core.errors import ModelUnavailable
from assistant.core.settings import AUTO, Engine, LlmSettings, Settings
from assistant.core.weights import KnownModel, is_present, known_models, unreachable
from assistant.models import machine
from assistant.models.engines import model_name, served_models

_OPENAI_PORTS = (8000, 8080, 1234)
"""The usual ones of vLLM, llama.cpp's server and LM Studio."""

_SMALLEST_SERVED = "qwen3:4b-instruct"
_SERVER_S, _HUB_S = 1.0, 3.0


@dataclass(frozen=True, slots=True)
class Choice:
    """``settings`` name engine and model; ``why`` says for what reason, ``better`` what a better model needs."""

    settings: Settings
    why: str
    better: str = ""

    def __str__(self) -> str:
        """What to tell the user."""
        better = f"\nBetter: {self.better}" if self.better else ""
        return f"{model_name(self.settings.llm)} ({self.why}){better}"


def choose_model(settings: Settings) -> Choice:
    """The settings with engine and model named; asks servers and the model hub only for what is left open.

    Raises:
        ModelUnavailable: The named server does not answer, or has several models of which none is known.
    """
    llm = settings.llm
    if llm.engine is Engine.NONE or (llm.engine is not Engine.AUTO and llm.model != AUTO):
        return Choice(settings, "named in the settings")
    if llm.engine.is_server:
        return _only_or_best(settings)
    if llm.engine is Engine.AUTO:
        for candidate in _servers(llm):
            if name := _wanted(candidate):
                return _settled(settings, name, _answers(candidate), server=candidate)
    if llm.model != AUTO:
        return _settled(settings, llm.model, "named in the settings")
    return _for_this_machine(settings)


def _servers(llm: LlmSettings) -> Iterator[LlmSettings]:
    """Where a server may answer; the key is sent only to an address that the settings name."""
    if llm.url:
        for engine in (Engine.OLLAMA, Engine.OPENAI):
            yield llm.model_copy(update={"engine": engine})
        return
    yield llm.model_copy(update={"engine": Engine.OLLAMA})
    for port in _OPENAI_PORTS:
        url = f"http://127.0.0.1:{port}/v1"
        yield llm.model_copy(update={"engine": Engine.OPENAI, "url": url, "api_key": None})


def _wanted(candidate: LlmSettings) -> str | None:
    """The server's name of the named model or, if none is named, of the best known one; None without an answer."""
    try:
        names = served_models(candidate, _SERVER_S)
    except ModelUnavailable:
        return None
    if candidate.model != AUTO:
        return candidate.model if {candidate.model, f"{candidate.model}:latest"} & set(names) else None
    return _best(names)


def _only_or_best(settings: Settings) -> Choice:
    llm = settings.llm
    names = served_models(llm)
    name = _best(names) or (names[0] if len(names) == 1 else None)
    if name is None:
        raise ModelUnavailable(
            f"Which of the server's models is meant? NEWS_LLM__MODEL can be: {', '.join(names)}"
            if names
            else f"The server has no model. On Ollama, fetch one with: ollama pull {_SMALLEST_SERVED}"
        )
    return _settled(settings, name, _answers(llm), server=llm)


def _best(names: list[str]) -> str | None:
    found = (name for known in known_models() for name in names if known.is_served_as(name))
    return next(found, None)


def _answers(llm: LlmSettings) -> str:
    return f"{'Ollama' if llm.engine is Engine.OLLAMA else 'a server'} answers{f' at {llm.url}' if llm.url else ''} and has it"


def _for_this_machine(settings: Settings) -> Choice:
    llm = settings.llm
    memory, cores = llm.memory_gib or machine.memory_gib(), llm.threads or machine.cores()
    here = f"this machine has {memory:.0f} GiB of memory and {cores} cores"
    fitting = [known for known in known_models() if known.memory_gib <= memory and known.cores <= cores]
    best = fitting[0]
    asked = None if is_present(best.name, settings.weights_dir) else best.hub
    if asked and (reason := unreachable(asked, _HUB_S)):
        had = next(k for k in fitting if k.hub is None or is_present(k.name, settings.weights_dir))
        better = f"{best.name} fits this machine, but the model hub does not offer it: {reason}"
        return _settled(settings, had.name, f"{here}; {had.why}", better=better)
    return _settled(settings, best.name, f"{here}; {best.why}", better=_better(best, memory, cores))


def _better(chosen: KnownModel, memory: float, cores: int) -> str:
    above = known_models()[: known_models().index(chosen)]
    larger = min(above, key=lambda known: (known.memory_gib, known.cores), default=None)
    if larger is None:
        return ""
    lacking = [
        need
        for need, is_met in (
            (f"{larger.memory_gib:g} GiB of memory", memory >= larger.memory_gib),
            (f"{larger.cores} cores", cores >= larger.cores),
        )
        if not is_met
    ]
    return f"{larger.name} needs {' and '.join(lacking)}, or a server that has it: ollama pull {larger.served[0]}"


def _settled(
    settings: Settings, model: str, why: str, *, server: LlmSettings | None = None, better: str = ""
) -> Choice:
    """The settings with this model, on the server if there is one, else embedded."""
    llm = server or settings.llm.model_copy(update={"engine": Engine.EMBEDDED})
    named = llm.model_copy(update={"model": model})
    return Choice(settings.model_copy(update={"llm": named}), why, better)
