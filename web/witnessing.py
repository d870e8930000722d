"""The witness as a program of its own: a small server that signs checkpoints of logs it knows, for somebody outside the service to run."""

import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click

from store.notes import read_vkey
from store.witness import LONGEST, Answer, Witness, witness_key
from web.console import plainly
from web.serving import end_with_parent, must_be_loopback


def serving(witness: Witness, host: str, port: int) -> ThreadingHTTPServer:
    """A server that answers `POST /add-checkpoint` (C2SP tlog-witness) and nothing else."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10
        server_version, sys_version = "throughline-witness", ""

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if self.path != "/add-checkpoint":
                self.answer(Answer(HTTPStatus.NOT_FOUND), close=True)
            elif not (length.isascii() and length.isdigit() and int(length) <= LONGEST):
                self.answer(Answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE), close=True)
            else:
                try:
                    body = self.rfile.read(int(length)).decode()
                except UnicodeDecodeError:
                    self.answer(Answer(HTTPStatus.BAD_REQUEST))
                    return
                self.answer(witness.add_checkpoint(body, int(time.time())))

        def answer(self, given: Answer, *, close: bool = False) -> None:
            data = given.body.encode()
            self.send_response(given.status)
            self.send_header("Content-Type", given.kind)
            self.send_header("Content-Length", str(len(data)))
            if close:  # what was sent along is left unread
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: who asks is no concern of a witness, and what it signed is in its folder."""

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    return server


@click.command("witness")
@click.option(
    "--folder", required=True, type=click.Path(path_type=Path, file_okay=False), help="Where it keeps its key and what it signed last."
)
@click.option("--name", default="", help="What a new key calls this witness, for instance an address of its own.")
@click.option("--log", "logs", multiple=True, required=True, help="The public key of a log to sign for.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8100, show_default=True)
@plainly
def witness(folder: Path, name: str, logs: tuple[str, ...], host: str, port: int) -> None:
    """Sign checkpoints of logs from outside, as long as each leads on from the last one that was signed here. Refuses forks and rollbacks.

    It needs no database and sees no entry. Put a server with TLS before it to let others in.
    """
    must_be_loopback(host)
    end_with_parent()
    key = witness_key(folder, name or "witness.invalid/1")
    signing = Witness(folder, key, [read_vkey(log) for log in logs])
    server = serving(signing, host, port)
    click.echo(f"Witness at http://{host}:{server.server_address[1]} with the public key\n{key.verifier.vkey}")
    try:
        server.serve_forever()
    finally:
        server.server_close()
        signing.close()
