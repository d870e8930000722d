"""What Welsh has that words put together one by one cannot say: the names of months and days, and the soft mutation."""

MONTHS = (
    "Ionawr",
    "Chwefror",
    "Mawrth",
    "Ebrill",
    "Mai",
    "Mehefin",
    "Gorffennaf",
    "Awst",
    "Medi",
    "Hydref",
    "Tachwedd",
    "Rhagfyr",
)
DAYS = ("Dydd Llun", "Dydd Mawrth", "Dydd Mercher", "Dydd Iau", "Dydd Gwener", "Dydd Sadwrn", "Dydd Sul")
SHORT = ("Ion", "Chwef", "Maw", "Ebr", "Mai", "Meh", "Gorff", "Awst", "Medi", "Hyd", "Tach", "Rhag")
"""The months where there is little room."""

_SOFT = {"p": "b", "t": "d", "c": "g", "b": "f", "d": "dd", "g": "", "m": "f", "ll": "l", "rh": "r"}
_LETTERS_OF_TWO = ("ch", "dd", "ff", "ng", "ph", "th")
"""Letters of Welsh, written with two signs, that do not change."""


def softened(words: str) -> str:
    """The words with the soft mutation at their beginning: dyddiad becomes ddyddiad."""
    if words.startswith(_LETTERS_OF_TWO):
        return words
    first = words[:2] if words.startswith(("ll", "rh")) else words[:1]
    return _SOFT.get(first, first) + words[len(first) :]
