"""What was done in a contact and what it served, as far as the officer recorded it."""

from domain.contact import Purpose, Work
from web.synthetic.draws import one_of
from web.synthetic.life import Life
from web.synthetic.parameters import POPULATION

NUMBERS = POPULATION.work


def draw_work(life: Life, kind: str, requirements: tuple[int, ...], officer: str) -> Work:
    """Purposes and links of a contact that took place: some were reporting only, for some nothing was recorded."""
    rng = life.rng
    if kind in ("RARP", "APAT"):
        return Work(purposes=(Purpose.PROGRAMME,), requirements=requirements) if life.chance(NUMBERS.group_said) else Work()
    missing = 1 - life.care(officer)
    chance = rng.random()
    left_out = missing * NUMBERS.left_out_by_careless
    if chance < left_out:
        return Work()
    by_careless = missing * NUMBERS.reporting_only_by_careless
    if chance < left_out + (NUMBERS.reporting_only_by_telephone if kind == "COPT" else NUMBERS.reporting_only + by_careless):
        return Work(purposes=(Purpose(one_of(rng, NUMBERS.reporting)),))
    wanted = rng.choice((1, 1, 1, 2, 2, 3))
    drawn = rng.choices(tuple(NUMBERS.purposes), tuple(NUMBERS.purposes.values()), k=wanted)
    purposes = tuple(Purpose(name) for name in dict.fromkeys(drawn))
    linked = life.topics if rng.random() > missing * NUMBERS.not_linked_by_careless else {}
    objectives = tuple(sorted(rng.sample(sorted(linked), min(len(linked), rng.choice((1, 1, 2))))))
    risk_action = Purpose.RISK in purposes and life.chance(NUMBERS.risk_action)
    return Work(purposes=purposes, objectives=objectives, requirements=requirements, risk_action=risk_action)
