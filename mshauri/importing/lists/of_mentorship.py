"""Finds the mentorship that a row tells of: by its id, or by cohort, mentee and mentor."""

from mshauri.api import global_id, local_id
from mshauri.importing.known import Known, Mentorship
from mshauri.importing.rows import Draft

_FINDS = ("programme", "cohort", "mentee")


def check(draft: Draft) -> None:
    """Look whether a row says which mentorship it tells of."""
    given = draft.values.get("mentorship")
    if given is None:
        told = {error.column for error in draft.errors}
        for name in _FINDS:
            # A mistake in the cell was told already.
            if name not in draft.values and draft.layout.heading(name) not in told:
                draft.wrong("MISSING_VALUE", name, means=draft.layout.columns[name].means)
    elif not _is_id(given):
        draft.wrong("BAD_FORM", "mentorship", means=draft.layout.columns["mentorship"].means)


def _is_id(given: str) -> bool:
    try:
        return given == global_id("Mentorship", local_id(given))
    except ValueError:
        return False


def candidates(draft: Draft, known: Known) -> list[str]:
    """Return the mentorships that a row may mean."""
    if "mentorship" in draft.values:
        return [draft.text("mentorship")]
    cohort = known.mentorships_of(draft.text("programme"), draft.text("cohort"))
    found = [one for one in cohort.of(draft.text("mentee")) if _may_be(one, draft)]
    signed = [one for one in found if one.status == "AGREED"]
    return [one.id for one in signed or found]


def _may_be(mentorship: Mentorship, draft: Draft) -> bool:
    mentor = draft.text("mentor")
    return mentorship.status != "DECLINED" and (not mentor or mentor in mentorship.mentors)


def the_mentorship(draft: Draft, known: Known) -> str | None:
    """Return the id of the mentorship; None: which one is meant was noted as a mistake."""
    found = candidates(draft, known)
    if len(found) == 1:
        return found[0]
    code = "SEVERAL_MENTORSHIPS" if found else "NO_MENTORSHIP"
    draft.wrong(code, "mentee", cohort=draft.text("cohort"), found=len(found))
    return None


def as_known(draft: Draft, known: Known, id: str) -> Mentorship | None:
    """Return what stands of a mentorship of the row's cohort."""
    return known.mentorships_of(draft.text("programme"), draft.text("cohort")).by_id(id)
