"""What a rule forbids at intake: each refusal says why, with its article, and what to do instead."""

from app.core.problems import Problem


class StepNotAllowed(Problem):
    status, code = 409, "step-not-allowed"
    zh = "案件当前状态为“{status_name}”，不能办理“{step_name}”。须在以下状态时办理：{allowed}。"
    en = (
        "The case is {status_name}, which does not allow this step: {step_name}. It is taken while a case is {allowed}."
    )


class CaseLocked(Problem):
    status, code = 409, "case-locked"
    zh = "案件已不予受理、并案、作废或归档，不能再修改或办理。如有新的情况，请另行登记。"
    en = (
        "The case was declined, merged, voided or archived and no longer changes. Register anew what has come up since."
    )


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


class TooFewParties(Problem):
    status, code = 409, "too-few-parties"
    zh = "案件至少须有两名当事人。请先登记另一名，再删除此人。"
    en = "A case has at least two parties. Name another one first, then remove this one."


class TooManyParties(Problem):
    status, code = 409, "too-many-parties"
    zh = "案件至多登记 200 名当事人。请登记推选的代表，人数填入 people_count。"
    en = "A case names at most 200 parties. Name those who represent the others, and give the number in people_count."


class SecondUnknownParty(Problem):
    status, code = 409, "second-unknown-party"
    zh = "案件已有一名未知当事人，至多一名。请先查明其姓名。"
    en = "The case already has an unknown party, and may have one only. Find out who that is first."


class PartiesFixed(Problem):
    status, code = 409, "parties-fixed"
    zh = "案件已达成协议，当事人不能再增减，其身份地位和意愿也不能再改。有遗漏的当事人，请另行登记案件。"
    en = (
        "An agreement was reached: parties are no longer added or removed, nor their side or consent changed."
        " Register another case for whoever was left out."
    )


class PartyNamed(Problem):
    status, code = 409, "party-named"
    zh = "该当事人已记入协议、履行义务、签章或其他材料，不能删除。姓名有误的，请修改此人。"
    en = (
        "The party is named in an agreement, an obligation, a signature or another record and cannot be removed."
        " If the name is wrong, change it."
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


class OrganizationCannotTakeOver(Problem):
    status, code = 409, "organization-cannot-take-over"
    zh = "该组织不能接办此案：须为纠纷发生地或其上级的人民调解委员会。请改选组织，或移送区外单位。"
    en = (
        "This organization cannot take the case over: it must be a mediation committee at the case's place or above."
        " Name another, or transfer the case to a body outside."
    )


class AlreadyHandling(Problem):
    status, code = 409, "already-handling"
    zh = "案件已由该组织承办，无需移送。"
    en = "This organization handles the case already: there is nothing to transfer."


class MergeIntoItself(Problem):
    status, code = 409, "merge-into-itself"
    zh = "案件不能并入自身。请指明另一案件。"
    en = "A case cannot be merged into itself. Name another."


class SurvivorLocked(Problem):
    status, code = 409, "survivor-locked"
    zh = "要并入的案件已不予受理、并案、作废或归档。请并入其最终所在的案件。"
    en = "The case to merge into was declined, merged, voided or archived. Merge into the one that stands in its place."


class BuiltUpon(Problem):
    status, code = 409, "built-upon"
    zh = "并案后，并入的案件已有新的步骤、已归档或已不在您的辖区，不能撤销。请在该案中继续办理，或另行登记。"
    en = (
        "Since the merge the other case has taken further steps, was archived or left your jurisdiction, so it cannot"
        " be undone. Go on in that case, or register the dispute anew."
    )


class WithoutNumber(Problem):
    status, code = 409, "without-number"
    zh = "案件未经受理编号，不能重新启动。请另行登记。"
    en = "The case was never accepted and has no number, so it is not reopened. Register the dispute anew."


class DatesOutOfOrder(Problem):
    status, code = 409, "dates-out-of-order"
    zh = "日期先后与已有记录矛盾：{earlier_name}不得晚于{later_name}。请核对日期。"
    en = "The dates contradict the record: {earlier_name} must not be after {later_name}. Check the dates."


class NoTimeLimit(Problem):
    status, code = 409, "no-time-limit"
    zh = "案件没有正在计算的调解期限，无须延长。"
    en = "No limit of mediation is running for the case: there is nothing to extend."


class ConsentMissing(Problem):
    status, code = 409, "consent-missing"
    zh = "延长期限须全体已知当事人同意（{article}）。请取得其余当事人同意，并在 consents 中列明全体。"
    en = "An extension needs the consent of all known parties ({article}). Ask the others, and list all in consents."


class ExtensionTooLate(Problem):
    status, code = 409, "extension-too-late"
    zh = "期限已于 {due_on} 届满，延长须在届满以前约定（{article}）。请办理调解不成，并告知其他途径。"
    en = (
        "The limit ended on {due_on}; an extension is agreed before it does ({article})."
        " Conclude without success and tell the parties of the other ways open to them."
    )


class ExtensionBeyondRule(Problem):
    status, code = 409, "extension-beyond-rule"
    zh = "该期限最多延长 {most_times} 次，每次最多 {most_days} 日（{article}）。请缩短延长天数。"
    en = "This limit is extended {most_times} times at most, by {most_days} days each ({article}). Ask for less."


class AttachmentWithdrawn(Problem):
    status, code = 409, "attachment-withdrawn"
    zh = "该附件已撤回，撤回理由见附件记录。请使用其他附件，或重新上传。"
    en = "The attachment was withdrawn; its entry says why. Use another one, or send the file anew."
