"""Invented reasons, findings and answers, by what they are said of; none of them is about a real person."""

from domain.risk import Rosh, SignificantEvent
from domain.risk_review import ReviewStep

RATIONALES: dict[Rosh, tuple[str, ...]] = {
    Rosh.LOW: (
        "No current evidence of a likelihood of serious harm. No previous violence and a settled home.",
        "The offence caused no injury, there is no pattern, and checks found nothing further.",
    ),
    Rosh.MEDIUM: (
        "There are indicators of serious harm, but it is unlikely unless circumstances change, such as a return to drinking.",
        "Past aggression towards a partner; now apart and keeping to the arrangements for contact.",
        "Carrying a weapon in the past. Engaging with support; loss of housing would raise the risk.",
    ),
    Rosh.HIGH: (
        "A serious event could happen at any time: recent threats and contact against advice.",
        "Escalating behaviour over six weeks, with new information from the police.",
    ),
    Rosh.VERY_HIGH: ("Serious harm is imminent and more likely than not once the opportunity arises.",),
}
TRANSFER_NOTES = (
    "Has moved to an address in your area. File and plan up to date.",
    "Assessment attached. Please confirm who will take the case.",
    "Moving to be nearer family. Address checked last week.",
)
HANDOVER_NOTES = (
    "Went through the plan, the risks and what works. Next appointment agreed.",
    "Introduced the new officer; talked about what has been done so far so that it need not be told again.",
    "File read beforehand. Outstanding: housing referral.",
)
NOT_TAKEN = ("The address could not be confirmed.", "Risk information is missing; please send it and ask again.")
CHANGES = ("Wrong length entered.", "More detail added after checking my notes.", "The purpose was not filled in.")
MISTAKES = ("Recorded on the wrong case.", "Entered twice.")
CAN_WAIT = (
    "Working away until the end of next week; will ring to agree a time.",
    "Waiting for the shift pattern before a time is agreed.",
    "In hospital for some days; the ward will say when visits make sense.",
    "Moving house this week. A home visit once settled.",
)
AGAIN = {
    "lifted": ("The work goes on; new date given.",),
    "files": ("Instructions issued again after a check of files.",),
    "person": ("Missed the group on that day.", "Absent; new date given."),
    "provider": ("Work was stood down; new date given.", "Sent home because there was no supervisor; new date given."),
    "": ("Change of project.", "Change of working day."),
}

COURTS = ("Cardiff Magistrates’ Court", "Newport Crown Court", "Swansea Magistrates’ Court", "Merthyr Tydfil Crown Court")
PRISONS = ("HMP Cardiff", "HMP Parc", "HMP Swansea", "HMP Eastwood Park")
EVENTS: dict[SignificantEvent, tuple[str, ...]] = {
    SignificantEvent.ARREST: ("Arrested at the weekend; released under investigation.", "Charged with theft from a shop."),
    SignificantEvent.DOMESTIC_ABUSE: (
        "Police called to the home by a neighbour. No arrest.",
        "Partner reported shouting and a broken door.",
    ),
    SignificantEvent.CHILD: ("School rang: a child of the household came without a coat again.",),
    SignificantEvent.SELF_HARM: ("Spoke of not wanting to go on; seen by the crisis team the same day.",),
    SignificantEvent.HOME: (
        "Lost the room in the shared house.",
        "Moved to a sister’s for the time being.",
        "Evicted; the council was told.",
    ),
    SignificantEvent.RELATIONSHIP: ("New partner with two small children.", "Separated; has moved out."),
    SignificantEvent.SUBSTANCES: ("Says they have been drinking again since the funeral.", "Test at the drug service was positive."),
}
FLAGGED = ("From the police check.", "As recorded by the sentencing court.", "Disclosed at the first meeting.")
STILL_FLAGGED = ("Nothing has changed.", "Contact continues, so it stands.", "Discussed with the other agency; stays.")
DEREGISTERED = ("No longer applies.", "The other agency has closed its file.")
AGENCIES_SAY = ("Two call-outs last year; no charge.", "The family is known; a plan ended in spring.", "A marker on the address.")
PATTERNS = ("In line with the risk and the plan.", "Needs regular work on the plan at this stage.", "Settled; less often than at first.")
TELEPHONE_PATTERNS = ("Low risk and settled: by telephone every six weeks.", "In work, and nothing outstanding: by telephone.")
REVIEWS = (
    "Went through each objective. Good progress with the first; the second is carried on.",
    "The plan still fits. The next three months are about work and home.",
    "Circumstances have changed; the order of the objectives with them.",
)
NOT_ACHIEVED = ("Some progress, and support goes on elsewhere.", "Circumstances did not allow it.", "Taken over by another service.")
ACTIVITIES = ("Thinking skills", "Finance and debt", "Keeping relationships", "Getting into work", "Alcohol awareness")
ACCEPTED = ("Paper seen and copied to file.", "Confirmed by phone.", "Letter handed in at reception.")
NOT_ACCEPTED = ("Nothing was shown by the day.", "What was said could not be confirmed.")
WARNED = ("Explained by phone what happens if it is missed again.", "Discussed at the next meeting.")
NO_ACTION = ("Had attended well for months.", "New in work; shift changed at short notice.")
NO_BREACH = (
    "Engaging well otherwise; last chance agreed with the manager.",
    "Absence explained in part; final warning in the manager’s view.",
)
BREACHED = ("Two unacceptable absences after a warning.", "Stopped attending; no answer to letters or calls.")
RETURNED = ("The second letter is missing.", "Dates of the absences do not match the record.")
BREACH_WITHDRAWN = ("A paper came late and explains the absence.", "Attending again; not in the public interest.")
RECALLED = ("Does not keep to the licence and cannot be reached.", "Left the approved address.", "Arrested, and contact has broken down.")
REFERRED = (
    "Threats to a former partner reported by the police.",
    "New information about weapons.",
    "Escalating behaviour over several weeks.",
)
REVIEW_NOTES: dict[ReviewStep, tuple[str, ...]] = {
    ReviewStep.INFORMATION_REQUESTED: ("Please send the police logs.",),
    ReviewStep.DECIDED_HIGH: ("A serious event could happen at any time.", "The pattern of threats and the access to the victim."),
    ReviewStep.DECIDED_NOT_HIGH: ("Concerning, and not likely without a change of circumstances.",),
    ReviewStep.WITHDRAWN: ("The report turned out to be about somebody else.",),
    ReviewStep.RESUMED: ("A second report has come in.",),
}
QUESTIONS = ("Where will they live, and from when?", "Is the risk assessment up to date?")
ANSWERS = ("With a sister; the date is confirmed.", "Reviewed this week and attached.")
ADDRESSES = ("Visited; the household agrees.", "Known address, nothing against it.")
KNOWS_THE_PERSON = ("A neighbour of the person.", "Related by marriage.")
RESTRICTED = ("Former colleague of the service.", "The case is in the press.")
CHARGED = "Charged with a serious offence alleged to have been committed last month."
SFO_OUTCOME = "Review accepted; two recommendations for the team."
WORK_REVIEWS = ("Works well; on course.", "Behind; Saturdays offered as well.", "Attendance uneven, talked through with the supervisor.")
WORK_TYPES = ("Outdoor work", "Indoor work", "Painting", "Retail")
TRANSPORT = ("Own way to the site", "Pick-up at the station at 8:30", "Bus fare refunded")
CLOTHING = ("Strong shoes", "Strong shoes and rain jacket", "")
OVERSIGHT = (
    "Talked the case through. See the person at home before the next review.",
    "The plan to keep others safe is sound. Ask the police again about the last call-out.",
    "Reporting can go to every two weeks if the next month is as good.",
)
SENT_BACK = ("Say who could be harmed, and how.", "The dates of the failures are not given.", "Say what the person thinks of it.")
ANSWERED = ("Added to the assessment.", "Talked about with the manager; it stays as it is.")
