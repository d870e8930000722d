"""A question set small enough to see through, and one reader's assessment as far as a test needs it."""

from typing import Any

from domain.assessment import (
    Answer,
    Assessment,
    GivenAnswer,
    answer_prompts,
    begin_assessment,
    complete_assessment,
    judge_question,
)
from domain.organisation import ProviderKind
from domain.question_set import Applies, Prompt, Question, QuestionSet, Standard, asked
from tests.rules import CRN, PERSON, Given, did, given

R: Any = "[R]"
REFERENCE = "INS-2026-001"


def question(name: str, *prompts: str, applies: Applies = Applies.ALWAYS) -> Question:
    told = tuple(Prompt(name=prompt, text=f"Was there {prompt}?") for prompt in prompts)
    return Question(name=name, text=f"Is {name} sufficient?", source="As recalled", mark=R, prompts=told, applies=applies)


SUPERVISION = QuestionSet(
    name="supervision",
    version="2018-1",
    title="Supervision",
    providers=(ProviderKind.CRC,),
    standards=(
        Standard(
            number="2.1",
            title="Assessment",
            source="A report",
            mark=R,
            questions=(question("engagement", "interview", "readiness"), question("safety", "victims")),
        ),
        Standard(
            number="4.1",
            title="Unpaid work",
            source="A report",
            mark=R,
            questions=(question("safe", "briefing", applies=Applies.UNPAID_WORK),),
        ),
    ),
)
DELIVERY = QuestionSet(
    name="delivery",
    version="2018-1",
    title="Delivery",
    providers=(ProviderKind.CRC,),
    standards=(Standard(number="1.1", title="Leadership", source="A report", mark=R),),
)
ASKED = asked([SUPERVISION])
ENGAGEMENT, SAFETY, SAFE = ASKED["2.1.engagement"], ASKED["2.1.safety"], ASKED["4.1.safe"]
BEGUN = did(
    begin_assessment,
    inspection=REFERENCE,
    crn=CRN,
    person_id=PERSON,
    questions=["2.1.engagement", "2.1.safety"],
    known_at=90,
)
YES = [GivenAnswer(f"2.1.engagement.{prompt}", Answer.YES, (3,)) for prompt in ("interview", "readiness")]
ANSWERED = did(answer_prompts, question=ENGAGEMENT, answers=YES, last_entry=9)
JUDGED = did(judge_question, question=ENGAGEMENT, sufficient=True)
SAFETY_ANSWERED = did(answer_prompts, question=SAFETY, answers=[GivenAnswer("2.1.safety.victims", Answer.NO)], last_entry=9)
SAFETY_JUDGED = did(judge_question, question=SAFETY, sufficient=False)
COMPLETED = did(complete_assessment)
ALL = (BEGUN, ANSWERED, JUDGED, SAFETY_ANSWERED, SAFETY_JUDGED, COMPLETED)


def assessment(*steps: Any) -> Given[Assessment]:
    return given(*steps, of=Assessment)
