"""The language and the rules of supervision: what can happen to a case, and what may happen next.

Read in this order: `event` (what every event carries), `case` and `remembered` (what rules remember), then one file a concept: `person`,
`requirement`, `sentence`, `phase`, `interruption`, `allocation`, `cover`, `transfer` (with `transfer_course` and `component`),
`appointment` (with `outcome`), `contact`, `evidence`, `enforcement` (with `ladder`), `breach` (with `breach_steps`), `recall`, `plan`,
`risk`, `register`, `risk_review`, `safeguarding`, `serious_further_offence`, `unpaid_work` (with `upw_instruction`, `upw_session`,
`upw_suspension` and `upw_completion`), `limited_access`, `snooze`, `entry` (corrections and withdrawals), `oversight`; `organisation`,
`practitioner`, `inspection` (with `specification`, `fieldwork`, `resampling` and `bundle`), `assessment` and `moderation` of an inspected
case, `panel` (what the standards are rated) and `question_set` (`question_sets` has those that are shipped) have streams of their own;
`suggestion` says to whom a case would go; `sampling`, `redrawing` and `rating` are the arithmetic of an inspection, and `specifications`
has the ready-made ones; `access` says who may do what; `policy` holds every number that policy sets (`policies` has the versions, a file
each); `catalogue` lists every event there is.
"""
