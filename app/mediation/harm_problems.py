"""What is refused of a record of prevented harm."""

from app.core.problems import Problem


class HarmStands(Problem):
    status, code = 409, "harm-stands"
    zh = "本案已有一条“{kind_name}”的记录，待批准或已批准。有误的，请先不批准或撤销该记录，再行登记。"
    en = (
        "The case already has such a record, proposed or approved: {kind_name}."
        " If it is wrong, have it declined or withdrawn first."
    )


class HarmStepNotAllowed(Problem):
    status, code = 409, "harm-step-not-allowed"
    zh = "该记录现为“{state_name}”，须为“{allowed}”时才能办理“{step_name}”。请重新读取本案的记录。"
    en = "The record is {state_name}; this step is taken while it is {allowed}: {step_name}. Read the records again."


class OwnHarm(Problem):
    status, code = 409, "own-record"
    zh = "记录须由登记人、判断人以外的人批准。请由调委会主任或者司法所的其他工作人员办理。"
    en = (
        "Nobody approves what they recorded or judged themselves."
        " Ask another: the chair of the committee, or somebody of the judicial office."
    )
