"""What a rule forbids of patrols, and what to do instead."""

from app.core.problems import Problem


class FindingSettled(Problem):
    status, code = 409, "finding-settled"
    zh = "该发现的当前状态为{state_name}，不能再这样处理。"
    en = "The finding is {state_name} already: this is not possible any more."


class NotALead(Problem):
    status, code = 409, "not-a-lead"
    zh = "只有线索才能登记为已预防。请先转为线索。"
    en = "Only a lead is recorded as prevented. Make the finding a lead first."


class InspectionActedOn(Problem):
    status, code = 409, "inspection-acted-on"
    zh = "已就排查发现采取措施，排查日期不能再改。"
    en = "Something was done about what the patrol found: its date no longer changes."


class TooManyFindings(Problem):
    status, code = 409, "too-many-findings"
    zh = "一次排查至多登记 100 项发现。请另行登记一次排查。"
    en = "A patrol has at most 100 findings. Record another patrol."
