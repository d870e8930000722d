"""The pages, forms, JSON interface and commands that people use."""

import hmac

from flask import Flask, g

from domain.access import Action, decide
from domain.policy import Policy
from projections.read_models import ReadSide
from store.record import Record
from web import gate, preparing, shell
from web.pages import blueprints
from web.service import Service


def create_app(record: Record, policy: Policy) -> Flask:
    """The web application over one record. Nothing here starts a thread or a job."""
    app = Flask(__name__, static_folder=None)
    app.config.update(
        SECRET_KEY=hmac.digest(record.keyring.master, b"cookies/v1", "sha256"),
        MAX_CONTENT_LENGTH=2_000_000,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="form",
    )
    app.extensions["throughline"] = Service(record, ReadSide(record, policy), policy)
    shell.harden(app)
    gate.install(app)
    preparing.install(app)
    synthetic = record.is_synthetic()
    app.context_processor(lambda: _shared(synthetic))
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    return app


def _shared(synthetic: bool) -> dict[str, object]:
    person = g.get("person")
    return {
        "deployment_is_synthetic": synthetic,
        "signed_in": person,
        "finds_cases": person is not None and decide(person.subject, Action.SEE_CASE).allowed,
        "sign_out_url": "/sign-out" if person else None,
        "sign_in_url": "/sign-in",
    }
