"""A health worker: what they are since when, and which records stand for the same person. Who they
are stays in the events, sealed.
"""

from collections.abc import Sequence
from datetime import date
from typing import Self
from uuid import UUID

from msgspec.structs import replace

from services.registry.aggregates.dated_line import (
    Line,
    SameAsBefore,
    no_longer_begun,
    said_anew,
    value_on,
    with_late,
)
from services.registry.aggregates.employed import Employed
from services.registry.aggregates.erasable import Erasable
from services.registry.aggregates.person_rules import (
    GivenAndCleared,
    LicenceAlreadyTold,
    LicenceWasWithdrawn,
    NoSuchLicence,
    NotPostedThere,
    PostingEndsBefore,
    must_be_born,
    must_be_postings,
    must_hold_a_day,
)
from shared.contracts.registry.health_worker import (
    AliasGivenUp,
    AliasTaken,
    CadreSince,
    Detail,
    DuplicateDismissed,
    DuplicateSuspected,
    Ground,
    HealthWorkerCadreChanged,
    HealthWorkerCadresTold,
    HealthWorkerDetailsUpdated,
    HealthWorkerIdentifiersCorrected,
    HealthWorkerMergedInto,
    HealthWorkerMergeReversed,
    HealthWorkerPostingsTold,
    HealthWorkerRegistered,
    HealthWorkerRenamed,
    HealthWorkerTransferred,
    Identifier,
    PostingSince,
)
from shared.contracts.registry.licence import (
    LicenceCorrected,
    LicenceRenewed,
    LicenceTerms,
    LicenceTold,
    LicenceWithdrawn,
)
from shared.contracts.registry.second_posting import (
    SecondPosting,
    SecondPostingBegun,
    SecondPostingEnded,
    SecondPostingsTold,
)
from shared.domain import event
from shared.domain.errors import Refusal
from shared.domain.folding import folded_text


class AlreadyPostedThere(Refusal):
    """The transfer would change nothing."""

    code = "ALREADY_POSTED_THERE"
    template = "They are posted there since {since}."
    remedy_template = "Name the org unit they move to."


class BeforePosting(Refusal):
    """Another posting begins on that day."""

    code = "BEFORE_POSTING"
    template = "Another posting of theirs begins on {posted}."
    remedy_template = "Give another day, or say all postings anew, with their right days."


class SameCadre(Refusal):
    """The change would change nothing."""

    code = "SAME_CADRE"
    template = "They are {cadre} since {since}."
    remedy_template = "Name the cadre they have from that day on."


class BeforeCadre(Refusal):
    """Another cadre begins on that day."""

    code = "BEFORE_CADRE"
    template = "Another cadre of theirs begins on {held}."
    remedy_template = "Give another day, or say all cadres anew, with their right days."


class SameDetails(Refusal):
    """The update would change nothing."""

    code = "SAME_DETAILS"
    template = "Nothing is given, or only the languages that are on record."
    remedy_template = "Give what is new of them, or name in `clear` what is told no more."


class NotSuspected(Refusal):
    """Only a suspicion is dismissed."""

    code = "NOT_SUSPECTED"
    template = "Nothing says that the two records are of one person."
    remedy_template = "Nothing is left to do."


class MergedInto(Refusal):
    """A record that is another name for a person does not act for them."""

    code = "MERGED_INTO"
    template = "This record is another name for the person of {into}."
    remedy_template = "Name {into}; or reverse the merge, if the two are two people."


class MergedWithThemselves(Refusal):
    """It takes two records to merge."""

    code = "HEALTH_WORKER_MERGED_WITH_ITSELF"
    template = "The record would be another name for itself."
    remedy_template = "Name the other record."


class MergedIntoErased(Refusal):
    """Under the name of who is erased already, nobody could be erased any more."""

    code = "MERGED_INTO_ERASED"
    template = "The personal data of the record that would stand for both is erased."
    remedy_template = "Merge that record into this one."


class StandsForOthers(Refusal):
    """A record that stands for others does not become one of them: names lead to a person at once,
    never from one to the next.
    """

    code = "STANDS_FOR_OTHERS"
    template = "The record stands for {aliases} too."
    remedy_template = "Merge the other record into this one."


class NotMerged(Refusal):
    """Only a merge is reversed."""

    code = "NOT_MERGED"
    template = "The record stands for itself."
    remedy_template = "Nothing is left to do."


class HealthWorker(Employed, Erasable):
    """A person who works in health: the postings and cadres they held, and their other names.

    Attributes:
        second_postings: where they are or were posted besides.
        licences: by id, whether each was withdrawn; what it says stays in the events, sealed.
        suspected, dismissed: records that may be of the same person; that were found not to be.
        number: the record's own, if it has any.
        merged_into: the record that stands for this person, if it is not this one; and
            `merged_into_number` its number, where the event kept one.
        set_aside: enrolments of this record that rest because of the merge.
        aliases: records this one stands for too, in the order they were merged into it.
    """

    kind = "health_worker"
    fold_version = 6

    number: str | None
    postings: list[tuple[date, UUID]]
    second_postings: list[SecondPosting]
    licences: dict[UUID, bool]
    cadres: list[tuple[date, str]]
    languages: list[str]
    suspected: list[UUID]
    dismissed: list[UUID]
    merged_into: UUID | None
    merged_into_number: str | None
    set_aside: list[UUID]
    aliases: list[UUID]

    @event(HealthWorkerRegistered)
    def _registered(self, event: HealthWorkerRegistered) -> None:
        self.postings = [(event.since, event.org_unit_id)]
        self.second_postings, self.licences = [], {}
        self.cadres = [(event.since, event.cadre)]
        self.languages = list(event.languages)
        self.suspected, self.dismissed = [], []
        self.number = event.number
        self.merged_into, self.merged_into_number = None, None
        self.set_aside, self.aliases = [], []
        self.employment, self.carried = [], []
        self._begin_unasked()

    def cadre_on(self, day: date) -> str:
        """Return what they were on a day; before all that is known, what they were first."""
        return value_on(self.cadres, day) or self.cadres[0][1]

    @property
    def org_unit_id(self) -> UUID:
        """Where they are posted now."""
        return self.postings[-1][1]

    def posted_on(self, day: date) -> UUID:
        """Return where they were posted on a day; before the first posting, the first."""
        return next(
            (unit for since, unit in reversed(self.postings) if since <= day), self.postings[0][1]
        )

    def units_on(self, day: date) -> tuple[UUID, ...]:
        """Return where they worked on a day, at their primary posting first."""
        besides = (
            one.org_unit_id
            for one in self.second_postings
            if one.since <= day and (one.until is None or day < one.until)
        )
        return (self.posted_on(day), *besides)

    def must_stand_for_itself(self, field: str) -> None:
        """Raise MergedInto if the record is another name for a person: nothing new is about it."""
        if self.merged_into is not None:
            raise MergedInto(field, into=self.merged_into_number or self.merged_into)

    def transfer(self, org_unit_id: UUID, since: date) -> None:
        """Post them elsewhere since a day, or say late that they were.

        A second posting that runs there ends: it is the primary one from that day on.

        Raises:
            MergedInto: another record stands for them.
            AlreadyPostedThere: it is where they were on that day.
            BeforePosting: another posting began on that day.
        """
        self.must_stand_for_itself("healthWorkerId")
        for posted, there in self.postings:
            if posted == since:
                raise BeforePosting("occurredOn", since=since, posted=posted)
            if there == org_unit_id == value_on(self.postings, since) and posted < since:
                raise AlreadyPostedThere("orgUnitId", since=posted)
        latest, unit = self.postings[-1]
        if since < latest:
            line = with_late(self.postings, since, org_unit_id)
            must_be_postings(self.second_postings, line)
            self._tell_postings(line)
            return
        runs = self._second_posting(org_unit_id, since)
        if runs is not None and runs.since < since:
            self._end_second_posting(runs, since)
        must_be_postings(self.second_postings, with_late(self.postings, since, org_unit_id))
        self.record(
            HealthWorkerTransferred(
                health_worker_id=self.id,
                from_org_unit_id=unit,
                org_unit_id=org_unit_id,
                since=since,
            )
        )

    @event(HealthWorkerTransferred)
    def _transferred(self, event: HealthWorkerTransferred) -> None:
        self.postings.append((event.since, event.org_unit_id))

    def correct_postings(self, postings: Sequence[PostingSince]) -> None:
        """Say anew where they were posted since when.

        Raises:
            MergedInto: another record stands for them.
            NothingOnTheLine, DatedTwice, SameAsBefore: as they say.
        """
        self.must_stand_for_itself("healthWorkerId")
        told = [(one.since, one.org_unit_id) for one in postings]
        line = said_anew(told, self.postings, field="postings")
        must_be_postings(self.second_postings, line)
        self._tell_postings(line)

    def _tell_postings(self, line: Line[UUID]) -> None:
        self.record(
            HealthWorkerPostingsTold(
                health_worker_id=self.id,
                postings=tuple(PostingSince(since=day, org_unit_id=unit) for day, unit in line),
                removed=no_longer_begun(self.postings, line),
            )
        )

    @event(HealthWorkerPostingsTold)
    def _postings_told(self, event: HealthWorkerPostingsTold) -> None:
        self.postings = [(one.since, one.org_unit_id) for one in event.postings]

    def begin_second_posting(self, org_unit_id: UUID, since: date) -> None:
        """Post them at another unit too, since a day.

        Raises:
            MergedInto: another record stands for them.
            BeforeFirstPosting, PostedThereThen: as they say.
        """
        self.must_stand_for_itself("healthWorkerId")
        new = SecondPosting(org_unit_id=org_unit_id, since=since)
        must_be_postings((*self.second_postings, new), self.postings)
        self.record(
            SecondPostingBegun(health_worker_id=self.id, org_unit_id=org_unit_id, since=since)
        )

    @event(SecondPostingBegun)
    def _second_posting_begun(self, event: SecondPostingBegun) -> None:
        self.second_postings.append(SecondPosting(org_unit_id=event.org_unit_id, since=event.since))

    def end_second_posting(self, org_unit_id: UUID, until: date) -> None:
        """End a posting beside the primary one; `until` is the first day without it.

        Raises:
            MergedInto: another record stands for them.
            NotPostedThere: none runs there.
            PostingEndsBefore: it began on that day.
        """
        self.must_stand_for_itself("healthWorkerId")
        runs = self._second_posting(org_unit_id, until)
        if runs is None:
            raise NotPostedThere("orgUnitId", day=until)
        if until <= runs.since:
            raise PostingEndsBefore("occurredOn", since=runs.since, until=until)
        self._end_second_posting(runs, until)

    def _second_posting(self, org_unit_id: UUID, day: date) -> SecondPosting | None:
        """Return the second posting at a unit that runs on a day with no end told, if one does."""
        return next(
            (
                one
                for one in self.second_postings
                if one.org_unit_id == org_unit_id and one.until is None and one.since <= day
            ),
            None,
        )

    def _end_second_posting(self, runs: SecondPosting, until: date) -> None:
        self.record(
            SecondPostingEnded(
                health_worker_id=self.id,
                org_unit_id=runs.org_unit_id,
                since=runs.since,
                until=until,
            )
        )

    @event(SecondPostingEnded)
    def _second_posting_ended(self, event: SecondPostingEnded) -> None:
        self.second_postings = [
            SecondPosting(org_unit_id=one.org_unit_id, since=one.since, until=event.until)
            if (one.org_unit_id, one.since) == (event.org_unit_id, event.since)
            else one
            for one in self.second_postings
        ]

    def correct_second_postings(self, told: Sequence[SecondPosting]) -> None:
        """Say anew where they were posted besides.

        Raises:
            MergedInto: another record stands for them.
            SameAsBefore: it is what is on record.
            BeforeFirstPosting, PostingEndsBefore, PostedThereThen: as they say.
        """
        self.must_stand_for_itself("healthWorkerId")
        postings = must_be_postings(told, self.postings, anew=True)
        if set(postings) == set(self.second_postings):
            raise SameAsBefore("postings")
        kept = {(one.org_unit_id, one.since) for one in postings}
        self.record(
            SecondPostingsTold(
                health_worker_id=self.id,
                postings=postings,
                removed=tuple(
                    one for one in self.second_postings if (one.org_unit_id, one.since) not in kept
                ),
            )
        )

    @event(SecondPostingsTold)
    def _second_postings_told(self, event: SecondPostingsTold) -> None:
        self.second_postings = list(event.postings)

    def change_cadre(self, cadre: str, since: date) -> None:
        """Give them another cadre since a day, or say late that they had it.

        Raises:
            MergedInto: another record stands for them.
            SameCadre: it is the one they had on that day.
            BeforeCadre: they came to another one on that day.
        """
        self.must_stand_for_itself("healthWorkerId")
        for held, had in self.cadres:
            if held == since:
                raise BeforeCadre("occurredOn", since=since, held=held)
            # A list may have been told meanwhile: `Nurse` is what its code `NURSE` says.
            if had == value_on(self.cadres, since) and held < since and _alike(had, cadre):
                raise SameCadre("cadre", cadre=cadre, since=held)
        if since < self.cadres[-1][0]:
            self._tell_cadres(with_late(self.cadres, since, cadre))
            return
        self.record(HealthWorkerCadreChanged(health_worker_id=self.id, cadre=cadre, since=since))

    @event(HealthWorkerCadreChanged)
    def _cadre_changed(self, event: HealthWorkerCadreChanged) -> None:
        self.cadres.append((event.since, event.cadre))

    def correct_cadres(self, cadres: Sequence[CadreSince]) -> None:
        """Say anew what they were trained as since when.

        Raises:
            MergedInto: another record stands for them.
            NothingOnTheLine, DatedTwice, SameAsBefore: as they say.
        """
        self.must_stand_for_itself("healthWorkerId")
        line = [(one.since, one.cadre) for one in cadres]
        self._tell_cadres(said_anew(line, self.cadres, field="cadres"))

    def _tell_cadres(self, line: Line[str]) -> None:
        cadres = tuple(CadreSince(since=day, cadre=cadre) for day, cadre in line)
        self.record(HealthWorkerCadresTold(health_worker_id=self.id, cadres=cadres))

    @event(HealthWorkerCadresTold)
    def _cadres_told(self, event: HealthWorkerCadresTold) -> None:
        self.cadres = [(one.since, one.cadre) for one in event.cadres]

    def rename(self, given_names: str, family_name: str | None, *, corrected: bool) -> None:
        """Call them otherwise.

        Raises:
            MergedInto: another record stands for them.
        """
        self.must_stand_for_itself("healthWorkerId")
        self.record(
            HealthWorkerRenamed(
                health_worker_id=self.id,
                given_names=given_names,
                family_name=family_name,
                corrected=corrected,
            )
        )

    @event(HealthWorkerRenamed)
    def _renamed(self, _event: HealthWorkerRenamed) -> None:
        """Who they are stays in the events."""

    def update_details(self, told: HealthWorkerDetailsUpdated) -> None:
        """Take what is told of how they are reached, what they speak and are known by.

        Raises:
            MergedInto: another record stands for them.
            BornLater: the year of birth cannot be.
            GivenAndCleared: something is told, and told no more.
            SameDetails: nothing is given, or only the languages they speak anyway.
        """
        self.must_stand_for_itself("healthWorkerId")
        must_be_born(told.birth_year, self.postings[0][0])
        spoken = () if set(told.languages) == set(self.languages) else told.languages
        given = {
            Detail.PHONE: told.phone,
            Detail.EMAIL: told.email,
            Detail.LANGUAGES: told.languages,
            Detail.SEX: told.sex,
            Detail.BIRTH_YEAR: told.birth_year,
            Detail.QUALIFICATION: told.qualification,
            Detail.EMPLOYER: told.employer,
        }
        for detail in told.cleared:
            if given[detail]:
                raise GivenAndCleared("clear", detail=detail.value)
        new = {**given, Detail.LANGUAGES: spoken}
        if not (any(new.values()) or told.identifiers or told.cleared):
            raise SameDetails("languages" if told.languages else None)
        self.record(replace(told, languages=spoken))

    @event(HealthWorkerDetailsUpdated)
    def _details_updated(self, event: HealthWorkerDetailsUpdated) -> None:
        if event.languages or Detail.LANGUAGES in event.cleared:
            self.languages = list(event.languages)

    def correct_identifiers(
        self, wrong: tuple[Identifier, ...], right: tuple[Identifier, ...]
    ) -> None:
        """Say that numbers of theirs are wrong, and which ones are right instead.

        Whether the wrong ones are on record, the handler asked: numbers stay in the events, sealed.

        Raises:
            MergedInto: another record stands for them.
            SameDetails: nothing would change.
        """
        self.must_stand_for_itself("healthWorkerId")
        if wrong == right or not wrong:
            raise SameDetails("wrong")
        self.record(
            HealthWorkerIdentifiersCorrected(health_worker_id=self.id, wrong=wrong, right=right)
        )

    @event(HealthWorkerIdentifiersCorrected)
    def _identifiers_corrected(self, _event: HealthWorkerIdentifiersCorrected) -> None:
        """Numbers stay in the events."""

    def tell_licence(self, licence_id: UUID, terms: LicenceTerms, *, field: str = "terms") -> None:
        """Say that they have a licence.

        Raises:
            MergedInto: another record stands for them.
            LicenceAlreadyTold: one of that id was told.
            LicenceEndsBefore: it would hold on no day.
        """
        self.must_stand_for_itself("healthWorkerId")
        if licence_id in self.licences:
            raise LicenceAlreadyTold("licenceId", licence=licence_id)
        must_hold_a_day(terms, field)
        self.record(LicenceTold(health_worker_id=self.id, licence_id=licence_id, terms=terms))

    @event(LicenceTold)
    def _licence_told(self, event: LicenceTold) -> None:
        self.licences[event.licence_id] = False

    def renew_licence(self, licence_id: UUID, terms: LicenceTerms) -> None:
        """Say by which terms a licence holds now.

        Raises:
            MergedInto: another record stands for them.
            NoSuchLicence, LicenceWasWithdrawn: there is none to renew.
            LicenceEndsBefore: it would hold on no day.
        """
        self._must_have(licence_id)
        must_hold_a_day(terms, "terms")
        self.record(LicenceRenewed(health_worker_id=self.id, licence_id=licence_id, terms=terms))

    @event(LicenceRenewed)
    def _licence_renewed(self, _event: LicenceRenewed) -> None:
        """What it says stays in the events."""

    def withdraw_licence(self, licence_id: UUID, withdrawn_on: date) -> None:
        """Say that a licence was withdrawn.

        Raises:
            MergedInto: another record stands for them.
            NoSuchLicence, LicenceWasWithdrawn: there is none to withdraw.
        """
        self._must_have(licence_id)
        self.record(
            LicenceWithdrawn(
                health_worker_id=self.id, licence_id=licence_id, withdrawn_on=withdrawn_on
            )
        )

    @event(LicenceWithdrawn)
    def _licence_withdrawn(self, event: LicenceWithdrawn) -> None:
        self.licences[event.licence_id] = True

    def correct_licence(
        self, licence_id: UUID, terms: LicenceTerms | None, withdrawn_on: date | None
    ) -> None:
        """Say anew what a licence is; without terms, they never had it.

        Raises:
            MergedInto: another record stands for them.
            NoSuchLicence: they have none of that id.
            LicenceEndsBefore: it would hold on no day.
        """
        self.must_stand_for_itself("healthWorkerId")
        if licence_id not in self.licences:
            raise NoSuchLicence("licenceId", licence=licence_id)
        if terms is not None:
            must_hold_a_day(terms, "terms")
        self.record(
            LicenceCorrected(
                health_worker_id=self.id,
                licence_id=licence_id,
                terms=terms,
                withdrawn_on=withdrawn_on if terms is not None else None,
                given_up=terms is None,
                withdrawn=terms is not None and withdrawn_on is not None,
            )
        )

    @event(LicenceCorrected)
    def _licence_corrected(self, event: LicenceCorrected) -> None:
        if event.given_up:
            del self.licences[event.licence_id]
        else:
            self.licences[event.licence_id] = event.withdrawn

    def _must_have(self, licence_id: UUID) -> None:
        self.must_stand_for_itself("healthWorkerId")
        withdrawn = self.licences.get(licence_id)
        if withdrawn is None:
            raise NoSuchLicence("licenceId", licence=licence_id)
        if withdrawn:
            raise LicenceWasWithdrawn("licenceId", licence=licence_id)

    def looked_at(self, other: Self) -> bool:
        """Whether the two were compared before: suspected, or found to be two people."""
        return other.id in (*self.suspected, *self.dismissed) or self.id in (
            *other.suspected,
            *other.dismissed,
        )

    def suspect(self, other_id: UUID, grounds: tuple[Ground, ...], score: int) -> None:
        """Say that another record may be of the same person."""
        self.record(
            DuplicateSuspected(
                health_worker_id=self.id, other_id=other_id, grounds=grounds, score=score
            )
        )

    @event(DuplicateSuspected)
    def _suspected(self, event: DuplicateSuspected) -> None:
        self.suspected.append(event.other_id)

    def dismiss(self, other_id: UUID) -> None:
        """Say that this record and one that it is suspected with are of two people.

        Raises:
            NotSuspected: it is not.
        """
        if other_id not in self.suspected:
            raise NotSuspected("otherId")
        self.record(DuplicateDismissed(health_worker_id=self.id, other_id=other_id))

    @event(DuplicateDismissed)
    def _dismissed(self, event: DuplicateDismissed) -> None:
        self.suspected.remove(event.other_id)
        self.dismissed.append(event.other_id)

    def merge(self, into: Self, set_aside: tuple[UUID, ...]) -> None:
        """Make this record another name for the person of `into`; those enrolments rest.

        Raises:
            MergedWithThemselves, MergedInto, MergedIntoErased, StandsForOthers: these two cannot
                be merged so.
        """
        if into.id == self.id:
            raise MergedWithThemselves("intoId")
        self.must_stand_for_itself("healthWorkerId")
        into.must_stand_for_itself("intoId")
        if into.erased and not self.erased:
            raise MergedIntoErased("intoId")
        if self.aliases:
            raise StandsForOthers("healthWorkerId", aliases=", ".join(map(str, self.aliases)))
        self.record(
            HealthWorkerMergedInto(
                health_worker_id=self.id,
                into_id=into.id,
                into_number=into.number,
                set_aside=set_aside,
            )
        )
        into.record(AliasTaken(health_worker_id=into.id, alias_id=self.id))

    @event(HealthWorkerMergedInto)
    def _merged(self, event: HealthWorkerMergedInto) -> None:
        self.merged_into, self.merged_into_number = event.into_id, event.into_number
        self.set_aside = list(event.set_aside)

    @event(AliasTaken)
    def _alias_taken(self, event: AliasTaken) -> None:
        self.aliases.append(event.alias_id)

    def must_be_merged(self) -> UUID:
        """Return the record that stands for this one; raise NotMerged if it does so itself."""
        if self.merged_into is None:
            raise NotMerged("healthWorkerId")
        return self.merged_into

    def unmerge(self, survivor: Self) -> None:
        """Let this record stand for itself again; `survivor` is the one that stood for it."""
        self.record(
            HealthWorkerMergeReversed(
                health_worker_id=self.id, from_id=survivor.id, restored=tuple(self.set_aside)
            )
        )
        survivor.record(AliasGivenUp(health_worker_id=survivor.id, alias_id=self.id))

    @event(HealthWorkerMergeReversed)
    def _merge_reversed(self, _event: HealthWorkerMergeReversed) -> None:
        self.merged_into, self.merged_into_number, self.set_aside = None, None, []

    @event(AliasGivenUp)
    def _alias_given_up(self, event: AliasGivenUp) -> None:
        self.aliases.remove(event.alias_id)


def _alike(one: str, other: str) -> bool:
    return folded_text(one) == folded_text(other)
