"""Invented notes, aims and reasons: neutral sentences of the kind that officers write, joined so that few notes are alike."""

from random import Random

from domain.outcome import OUTCOMES
from web.synthetic.parameters import POPULATION

AIMS: dict[str, tuple[str, ...]] = {
    "Thinking and behaviour": ("Stop and think before acting when angry", "Recognise the situations that lead to trouble"),
    "Alcohol": ("Cut down to the level agreed with the alcohol worker", "Have four days a week without drinking"),
    "Drugs": ("Keep every appointment with the drug service", "Remain on the prescribed treatment"),
    "Accommodation": ("Find settled housing", "Keep the present tenancy and pay the arrears"),
    "Employment and training": ("Finish the forklift course", "Apply for work each week with help from the job coach"),
    "Relationships": ("Settle disagreements at home without aggression", "Rebuild contact with the children safely"),
    "Finance": ("Draw up a budget and keep to it", "Agree a plan for the debts"),
    "Emotional wellbeing": ("See the GP about low mood", "Use the coping plan on difficult days"),
    "Attitudes": ("Understand what the offence did to the people harmed", "Build a life away from former associates"),
}

_OPENINGS = (
    "Attended on time.",
    "Arrived ten minutes late and apologised.",
    "Came in good spirits.",
    "Quiet at first but talked more as the session went on.",
    "Attended as arranged.",
    "Said that the week had been difficult.",
    "Reports no change of address or number.",
    "Came straight from work.",
)
_WORK = (
    "We went through the exercise on {topic} and agreed what to try before next time.",
    "Talked about what led up to the offence and what could have been done differently.",
    "Looked again at the objective on {topic}; some progress since last month.",
    "Role-played a situation that came up at the weekend.",
    "Completed the next page of the workbook.",
    "Discussed triggers, and who to call when things build up.",
    "Spoke at length about {topic}.",
    "Reviewed the plan together; content that the objective on {topic} should stay.",
    "Talked through the consequences for the family.",
    "Motivation is mixed; we listed reasons for and against change.",
)
_ENDINGS = (
    "Next appointment given by hand.",
    "Agreed to ring the housing office before {day}.",
    "Will bring the letter from the jobcentre.",
    "Reminded of the conditions of the order.",
    "No concerns to pass on today.",
    "I will speak to the key worker.",
    "Asked for a later time next month because of shifts.",
)
_REPORTING = (
    "Reported as required. No changes.",
    "Short appointment. Details checked, next date given for a {day}.",
    "Signed in. Nothing to report.",
    "Brief check of address and contact number.",
    "Seen at reception {time}; in a hurry for a bus.",
    "No change of circumstances since {day}.",
)
_ABSENT = (
    "Did not attend. No call received.",
    "Rang to say they could not come; evidence requested.",
    "Phoned the number held and left a message.",
    "Says the bus did not run. To be discussed next time.",
    "Certificate seen and copied to file.",
    "Text received an hour after the appointment.",
    "Message left {time}; no reply by the end of the day.",
    "Says they thought it was {day}.",
)
_SENT_HOME = ("The room was not available and nobody could see them.", "Officer off sick and no cover found. Apologised.")
_RESCHEDULED = ("New date agreed by phone.", "Moved because of a clash with work.", "Moved because the officer was at court.")
_CALLS = (
    "Rang to check the time of the next appointment.",
    "Returned my call. Says all is well at home.",
    "Asked for help with a benefits letter; advised to bring it in.",
    "No answer; voicemail left.",
    "Rang about a missed session; explained what happens next.",
    "Told us of a new phone number.",
    "Rang {time} to say the meeting on {day} will be missed; told what evidence is needed.",
    "Spoke for a few minutes about {topic}. Sounded well.",
    "Confirmed attendance for {day}.",
)
_MESSAGES = (
    "Reminder of {day}’s appointment sent.",
    "Confirmed by text {time}.",
    "Asked to change the time on {day}; replied with two options.",
    "Sent the address and bus times.",
    "Photo of a letter received; will go through it on {day}.",
)
_LETTERS = (
    "Letter about the missed appointment sent by first-class post.",
    "Appointment letter for {day} sent.",
    "Copy of the plan sent.",
)
_AGENCY = (
    "Drug service confirms attendance this month.",
    "Housing officer says the application has moved up the list.",
    "Job coach reports good engagement.",
    "Police checks returned; nothing new.",
    "Children’s services confirm that the case is closed to them.",
)
_GROUP = (
    "Took part well in the group.",
    "Completed the session; gave a thoughtful example.",
    "Needed prompting but stayed to the end.",
    "Session on {topic}. Homework handed in.",
)
_NEXT = ("New appointment sent for {day}.", "To be followed up on {day}.", "Officer told.")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_TIMES = ("just after nine", "at midday", "around two", "at half past three", "at the end of the day")
_BY_KIND = {
    "CTOA": _CALLS,
    "CTOB": _CALLS,
    "CMOA": _MESSAGES,
    "CMOB": _MESSAGES,
    "CLOA": _LETTERS,
    "CLOB": _LETTERS,
    "CIEA": _AGENCY,
    "CT3B": _AGENCY,
    "C334": _REPORTING,
    "RARP": _GROUP,
    "APAT": _GROUP,
}


def note(rng: Random, kind: str, outcome: str = "ATTC", topic: str = "", *, working: bool = True) -> str:
    """One to four sentences about an entry, or nothing: half of them have no note."""
    if rng.random() >= POPULATION.contact.noted:
        return ""
    if kind in _BY_KIND and OUTCOMES[outcome].attended:
        sentences = [rng.choice(_BY_KIND[kind])]
    elif outcome != "ATTC":
        sentences = [rng.choice(_unmet(outcome))]
    elif not working:
        sentences = [rng.choice(_REPORTING)]
    else:
        sentences = [rng.choice(_OPENINGS), *rng.sample(_WORK, rng.choice((0, 1, 1, 2))), rng.choice(_ENDINGS)]
        sentences = sentences[rng.choice((0, 0, 1)) :]
    if len(sentences) == 1 and rng.random() < 0.3:
        sentences.append(rng.choice(_ENDINGS if OUTCOMES[outcome].attended else _NEXT))
    text = " ".join(sentences)
    return text.format(topic=topic.lower() or "what happened", day=rng.choice(_DAYS), time=rng.choice(_TIMES))


def _unmet(outcome: str) -> tuple[str, ...]:
    if outcome.startswith("RS"):
        return _RESCHEDULED
    return _SENT_HOME if outcome == "ATSS" else _ABSENT
