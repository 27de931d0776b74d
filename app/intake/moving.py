"""`move_case`: the one place where the location of a case, and of all that hangs on it, changes within a district."""

from typing import Any, cast

from sqlalchemy import update

from app.core.jurisdiction import CaseBound, Spot, Subtree, located_models
from app.core.unit_of_work import Work
from app.intake.models import Case
from app.intake.problems import PlaceOutsideOrganization
from app.intake.step_codes import Step
from app.intake.steps import record_step
from app.people.models import Organization


async def move_case(work: Work, case: Case, place: str) -> None:
    """The handling organization stays competent only at its own place and below; else the case is transferred."""
    spot = Spot.of_place(place)
    if case.accepted_on and case.organization_id:
        organization = await work.session.get_one(Organization, case.organization_id)
        if not Subtree(organization.place).reaches(spot):
            raise PlaceOutsideOrganization
    for model in located_models():
        if issubclass(model, CaseBound):
            bound = cast(Any, model)
            statement = update(bound).where(bound.case_id == case.id).values(**spot.columns)
            await work.session.execute(statement, execution_options={"synchronize_session": False})
    case.is_moving = True
    case.district, case.township, case.place = spot.district, spot.township, spot.place
    await record_step(work, case, Step.MOVE, work.today, case.status)
    await work.session.flush()
    case.is_moving = False
