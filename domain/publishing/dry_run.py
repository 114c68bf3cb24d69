"""The publish checks of a session that is only known by its view."""

from datetime import datetime

from domain.actors import Actor
from domain.errors import ErrorCode
from domain.json_values import pointer_to
from domain.session.view import PublicationState, SessionView
from domain.stages import Stage
from domain.validation.assessment import assess
from domain.validation.check_codes import Check
from domain.validation.publish_checks import Facts
from domain.values.tier_ids import number_of


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
        tiers_issued=_tiers_issued(view),
    )
    sections = {stage.section: shown.data for stage, shown in view.stages.items()}
    return assess(sections, facts=facts, now=now).checks


def _tiers_issued(view: SessionView) -> int | None:
    """As many as make the errors of the view again: the first id that was not given out tells.
    None where all of them were."""
    ticket = view.stages[Stage.TICKET_SETUP]
    unknown = {each.pointer for each in ticket.errors if each.code == ErrorCode.UNKNOWN_ID}
    if not unknown:
        return None
    numbers = [
        number_of(tier["id"])
        for index, tier in enumerate(ticket.data["tiers"])
        if pointer_to(("tiers", index, "id")) in unknown
    ]
    return min(numbers) - 1
