"""A health worker: what they are since when, and which records stand for the same person. Who they
are stays in the events, sealed.
"""

from collections.abc import Sequence
from datetime import date
from typing import Self
from uuid import UUID

from services.registry.aggregates.dated_line import (
    Line,
    no_longer_begun,
    said_anew,
    value_on,
    with_late,
)
from shared.contracts.registry.health_worker import (
    AliasGivenUp,
    AliasTaken,
    CadreSince,
    DuplicateDismissed,
    DuplicateSuspected,
    Ground,
    HealthWorkerCadreChanged,
    HealthWorkerCadresTold,
    HealthWorkerDetailsUpdated,
    HealthWorkerMergedInto,
    HealthWorkerMergeReversed,
    HealthWorkerPostingsTold,
    HealthWorkerRegistered,
    HealthWorkerRenamed,
    HealthWorkerTransferred,
    Identifier,
    PostingSince,
)
from shared.domain import Aggregate, event
from shared.domain.errors import Refusal


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
    remedy_template = "Give the phone, the languages or the identifiers that are new."


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


class HealthWorker(Aggregate):
    """A person who works in health: the postings and cadres they held, and their other names.

    Attributes:
        suspected, dismissed: records that may be of the same person; that were found not to be.
        number: the record's own, if it has any.
        merged_into: the record that stands for this person, if it is not this one; and
            `merged_into_number` its number, where the event kept one.
        set_aside: enrolments of this record that rest because of the merge.
        aliases: records this one stands for too, in the order they were merged into it.
    """

    kind = "health_worker"
    fold_version = 4

    number: str | None
    postings: list[tuple[date, UUID]]
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
        self.cadres = [(event.since, event.cadre)]
        self.languages = list(event.languages)
        self.suspected, self.dismissed = [], []
        self.number = event.number
        self.merged_into, self.merged_into_number = None, None
        self.set_aside, self.aliases = [], []

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

    def must_stand_for_itself(self, field: str) -> None:
        """Raise MergedInto if the record is another name for a person: nothing new is about it."""
        if self.merged_into is not None:
            raise MergedInto(field, into=self.merged_into_number or self.merged_into)

    def transfer(self, org_unit_id: UUID, since: date) -> None:
        """Post them elsewhere since a day, or say late that they were.

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
            self._tell_postings(with_late(self.postings, since, org_unit_id))
            return
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
        line = [(one.since, one.org_unit_id) for one in postings]
        self._tell_postings(said_anew(line, self.postings, field="postings"))

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
            if had == cadre == value_on(self.cadres, since) and held < since:
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

    def update_details(
        self,
        phone: str | None,
        identifiers: tuple[Identifier, ...],
        languages: tuple[str, ...],
    ) -> None:
        """Take what is given of how they are reached, what they speak and are known by.

        Raises:
            MergedInto: another record stands for them.
            SameDetails: nothing is given, or only the languages they speak anyway.
        """
        self.must_stand_for_itself("healthWorkerId")
        spoken = () if set(languages) == set(self.languages) else languages
        if phone is None and not identifiers and not spoken:
            raise SameDetails("languages" if languages else None)
        self.record(
            HealthWorkerDetailsUpdated(
                health_worker_id=self.id, phone=phone, identifiers=identifiers, languages=spoken
            )
        )

    @event(HealthWorkerDetailsUpdated)
    def _details_updated(self, event: HealthWorkerDetailsUpdated) -> None:
        if event.languages:
            self.languages = list(event.languages)

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
            MergedWithThemselves, MergedInto, StandsForOthers: these two cannot be merged so.
        """
        if into.id == self.id:
            raise MergedWithThemselves("intoId")
        self.must_stand_for_itself("healthWorkerId")
        into.must_stand_for_itself("intoId")
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
