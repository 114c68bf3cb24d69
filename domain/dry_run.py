"""The publish checks of a session that is only known by its view."""

from datetime import datetime

from domain.actors import Actor
from domain.assessment import assess
from domain.checks import Check
from domain.codes import ErrorCode
from domain.facts import Facts
from domain.stages import Stage
from domain.view import PublicationState, SessionView


def chosen_slug(view: SessionView) -> str | None:
    """The address that the organizer asked for; None where it is to be made from the title."""
    slug = view.stages[Stage.EVENT_SETUP].data.get("slug")
    return slug if isinstance(slug, str) and slug else None


def checks_of(view: SessionView, actor: Actor, *, now: datetime, slug_taken: bool) -> list[Check]:
    """What publishing would find now; nothing is changed by asking."""
    review = view.stages[Stage.REVIEW_PUBLISH]
    facts = Facts(
        payments=view.payments,
        published=view.publication.state is PublicationState.PUBLISHED,
        sponsors_completed=Stage.SPONSORS_MEDIA in view.completed_stages,
        terms_current=not any(each.code == ErrorCode.TERMS_OUTDATED for each in review.errors),
        slug_taken=slug_taken,
        may_publish=actor.may_publish,
    )
    sections = {stage.section: shown.data for stage, shown in view.stages.items()}
    return assess(sections, facts=facts, now=now).checks
