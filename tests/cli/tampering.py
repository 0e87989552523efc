"""Somebody between a portal and those who look at it: hands everything through, and changes what a test says."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.request import Request, urlopen

Change = Callable[[str, dict[str, str], bytes], bytes]
"""Of path, headers (which it may change) and content; gives the content that is served."""


@contextmanager
def tampered(portal: str, change: Change) -> Iterator[str]:
    """The address of a portal with somebody in between."""

    class Handler(BaseHTTPRequestHandler):
        def _hand_through(self) -> None:
            length = int(self.headers.get("content-length", 0))
            content = self.rfile.read(length) if length else None
            passed = {"Content-Type": self.headers.get("content-type", "")} if content else {}
            try:
                answer = urlopen(Request(portal + self.path, content, passed), timeout=30)
            except HTTPError as refusal:
                answer = refusal
            with answer:
                headers = {name.lower(): value for name, value in answer.headers.items()}
                octets = change(self.path, headers, answer.read())
            headers["content-length"] = str(len(octets))
            self.send_response(answer.status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(octets)

        do_GET = do_POST = _hand_through  # noqa: N815

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
