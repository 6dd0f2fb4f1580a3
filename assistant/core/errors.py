"""All errors the programs raise deliberately: each means that a person has to act.

AssistantError
├── SettingsError            exit 2: a wrong setting or argument, or an archive made under other settings
├── ServiceError             exit 3: something that must be running or installed is not
│   ├── IndexUnavailable     the vector index cannot be opened or reached
│   │   └── IndexLocked      another process holds the embedded index
│   ├── StorageUnavailable   the data folder is gone, read-only or full
│   ├── DatabaseUnavailable  the article store cannot be opened or reached
│   ├── ModelUnavailable     a language model or embedder cannot be reached or loaded
│   └── WeightsError         a model's files cannot be fetched or verified
├── IngestError              exit 4: an input that cannot be ingested
└── EvalError                exit 4: cases or runs that cannot be read or scored

Each message says what failed, for which value, and what to do next.
"""


class AssistantError(Exception):
    """Base of all errors whose message is meant for the person at the terminal."""

    exit_code = 1


class SettingsError(AssistantError):
    """A setting or argument is wrong, or the archive was made under other settings."""

    exit_code = 2


class ServiceError(AssistantError):
    """Something that must be running or installed is not."""

    exit_code = 3


class IndexUnavailable(ServiceError):
    """The vector index cannot be opened or reached."""


class IndexLocked(IndexUnavailable):
    """Another process holds the embedded index."""


class StorageUnavailable(ServiceError):
    """The data folder is gone, read-only or full."""


class DatabaseUnavailable(ServiceError):
    """The article store cannot be opened or reached."""


class ModelUnavailable(ServiceError):
    """A language model or embedder cannot be reached or loaded."""


class WeightsError(ServiceError):
    """A model's files cannot be fetched, verified or stored."""


class IngestError(AssistantError):
    """An input cannot be ingested."""

    exit_code = 4


class EvalError(AssistantError):
    """Cases or runs cannot be read or scored."""

    exit_code = 4
