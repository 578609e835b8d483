"""What a mentorship is refused: each rule with its code, its sentence, and what would be right."""

from shared.domain.errors import Consequence, Departure, Refusal


class TeamSize(Departure):
    """The team is not what the programme's ratio asks for."""

    code = "TEAM_SIZE"
    template = "The team has {mentors} mentors; the programme asks for {asked}."
    remedy_template = "Name {asked} different mentors."


class MentorTwice(Refusal):
    """A mentor is named once for each of their areas."""

    code = "MENTOR_TWICE"
    template = "A mentor is named more than once."
    remedy_template = "Name each mentor once."


class MenteeTwice(Refusal):
    """An enrolment is in a mentorship's care once."""

    code = "MENTEE_TWICE"
    template = "A mentee is named more than once."
    remedy_template = "Name each enrolment once."


class OneOfEachArea(Departure):
    """The team must have one mentor of each area."""

    code = "ONE_OF_EACH_AREA"
    template = "The team's areas are {areas}; the programme asks for one mentor of each: {asked}."
    remedy_template = "Name one mentor of each area."


class AreaNotCovered(Departure):
    """Somebody of the team must mentor in each mentee's area."""

    code = "AREA_NOT_COVERED"
    template = "No mentor of the team mentors in {area}; their areas are {areas}."
    remedy_template = "Name a mentor of {area}, or put its mentees into another mentorship."


class MenteeCount(Departure):
    """More or fewer mentees than one team cares for."""

    code = "MENTEE_COUNT"
    template = "{mentees} mentees; one team cares for {least} to {most}."
    remedy_template = "Split the mentees over more teams, or add to them."


class MentorIsMentee(Refusal):
    """Nobody mentors themselves."""

    code = "MENTOR_IS_MENTEE"
    template = "The health worker {person} is on both sides."
    remedy_template = "Take them out of one side."


class ExcludedPair(Departure):
    """A supervisor does not mentor whom they supervise, nor does one who left them for good."""

    code = "EXCLUDED_PAIR"
    template = "The mentor {mentor} must not mentor the mentee {mentee}: {why}."
    remedy_template = "Choose another mentor for them."


class NotAccepted(Refusal):
    """What the matching proposed begins when a coordinator takes it up."""

    code = "PROPOSAL_NOT_ACCEPTED"
    template = "The matching proposed it, and no coordinator has accepted it."
    remedy_template = "Accept it with `mentorshipAccept` first, or decline it."


class AlreadyAccepted(Refusal):
    """It needs no acceptance, or has it."""

    code = "ALREADY_ACCEPTED"
    template = "The mentorship awaits nobody's acceptance."
    remedy_template = "Nothing is left to do; its parties can sign."


class MentorshipEnded(Refusal):
    """What was declined or concluded is not changed any more."""

    code = "MENTORSHIP_ENDED"
    template = "The mentorship is over: it was {standing}."
    remedy_template = "Propose a new one."


class NotAParty(Refusal):
    """Only the mentors and the mentees of a mentorship sign its letter."""

    code = "NOT_A_PARTY"
    template = "The health worker {person} is no party of this mentorship."
    remedy_template = "Sign for one of its mentors or mentees."


class AlreadySigned(Refusal):
    """A signature is given once."""

    code = "ALREADY_SIGNED"
    template = "The health worker {person} signed on {signed_on}."
    remedy_template = "Nothing is left to do for them."


class HasNotSigned(Refusal):
    """Only a signature that is there is corrected or taken back."""

    code = "HAS_NOT_SIGNED"
    template = "The health worker {person} has not signed."
    remedy_template = "Record their signature with `mentorshipSign`."


class AgreementFalls(Consequence):
    """A signature that is taken back leaves a mentorship without its agreement."""

    code = "AGREEMENT_FALLS"
    template = "The mentorship is agreed no more: {awaited} signatures are awaited."
    remedy_template = "Record the missing signatures with `mentorshipSign`."


class SessionsRestOnIt(Consequence):
    """What was held under a letter was weighed by it."""

    code = "SESSIONS_REST_ON_SIGNATURE"
    template = "{sessions} sessions with the mentees of this mentorship count now."
    remedy_template = "Void those that were held before the letter, if the programme asks for one."


class SignedBefore(Refusal):
    """A proposal is declined while nobody relies on it."""

    code = "PROPOSAL_SIGNED"
    template = "{signed} of its parties signed it already."
    remedy_template = "Conclude it with `mentorshipConclude` instead."


class NoPhases(Refusal):
    """The programme's mentorships have no phases."""

    code = "NO_PHASES"
    template = "The programme has no phases."
    remedy_template = "Nothing is left to do."


class PhaseUnknown(Refusal):
    """The programme has no such phase."""

    code = "PHASE_UNKNOWN"
    template = "The programme has no phase {phase!r}."
    remedy_template = "Its phases, in order: {phases}."


class InPhaseAlready(Refusal):
    """A change of phase leads to another one."""

    code = "IN_PHASE_ALREADY"
    template = "It is in the phase {phase} already."
    remedy_template = "Nothing is left to do."


class MentorshipThere(Refusal):
    """A mentorship moves to another unit."""

    code = "MENTORSHIP_THERE"
    template = "It is of that unit already."
    remedy_template = "Nothing is left to do."


class DayOutOfOrder(Refusal):
    """What ends or follows something does not come before it."""

    code = "DAY_OUT_OF_ORDER"
    template = "{day} is before {last}, the day of what it would follow."
    remedy_template = "Give a day on or after {last}."


class NotInTeam(Refusal):
    """Only a mentor of the team leaves it."""

    code = "NOT_IN_TEAM"
    template = "The mentor {mentor} is not in the team."
    remedy_template = "Its mentors: {team}."


class RoleNotNamed(Refusal):
    """The programme says who must hear of a disengagement."""

    code = "ROLE_NOT_NAMED"
    template = "The programme does not name {role} among those who are told."
    remedy_template = "It names: {roles}."


class PlaceNotVacant(Refusal):
    """One takes the place of a mentor who left, once."""

    code = "PLACE_NOT_VACANT"
    template = "The mentor {mentor} left no vacant place in this mentorship."
    remedy_template = "Record their disengagement first; vacant now: {vacant}."


class AlreadyInTeam(Refusal):
    """A team has each mentor once."""

    code = "ALREADY_IN_TEAM"
    template = "The health worker {person} is in the team already."
    remedy_template = "Choose another mentor."


class OtherArea(Refusal):
    """Whoever takes a place mentors in its area."""

    code = "OTHER_AREA"
    template = "The mentor {mentor} mentors in {theirs}; the place is one of {area}."
    remedy_template = "Choose a mentor of {area}."


class AgreedBefore(Refusal):
    """What is agreed is concluded, not declined."""

    code = "PROPOSAL_AGREED"
    template = "It is agreed already: its programme has no letters that could be missing."
    remedy_template = "Conclude it with `mentorshipConclude` instead."


class AlreadyInCare(Refusal):
    """A mentee joins a mentorship that they are not in."""

    code = "ALREADY_IN_CARE"
    template = "The mentee {mentee} is in its care already."
    remedy_template = "Nothing is left to do."


class NotInCare(Refusal):
    """Only a mentee of the mentorship leaves it, or is in a phase of it."""

    code = "NOT_IN_CARE"
    template = "The mentee {mentee} is not in its care."
    remedy_template = "Name one of the enrolments that are in its care now."


class NothingToWaive(Refusal):
    """A rule is waived that something departs from."""

    code = "NOTHING_TO_WAIVE"
    template = "It does not depart from {rule}, or that was waived."
    remedy_template = "The rules it departs from: {rules}."


class NoMenteeWorksThere(Departure):
    """A mentorship is where its mentees work."""

    code = "NO_MENTEE_WORKS_THERE"
    template = "None of the mentees works at the mentorship's unit, or at one below it."
    remedy_template = "Name a unit where one of them works."


class SecondMentorship(Departure):
    """Whoever is mentored one to one has one mentorship."""

    code = "SECOND_MENTORSHIP"
    template = "The mentee {mentee} is in another mentorship that goes on."
    remedy_template = "Conclude the other one first, or let them take a mentor's place in it."
