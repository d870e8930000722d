"""A key question as a form: its prompts with the entries that each rests on, the judgement, and the commands that a change comes to."""

from uuid import UUID

from domain.assessment import Answer, Assessment, GivenAnswer, answer_prompts, judge_question
from domain.contact import LONGEST_NOTE
from domain.question_set import Asked
from projections.assessments import Reading
from store.record import Step, step
from web.assessing import as_typed, entry_numbers
from web.forms import Form
from web.language import gettext
from web.service import me, now


def as_it_stands(asked: Asked, read: Reading) -> dict[str, str]:
    """The fields of the form by what was answered and judged before."""
    fields: dict[str, str] = {}
    for prompt in asked.question.prompts:
        name = f"{asked.code}.{prompt.name}"
        if given := read.answers.get(name):
            fields |= {name: given.answer.value, f"{name}-entries": as_typed(given.entries), f"{name}-note": given.note}
    if judged := read.judged.get(asked.code):
        fields |= {"sufficient": "yes" if judged.sufficient else "no", "note": judged.note}
    return fields


def answered(form: Form, stream: UUID, asked: Asked, read: Reading, last_entry: int) -> list[Step]:
    """The commands that a form comes to: only what it changes."""
    answers = [given for prompt in asked.question.prompts if (given := _prompt(form, f"{asked.code}.{prompt.name}", read))]
    sufficient = form.one_of("sufficient", ("yes", "no"), gettext("Select whether the work was sufficient"), optional=True)
    note = form.text("note", longest=LONGEST_NOTE)
    before = read.judged.get(asked.code)
    if not sufficient and note:
        form.wrong("sufficient", gettext("Select whether the work was sufficient"))
    by, at = me().code, now()
    steps = []
    if answers:
        steps.append(step(Assessment, stream, answer_prompts, now=at, by=by, question=asked, answers=answers, last_entry=last_entry))
    if sufficient and (before is None or (before.sufficient, before.note) != (sufficient == "yes", note)):
        found_so = sufficient == "yes"
        steps.append(
            step(
                Assessment,
                stream,
                judge_question,
                now=at,
                by=by,
                question=asked,
                sufficient=found_so,
                note=note,
                answers=answers,
            )
        )
    return steps


def _prompt(form: Form, name: str, read: Reading) -> GivenAnswer | None:
    """What is answered to a prompt, if it is another answer than before."""
    chosen = form.one_of(name, list(Answer), gettext("Select yes, no or not applicable"), optional=True)
    entries = entry_numbers(form.raw(f"{name}-entries"))
    note = form.text(f"{name}-note", longest=LONGEST_NOTE)
    if entries is None:
        form.wrong(f"{name}-entries", gettext("Enter numbers of entries, like 3, 7 or 12-15"))
        return None
    before = read.answers.get(name)
    if not chosen:
        if entries or note or before:
            form.wrong(name, gettext("Select yes, no or not applicable"))
        return None
    given = GivenAnswer(name, Answer(chosen), entries, note)
    same = before is not None and (before.answer, before.entries, before.note) == (given.answer, entries, note)
    return None if same else given
