"""What a rule forbids once an agreement is reached, with its article and what to do instead."""

from app.core.problems import Problem


class AgreementSigned(Problem):
    status, code = 409, "agreement-signed"
    zh = (
        "协议已有签章或已生效，内容不能再改（人民调解法第三十一条：协议具有约束力）。生效后请由各方协商变更其中的义务。"
    )
    en = (
        "The agreement bears a signature or is in effect, and binds as it stands (People's Mediation Law, art. 31)."
        " Once it is effective, have the parties agree a change of its obligations."
    )


class ObligationSettled(Problem):
    status, code = 409, "obligation-settled"
    zh = "该义务已履行完毕或已协商放弃，不再有应履行的内容。"
    en = "This obligation was performed or waived: nothing more is owed."


class OverPerformed(Problem):
    status, code = 409, "over-performed"
    zh = "履行金额超过尚欠金额 {remaining} 元。请核对金额；多付的部分由当事人另行结算。"
    en = (
        "That is more than the {remaining} yuan still owed. Check the amount; what was paid beyond it is settled apart."
    )


class BelowPerformed(Problem):
    status, code = 409, "below-performed"
    zh = "已履行 {performed} 元，变更后的金额不能低于已履行的金额。其余部分不再履行的，请以已履行的金额为准。"
    en = (
        "Of this {performed} yuan are paid, so it cannot become less. If the rest is not to be paid, agree on that sum."
    )


class ChangeNeedsConsent(Problem):
    status, code = 409, "change-needs-consent"
    zh = "变更或放弃义务须全体已知当事人协商一致（民法典第五百四十三条）。请取得其余当事人同意，在 consents 中列明。"
    en = (
        "Obligations are changed or waived by the consent of all known parties (Civil Code, art. 543)."
        " Ask the others, and list all in consents."
    )


class JointApplicationNeeded(Problem):
    status, code = 409, "joint-application-needed"
    zh = "须由全体已知当事人共同申请（{article}）。请通知其余当事人一并申请，并在 applicants 中列明全体。"
    en = "All known parties apply together ({article}). Have the others join, and list all in applicants."


class ApplicationTooLate(Problem):
    status, code = 409, "application-too-late"
    zh = "申请期限已于 {due_on} 届满（{article}）。可另寻途径：{instead}。"
    en = "The time to apply ended on {due_on} ({article}). Other ways are open: {instead}."


class NotLapsedYet(Problem):
    status, code = 409, "not-lapsed-yet"
    zh = "申请期限至 {due_on} 止，其后仍未申请的，方可登记逾期（{article}）。"
    en = "The parties may apply until {due_on}; a lapse is recorded after that day ({article})."


class NotConfirmable(Problem):
    status, code = 409, "not-confirmable"
    zh = "{matter}的，法院不予受理司法确认（民事诉讼法司法解释）。请告知当事人另行起诉或向主管机关办理。"
    en = (
        "Courts do not accept this for confirmation: {matter} (judicial interpretation of the Civil Procedure Law)."
        " Tell the parties to sue, or to turn to the competent authority."
    )


class ApplicationStepNotAllowed(Problem):
    status, code = 409, "application-step-not-allowed"
    zh = "申请目前为“{standing}”，不能登记此项进展。可以登记：{possible}。"
    en = 'The application stands at "{standing}", which this does not follow. What may follow: {possible}.'


class NotALaborDispute(Problem):
    status, code = 409, "not-a-labor-dispute"
    zh = "仲裁审查只适用于劳动人事争议的调解协议（劳动人事争议仲裁办案规则）。其他纠纷请申请司法确认。"
    en = (
        "The arbitration commission reviews agreements in labour disputes only (Rules for Handling Labour Arbitration"
        " Cases). In other disputes apply for judicial confirmation."
    )


class RemedyNotOpen(Problem):
    status, code = 409, "remedy-not-open"
    zh = "该途径目前不能采用（{article}）。可以采用：{possible}。"
    en = "This way is not open now ({article}). Open are: {possible}."


class VisitorMediated(Problem):
    status, code = 409, "visitor-mediated"
    zh = "抽查回访须由未参与本案调解的人进行和登记。请另派他人。"
    en = "A sampled visit is made and recorded by somebody who did not mediate the case. Send another person."
