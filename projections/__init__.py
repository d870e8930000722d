"""What has happened, arranged for asking: read models and measures, each a pure function of one case's history.

`story` reads a history once for all of them; `engine` runs the same functions live, as rebuild and as known on a day; `read_models`
lists them. Modules of this package do not import one another except for these.
"""
