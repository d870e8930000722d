"""An invented population on probation, lived through the real commands, so that every page can be tried without a real person.

Its numbers, each with source and mark, stand in `population.toml`; `parameters` reads them and `draws` draws from them. Then read:

- who and what is invented: `people`, `texts`, `reasons`, `staff`, `offices`;
- what will happen to a case, drawn ahead: `sentences`, `moves`, `plans`;
- one case's agenda: `life`, with `diary` (when things happen and when they are written down) and `course` (from first day to last);
- what is on it, a file a concept: `phases`, `orders`, `planning`, `supervision`, `contacts`, `groups`, `assessments`, `alerts`,
  `referrals`, `enforcement`, `breaches`, `court_orders`, `handovers`, `transfers`, `standing_in`, `oversight`, `seldom`, `amendments`; of
  unpaid work: `community_work`, `instructions`, `sessions`, `community_clocks`;
- `population`: the loop that merges all lives in the order of recording;
- `national`: a nation stamped out of such lives and written at once.

A life asks the same state as the rules before it gives a command. A refusal is never caught, so it ends the simulation.
"""

from web.synthetic.population import CannotSeed, SeedReport, seed
from web.synthetic.staff import DEMO_STAFF, DemoStaff

__all__ = ["DEMO_STAFF", "CannotSeed", "DemoStaff", "SeedReport", "seed"]
