"""Languages of people as somebody types them: English and Welsh are kept by one name, whichever language they were typed in."""

from domain.person import LANGUAGES
from web.language import in_language
from web.words import plain


def language_of(typed: str) -> str:
    """The name by which a language is kept: Cymraeg is Welsh, so that whoever prefers it finds who speaks it. Any other as typed."""
    return next((known for known in LANGUAGES if plain(typed) in (plain(known), plain(in_language(known)))), typed)
