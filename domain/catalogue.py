"""Every event there is, by kind of stream: the one list from which the record reads history back."""

from typing import TypeAlias

from domain.allocation import CaseAllocated, ProviderAllocated
from domain.appointment import AppointmentArranged, AppointmentCancelled, AppointmentRearranged, OutcomeRecorded
from domain.assessment import (
    ApplicabilityChanged,
    Assessment,
    AssessmentBegan,
    AssessmentCompleted,
    AssessmentReopened,
    KeyQuestionJudged,
    PromptAnswered,
)
from domain.breach import BreachConcluded, BreachPresented, BreachReferred, BreachReturned, BreachWithdrawn
from domain.bundle import HeadsStated
from domain.case import Case, CaseOpened
from domain.component import ComponentMoved
from domain.contact import ContactRecorded
from domain.cover import CoverEnded, CoverStarted
from domain.enforcement import EnforcementActionTaken
from domain.entry import EntryCorrected, EntryWithdrawn
from domain.event import Event
from domain.evidence import EvidenceAwaited, EvidenceDecided
from domain.fieldwork import CaseHandedOver, CasesShared, InspectionClosed, InspectionPublished, InspectorNamed, InspectorReleased
from domain.inspection import FrameFixed, Inspection, InspectionAnnounced, NonceCommitted, SampleDrawn
from domain.interruption import InterruptionBegan, InterruptionEnded
from domain.limited_access import ExclusionEnded, ExclusionSet, RestrictionEnded, RestrictionSet
from domain.moderation import JudgementModerated, Moderation
from domain.organisation import Provider, ProviderRegistered, TeamRegistered, UpwProjectEnded, UpwProjectRegistered
from domain.oversight import EntryCountersigned, EntrySentBack, OversightNoted, QualityChecked, ReturnAnswered
from domain.panel import Panel, QuestionsChosen, StandardRated
from domain.person import PersonDetailsRecorded
from domain.phase import PssBegan, Recalled, Released
from domain.plan import ObjectiveEnded, ObjectiveSet, PatternSet, PlanCompleted, PlanReviewed
from domain.practitioner import (
    LanguagesRecorded,
    Practitioner,
    PractitionerJoined,
    PractitionerLeft,
    PractitionerRegistered,
    WorkingHoursSet,
)
from domain.question_set import ImportedSet, QuestionSetImported
from domain.recall import RecallDecided, RecallRequested
from domain.register import Deregistered, Registered, RegistrationReviewed
from domain.requirement import RarDayCredited, RequirementAmended, RequirementEnded, RequirementImposed
from domain.resampling import CaseReplaced, SampleWidened
from domain.risk import RoshAssessed, SignificantEventNoted
from domain.risk_review import RiskReviewInitiated, RiskReviewMoved
from domain.safeguarding import SafeguardingCheckRequested, SafeguardingResponseReceived
from domain.sentence import SentenceAmended, SentenceEnded, SentenceStarted
from domain.serious_further_offence import SfoInitiated, SfoMoved
from domain.snooze import ItemSnoozed, SnoozeEnded
from domain.transfer import (
    AddressAssessed,
    HandoverHeld,
    TransferAccepted,
    TransferCompleted,
    TransferInformed,
    TransferQueried,
    TransferRejected,
    TransferRequested,
    TransferWithdrawn,
)
from domain.unpaid_work import UpwAssessed, UpwExtended, UpwInducted, UpwReviewed
from domain.upw_completion import UpwCompleted
from domain.upw_instruction import InstructionAcknowledged, UpwInstructed
from domain.upw_session import UpwAttendanceRecorded
from domain.upw_suspension import UpwResumed, UpwSuspended

CaseEvent: TypeAlias = (
    CaseOpened
    | SentenceStarted
    | RequirementImposed
    | RequirementAmended
    | RequirementEnded
    | RarDayCredited
    | SentenceAmended
    | SentenceEnded
    | Released
    | Recalled
    | PssBegan
    | InterruptionBegan
    | InterruptionEnded
    | ObjectiveSet
    | ObjectiveEnded
    | PatternSet
    | PlanCompleted
    | PlanReviewed
    | PersonDetailsRecorded
    | ProviderAllocated
    | CaseAllocated
    | CoverStarted
    | CoverEnded
    | ItemSnoozed
    | SnoozeEnded
    | TransferRequested
    | TransferQueried
    | TransferInformed
    | AddressAssessed
    | TransferAccepted
    | TransferRejected
    | TransferWithdrawn
    | HandoverHeld
    | TransferCompleted
    | ComponentMoved
    | ExclusionSet
    | ExclusionEnded
    | RestrictionSet
    | RestrictionEnded
    | AppointmentArranged
    | AppointmentRearranged
    | AppointmentCancelled
    | OutcomeRecorded
    | EvidenceAwaited
    | EvidenceDecided
    | EnforcementActionTaken
    | BreachReferred
    | BreachReturned
    | BreachPresented
    | BreachWithdrawn
    | BreachConcluded
    | RecallRequested
    | RecallDecided
    | ContactRecorded
    | EntryCorrected
    | EntryWithdrawn
    | OversightNoted
    | EntryCountersigned
    | EntrySentBack
    | QualityChecked
    | ReturnAnswered
    | RoshAssessed
    | SignificantEventNoted
    | Registered
    | RegistrationReviewed
    | Deregistered
    | RiskReviewInitiated
    | RiskReviewMoved
    | SafeguardingCheckRequested
    | SafeguardingResponseReceived
    | SfoInitiated
    | SfoMoved
    | UpwAssessed
    | UpwInducted
    | UpwInstructed
    | InstructionAcknowledged
    | UpwAttendanceRecorded
    | UpwSuspended
    | UpwResumed
    | UpwReviewed
    | UpwExtended
    | UpwCompleted
)
ProviderEvent: TypeAlias = ProviderRegistered | TeamRegistered | UpwProjectRegistered | UpwProjectEnded
PractitionerEvent: TypeAlias = PractitionerRegistered | PractitionerJoined | PractitionerLeft | WorkingHoursSet | LanguagesRecorded
InspectionEvent: TypeAlias = (
    InspectionAnnounced
    | NonceCommitted
    | FrameFixed
    | SampleDrawn
    | InspectorNamed
    | InspectorReleased
    | CasesShared
    | CaseHandedOver
    | CaseReplaced
    | SampleWidened
    | InspectionPublished
    | InspectionClosed
    | HeadsStated
)
AssessmentEvent: TypeAlias = (
    AssessmentBegan | PromptAnswered | KeyQuestionJudged | ApplicabilityChanged | AssessmentCompleted | AssessmentReopened
)
PanelEvent: TypeAlias = QuestionsChosen | StandardRated
AnyEvent: TypeAlias = (
    CaseEvent
    | ProviderEvent
    | PractitionerEvent
    | InspectionEvent
    | AssessmentEvent
    | JudgementModerated
    | PanelEvent
    | QuestionSetImported
)

FIRST_EVENTS: dict[type[Event], type[Case | Provider | Practitioner | Inspection | Assessment | Moderation | Panel | ImportedSet]] = {
    CaseOpened: Case,
    ProviderRegistered: Provider,
    PractitionerRegistered: Practitioner,
    InspectionAnnounced: Inspection,
    AssessmentBegan: Assessment,
    JudgementModerated: Moderation,
    QuestionsChosen: Panel,
    QuestionSetImported: ImportedSet,
}
"""The event that begins a stream says what the stream is about."""
