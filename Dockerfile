FROM python:3.11.13-slim-bookworm
WORKDIR /app
COPY constraints.txt pyproject.toml README.md LICENSE ./
COPY assistant assistant
COPY ingest ingest
COPY eval eval
COPY prompts prompts
# The language model runs in Ollama, so llama.cpp is left out and no compiler is needed.
RUN pip install --no-cache-dir -c constraints.txt '.[server]'
RUN useradd --create-home app && mkdir /data /cache && chown app /data /cache
USER app
CMD ["python", "-m", "assistant", "serve", "--samples"]
