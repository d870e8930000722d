"""An invented population on probation, lived through the real commands, so that every page can be tried without a real person.

Read in this order: `people` and `texts` (what is invented), `diary` (when things happen and when they are written down), `staff`
(who supervises), `plans` (what will happen to a case, drawn ahead), `life` (one case's agenda), `supervision`, `enforcing`, `moves` and
`community_work` (what is on it), `population` (the loop that merges all lives in the order of recording).
"""

from web.synthetic.population import CannotSeed, SeedReport, seed
from web.synthetic.staff import DEMO_STAFF, DemoStaff

__all__ = ["DEMO_STAFF", "CannotSeed", "DemoStaff", "SeedReport", "seed"]
