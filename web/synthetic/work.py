"""What was done in a contact and what it served, as far as the officer recorded it."""

from domain.contact import Purpose, Work
from web.synthetic.life import Life

_PURPOSES = {
    Purpose.OFFENCE: 22,
    Purpose.NEEDS: 24,
    Purpose.RISK: 12,
    Purpose.COMPLIANCE: 16,
    Purpose.REVIEW: 12,
    Purpose.PRACTICAL: 14,
}


def draw_work(life: Life, kind: str, requirements: tuple[int, ...], officer: str) -> Work:
    """Purposes and links of a contact that took place: some were reporting only, for some nothing was recorded."""
    rng = life.rng
    if kind in ("RARP", "APAT"):
        return Work(purposes=(Purpose.PROGRAMME,), requirements=requirements) if rng.random() < 0.92 else Work()
    missing = 1 - life.care(officer)
    chance = rng.random()
    if chance < missing * 0.55:
        return Work()
    if chance < missing * 0.55 + (0.3 if kind == "COPT" else 0.1 + missing * 0.3):
        return Work(purposes=(rng.choice((Purpose.REPORTING, Purpose.REPORTING, Purpose.REPORTING, Purpose.FORMS)),))
    wanted = rng.choice((1, 1, 1, 2, 2, 3))
    purposes = tuple(dict.fromkeys(rng.choices(list(_PURPOSES), list(_PURPOSES.values()), k=wanted)))
    linked = life.topics if rng.random() > missing * 0.4 else {}
    objectives = tuple(sorted(rng.sample(sorted(linked), min(len(linked), rng.choice((1, 1, 2))))))
    risk_action = Purpose.RISK in purposes and rng.random() < 0.5
    return Work(purposes=purposes, objectives=objectives, requirements=requirements, risk_action=risk_action)
