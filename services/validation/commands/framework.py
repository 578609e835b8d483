"""Deciding on frameworks."""

from uuid import UUID

from services.validation.aggregates.framework import Framework
from services.validation.commands.handlers import handlers
from shared.contracts.validation.framework import FrameworkPublish, FrameworkPublished
from shared.deciding.work import Work
from shared.domain import derived_id
from shared.domain.errors import Conflict


class FrameworkVersionPublished(Conflict):
    """A published version never changes."""

    code = "FRAMEWORK_VERSION_PUBLISHED"
    template = "Version {version} of the framework {framework} was published before."
    remedy_template = "Use it as it is, or publish the changes as a higher version."


def framework_id(code: str, version: int) -> UUID:
    """Return the one id of a framework's version."""
    return derived_id("framework", code, version)


@handlers.decides(FrameworkPublish)
async def publish(command: FrameworkPublish, work: Work[FrameworkPublish]) -> Framework:
    """Publish a version of a framework, under the one id that it always has."""
    await work.allow(at=None)
    id = framework_id(command.code, command.framework_version)
    if await work.find(Framework, id) is not None:
        raise FrameworkVersionPublished(
            "frameworkVersion", framework=command.code, version=command.framework_version
        )
    framework = Framework.begin(
        id,
        FrameworkPublished(
            code=command.code,
            framework_version=command.framework_version,
            name=command.name,
            competencies=command.competencies,
        ),
    )
    work.add(framework)
    return framework
