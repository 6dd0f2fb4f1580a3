"""Qdrant's HTTP interface before the implementation that its client brings along, for tests of what happens between."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pydantic import BaseModel
from qdrant_client import QdrantClient, models


class QdrantServer:
    """A server on loopback that can be stopped and started, slowed down, and given a full disk."""

    def __init__(self) -> None:
        self.client = QdrantClient(":memory:")
        self.api_key: str | None = None
        self.delay_s = 0.0
        self.is_full = False
        self._lock = threading.Lock()
        self._port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        handler = type("OwnHandler", (_Handler,), {"qdrant": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), handler)
        self._port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, path: list[str], body: Any) -> tuple[int, Any]:
        time.sleep(self.delay_s)
        if self.is_full and method == "PUT":
            return 500, "Service internal error: No space left on device (os error 28)"
        with self._lock:
            try:
                return 200, _result(self.client, method, path, body)
            except ValueError as exc:
                return 404, str(exc)


class _Handler(BaseHTTPRequestHandler):
    qdrant: QdrantServer

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.qdrant.api_key and self.headers.get("api-key") != self.qdrant.api_key:
            status, result = 401, "Must provide an API key or an Authorization bearer token"
        else:
            path = self.path.partition("?")[0].strip("/").split("/")
            status, result = self.qdrant.answer(self.command, path, json.loads(body) if body else None)
        found = {"result": result, "status": "ok"} if status == 200 else {"status": {"error": result}}
        sent = json.dumps(found | {"time": 0.0}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    do_GET = do_PUT = do_POST = do_DELETE = _serve  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def _result(client: QdrantClient, method: str, path: list[str], body: Any) -> Any:
    found = _call(client, method, path, body)
    return found.model_dump(mode="json") if isinstance(found, BaseModel) else found


def _call(client: QdrantClient, method: str, path: list[str], body: Any) -> Any:
    match method, path:
        case "GET", ["aliases"]:
            return client.get_aliases()
        case "GET", ["collections"]:
            return client.get_collections()
        case "POST", ["collections", "aliases"]:
            return client.update_collection_aliases(
                models.ChangeAliasesOperation.model_validate(body).actions
            )
        case "PUT", ["collections", _, "index"]:
            return {"operation_id": 0, "status": "completed"}
        case _, ["collections", name, "points", *rest]:
            return _points(client, name, rest, body)
        case _, ["collections", name, *rest]:
            return _collection(client, method, name, rest, body)
    raise ValueError(f"{method} {path} is not served")


def _collection(client: QdrantClient, method: str, name: str, path: list[str], body: Any) -> Any:
    match method, path:
        case "GET", []:
            return client.get_collection(name)
        case "GET", ["exists"]:
            return {"exists": client.collection_exists(name)}
        case "DELETE", []:
            return client.delete_collection(name)
        case "PUT", []:
            made = models.CreateCollection.model_validate(body)
            return client.create_collection(
                name,
                vectors_config=made.vectors,
                sparse_vectors_config=made.sparse_vectors,
                metadata=made.metadata,
            )
    raise ValueError(f"{method} {path} of a collection is not served")


def _points(client: QdrantClient, name: str, path: list[str], body: Any) -> Any:
    match path:
        case []:
            return client.upsert(name, models.PointsList.model_validate(body).points)
        case ["delete"]:
            return client.delete(name, models.FilterSelector.model_validate(body))
        case ["count"]:
            return client.count(name, exact=True)
        case ["scroll"]:
            asked = models.ScrollRequest.model_validate(body)
            points, offset = client.scroll(
                name,
                limit=asked.limit,
                offset=asked.offset,
                with_payload=asked.with_payload,
                with_vectors=False,
            )
            return {"points": [point.model_dump(mode="json") for point in points], "next_page_offset": offset}
        case ["query"]:
            query = models.QueryRequest.model_validate(body)
            return client.query_points(
                name,
                query=query.query,
                using=query.using,
                query_filter=query.filter,
                search_params=query.params,
                limit=query.limit,
                with_payload=query.with_payload,
            )
    raise ValueError(f"points/{path} is not served")


@contextmanager
def qdrant_server() -> Iterator[QdrantServer]:
    """A server of its own for each use."""
    server = QdrantServer()
    yield server
    server.stop()
    server.client.close()
