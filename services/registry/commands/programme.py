"""Deciding on programme versions."""

from services.registry.aggregates.programme_version import ProgrammeVersion, digest_of
from services.registry.commands.handlers import handlers
from shared.contracts.registry.programme import ProgrammePublish, ProgrammeVersionPublished
from shared.deciding.work import Work
from shared.domain import derived_id
from shared.domain.errors import Conflict, Refusal
from shared.programmes.file import read_programme


class DefinitionWrong(Refusal):
    """The definition file says something that cannot be."""

    code = "DEFINITION_WRONG"
    template = "The definition has {count} mistakes; the first, in line {line}: {problem}"
    remedy_template = "{remedy} `mshauri programme check FILE` lists them all."


class VersionPublished(Conflict):
    """A published version never changes."""

    code = "VERSION_PUBLISHED"
    template = "Version {version} of {programme} was published before, with the digest {digest}."
    remedy_template = "Use it as it is, or publish the changes as a higher version."


@handlers.decides(ProgrammePublish)
async def publish(command: ProgrammePublish, work: Work[ProgrammePublish]) -> ProgrammeVersion:
    """Publish a version of the rules, checked again, under the one id that it always has."""
    await work.allow(at=None)
    definition = read_programme(command.definition)
    if isinstance(definition, list):
        first = definition[0]
        raise DefinitionWrong(
            "definition",
            count=len(definition),
            line=first.line,
            problem=first.problem,
            remedy=first.remedy,
        )
    version_id = derived_id("programme_version", definition.programme, definition.version)
    published = await work.find(ProgrammeVersion, version_id)
    if published is not None:
        raise VersionPublished(
            "definition",
            programme=definition.programme,
            version=definition.version,
            digest=published.digest,
        )
    version = ProgrammeVersion.begin(
        version_id,
        ProgrammeVersionPublished(
            programme=definition.programme,
            programme_version=definition.version,
            digest=digest_of(definition),
            definition=definition,
        ),
    )
    work.add(version)
    return version
