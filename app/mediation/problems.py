"""What a rule forbids during mediation, with its article and what to do instead."""

from app.core.problems import Problem


class RoundOpen(Problem):
    status, code = 409, "round-open"
    zh = "上一轮调解尚未结束。请先登记该轮的结果。"
    en = "A round is still open. Record its conclusion first."


class RoundConcluded(Problem):
    status, code = 409, "round-concluded"
    zh = "本轮调解已结束。如需继续，请开始新一轮。"
    en = "This round has been concluded. Start another if mediation goes on."


class MatterExcluded(Problem):
    status, code = 409, "matter-excluded"
    zh = "该事项不得调解（{article}）。请退回公安机关依法处理。"
    en = "This matter may not be mediated ({article}). Return it to the police."


class AgreementNotEffective(Problem):
    status, code = 409, "agreement-not-effective"
    zh = "协议尚未生效：须各方当事人签章、调解员签名并加盖调委会印章（人民调解法第二十九条）。请先补齐。"
    en = (
        "The agreement is not yet effective: all parties and a mediator must sign and the committee must seal it"
        " (People's Mediation Law, art. 29). Complete it first."
    )


class NoAgreement(Problem):
    status, code = 409, "no-agreement"
    zh = "案件没有待签章的书面协议。"
    en = "The case has no written agreement waiting for signatures."


class AlreadySigned(Problem):
    status, code = 409, "already-signed"
    zh = "该方已签章，不能重复登记。"
    en = "This signature or seal is already recorded."


class ConflictStands(Problem):
    status, code = 409, "conflict-stands"
    zh = "该调解员对此案的回避已经登记。"
    en = "This mediator's conflict of interest in the case is already recorded."


class ConflictEnded(Problem):
    status, code = 409, "conflict-ended"
    zh = "该回避已经撤销。"
    en = "This conflict of interest has already been withdrawn."


class NothingConcluded(Problem):
    status, code = 409, "nothing-concluded"
    zh = "没有已结束的调解，也没有当事人拒绝调解，不能结案。请先调解并登记结果。"
    en = "No round was concluded and no party refuses: nothing to close on. Mediate and record the conclusion."
