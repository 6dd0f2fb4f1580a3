FROM python:3.11.13-slim-bookworm AS build
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
# Without CUDA, torch is a tenth of its size; set this to PyTorch's index of builds for processors
ARG PIP_EXTRA_INDEX_URL
WORKDIR /src
COPY constraints.txt pyproject.toml README.md LICENSE ./
COPY assistant assistant
COPY ingest ingest
COPY eval eval
COPY prompts prompts
# The language model runs in Ollama, so llama.cpp is left out and no compiler is needed.
RUN pip install --no-cache-dir -c constraints.txt '.[server]'

FROM python:3.11.13-slim-bookworm
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 HOME=/tmp
RUN useradd --uid 10001 --no-create-home app && mkdir /data /cache && chown app /data /cache
USER app
WORKDIR /data
CMD ["python", "-m", "assistant", "serve", "--samples"]
