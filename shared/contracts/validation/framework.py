"""Frameworks: the competencies of an area and their checklists, published version by version."""

from typing import Annotated

from msgspec import Meta

from shared.contracts.base import Code, Command, Event, Text, asked, happened
from shared.contracts.definition.assessment import Competency

Version = Annotated[int, Meta(ge=1, description="Counts up; a published version never changes.")]
Competencies = Annotated[
    tuple[Competency, ...], Meta(min_length=1, max_length=100, description="What is assessed.")
]


@happened("validation.framework.published")
class FrameworkPublished(Event, kw_only=True):
    """A version of an area's competencies and checklists can be assessed by."""

    code: Code
    framework_version: Version
    name: Text
    competencies: Competencies


@asked("validation", "Framework", by="administrator")
class FrameworkPublish(Command, kw_only=True):
    """Publish a version of an area's competencies and their checklists."""

    code: Code
    framework_version: Version
    name: Text
    competencies: Competencies
