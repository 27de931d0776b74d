"""What a rule forbids at intake: each refusal says why, with its article, and what to do instead."""

from app.core.problems import Problem


class StepNotAllowed(Problem):
    status, code = 409, "step-not-allowed"
    zh = "案件当前状态（{status_name}）不能进行此步骤。可用步骤见 actions。"
    en = "The case is {status_name}: this step is not allowed now. See actions for those that are."


class CaseLocked(Problem):
    status, code = 409, "case-locked"
    zh = "案件已不予受理、并案、作废或归档，不能再修改。"
    en = "The case was declined, merged, voided or archived and no longer changes."


class ApplicantRefuses(Problem):
    status, code = 409, "applicant-refuses"
    zh = "申请人已明确拒绝调解，不能受理（人民调解法第十七条）。请登记不予受理。"
    en = "An applicant refuses, so the case cannot be accepted (People's Mediation Law, art. 17). Refuse it instead."


class PartyRefuses(Problem):
    status, code = 409, "party-refuses"
    zh = "有当事人明确拒绝调解，不得调解（人民调解法第十七条）。请办理调解不成结案并告知其他途径。"
    en = (
        "A party clearly refuses, so there is no mediation (People's Mediation Law, art. 17)."
        " Close the case as failed and tell the parties of the other ways open to them."
    )


class ConflictOfInterest(Problem):
    status, code = 409, "conflict-of-interest"
    zh = "该调解员与当事人有利害关系，已声明回避此案（人民调解法第十五条：不得偏袒）。请另行指派。"
    en = "This mediator has a conflict of interest in the case (People's Mediation Law, art. 15). Name another."


class OrganizationCannotAccept(Problem):
    status, code = 409, "organization-cannot-accept"
    zh = "该组织不能受理此案：须为纠纷发生地或其上级的调解组织，设有文号字头；村居人员只能由本调委会受理。"
    en = (
        "This organization cannot accept the case: it must stand at the case's place or above and have a number prefix;"
        " village staff accept for their own committee."
    )


class OrganizationFixed(Problem):
    status, code = 409, "organization-fixed"
    zh = "案件已由受理组织编号，承办组织不能在此修改。请办理移送。"
    en = "The case carries the number of the organization that accepted it. Transfer the case instead."


class PlaceOutsideOrganization(Problem):
    status, code = 409, "place-outside-organization"
    zh = "受理组织不在新发生地或其上级。请改为移送案件。"
    en = "The handling organization does not stand at the new place or above. Transfer the case instead."


class DatesOutOfOrder(Problem):
    status, code = 409, "dates-out-of-order"
    zh = "日期先后与已有记录矛盾：{earlier_name}不得晚于{later_name}。请核对日期。"
    en = "The dates contradict the record: {earlier_name} must not be after {later_name}. Check the dates."
