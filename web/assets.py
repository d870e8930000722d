"""Serve style sheets, scripts and images under a fingerprint, and send text small over the wire."""

from __future__ import annotations

import gzip
import hashlib
import io
import secrets
from pathlib import Path
from typing import NamedTuple

from flask import Flask, Response, abort, request, url_for

STATIC = Path(__file__).resolve().parent / "static"
SERVED = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOREVER = "public, max-age=31536000, immutable"
WORTH_SQUEEZING = 1024
SQUEEZED = {"text/html", "text/csv", "text/plain", "application/json", "application/problem+json", "image/svg+xml"}


class Asset(NamedTuple):
    """One file as it is sent, plain and squeezed."""

    kind: str
    plain: bytes
    squeezed: bytes
    sha256: str


def load(directory: Path = STATIC) -> dict[str, Asset]:
    """Read every file that may be served; they are few and small, so they stay in memory."""
    return {path.relative_to(directory).as_posix(): read(path) for path in sorted(directory.rglob("*")) if path.suffix in SERVED}


def read(path: Path) -> Asset:
    plain = path.read_bytes()
    return Asset(SERVED[path.suffix], plain, gzip.compress(plain, 9, mtime=0), hashlib.sha256(plain).hexdigest())


def fingerprint(assets: dict[str, Asset]) -> str:
    """One fingerprint for all files: scripts and style sheets name each other by relative address."""
    every = "".join(f"{name} {asset.sha256}\n" for name, asset in sorted(assets.items()))
    return hashlib.sha256(every.encode()).hexdigest()[:8]


def install(app: Flask) -> None:
    """Add the route `asset`, the template function `asset(name)` and the squeezing of answers."""
    assets = load()
    release = fingerprint(assets)

    def asset(release_asked: str, name: str) -> Response:
        found = assets.get(name) or abort(404)
        squeeze_it = len(found.plain) > WORTH_SQUEEZING and accepts_gzip()
        response = Response(found.squeezed if squeeze_it else found.plain, mimetype=found.kind)
        if squeeze_it:
            response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
        response.set_etag(found.sha256[:16] + ("-gzip" if squeeze_it else ""))
        # An address from another release gets today's file, which must not be remembered under that address.
        response.headers["Cache-Control"] = FOREVER if release_asked == release else "no-cache"
        return response.make_conditional(request)  # type: ignore[return-value]  # Werkzeug types it as its own base

    def asset_url(name: str) -> str:
        if name not in assets:
            raise LookupError(f"there is no file {name} to serve")
        return url_for("asset", release_asked=release, name=name)

    app.add_url_rule("/assets/<release_asked>/<path:name>", "asset", asset)
    app.add_template_global(asset_url, "asset")
    app.after_request(squeeze)


def accepts_gzip() -> bool:
    return request.accept_encodings["gzip"] > 0


def squeeze(response: Response) -> Response:
    """Compress text over a kilobyte.

    Compressing a page that holds a secret beside text an attacker chose can give the secret away by its length
    (BREACH). Three things stand against that: the form token is masked afresh in every answer (web/shell.py), a request
    that another site started is answered uncompressed, and the length is blurred by a random name in the gzip header.
    """
    if not squeezable(response):
        return response
    response.vary.add("Accept-Encoding")
    if not accepts_gzip() or request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        return response
    response.set_data(blurred_gzip(response.get_data()))
    response.headers["Content-Encoding"] = "gzip"
    return response


def squeezable(response: Response) -> bool:
    return (
        response.status_code not in (204, 206, 304)
        and response.mimetype in SQUEEZED
        and not response.is_streamed
        and not response.direct_passthrough
        and "Content-Encoding" not in response.headers
        and "ETag" not in response.headers
        and len(response.get_data()) > WORTH_SQUEEZING
    )


def blurred_gzip(body: bytes) -> bytes:
    out = io.BytesIO()
    with gzip.GzipFile("x" * (1 + secrets.randbelow(100)), "wb", 6, out, mtime=0) as stream:
        stream.write(body)
    return out.getvalue()
