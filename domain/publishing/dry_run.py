"""Runs the publish checks on the view of a session, for callers that do not have its state."""

from datetime import datetime

from domain.actors import Actor
from domain.errors import ErrorCode
from domain.json_values import pointer_to
from domain.session.view import PublicationState, SessionView
from domain.stages import Stage
from domain.validation.assessment import assess
from domain.validation.check_codes import Check
from domain.validation.publish_checks import AssessmentContext
from domain.values.tier_ids import number_of


def chosen_slug(view: SessionView) -> str | None:
    """The slug that the user entered; None if it is derived from the title."""
    slug = view.stages[Stage.EVENT_SETUP].data.get("slug")
    return slug if isinstance(slug, str) and slug else None


def checks_of(view: SessionView, actor: Actor, *, now: datetime, slug_taken: bool) -> list[Check]:
    """The findings that a publication would have: the scheduled one, else one at ``now``."""
    publication = view.publication
    is_scheduled = publication.state is PublicationState.SCHEDULED
    review = view.stages[Stage.REVIEW_PUBLISH]
    context = AssessmentContext(
        payments=view.payments,
        published=publication.state is PublicationState.PUBLISHED,
        sponsors_completed=Stage.SPONSORS_MEDIA in view.completed_stages,
        terms_current=not any(error.code == ErrorCode.TERMS_OUTDATED for error in review.errors),
        slug_taken=slug_taken,
        may_publish=actor.may_publish,
        publish_at=publication.publish_at if is_scheduled else None,
        tiers_issued=_tiers_issued(view),
    )
    sections = {stage.section: shown.data for stage, shown in view.stages.items()}
    return assess(sections, context=context, now=now).checks


def _tiers_issued(view: SessionView) -> int | None:
    """A number of issued ids that reproduces the errors of the view: one less than the lowest
    unknown id. None if no id is unknown.
    """
    ticket = view.stages[Stage.TICKET_SETUP]
    unknown = {error.pointer for error in ticket.errors if error.code == ErrorCode.UNKNOWN_ID}
    if not unknown:
        return None
    numbers = [
        number_of(tier["id"])
        for index, tier in enumerate(ticket.data["tiers"])
        if pointer_to(("tiers", index, "id")) in unknown
    ]
    return min(numbers) - 1
