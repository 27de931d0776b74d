"""Everything that can be refused: one class, one shape (RFC 9457), in the reader's language, never with a submitted
value.

Who raises a problem says which one; nobody catches it. The words are the class's own, in Chinese and English.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from app.core.locale import Language

PROBLEMS: dict[str, type["Problem"]] = {}
"""Every problem by code; the codebook publishes it."""

CODEBOOK = "/api/v1/codebook/problems"


@dataclass(frozen=True)
class InputError:
    """One thing to mend in the input: where (JSON pointer, or `query:name`, `header:name`), a stable code, and
    words."""

    pointer: str
    code: str
    zh: str
    en: str


class Problem(Exception):
    """A refusal. `zh` and `en` say what is the matter and what to do; `{names}` in them are filled from `facts`.

    `facts` are facts of the record or rule (a status, an article, a limit), never what was sent.
    """

    status: ClassVar[int]
    code: ClassVar[str]
    zh: ClassVar[str]
    en: ClassVar[str]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" in cls.__dict__:
            if cls.code in PROBLEMS:
                raise RuntimeError(f"problem {cls.code} is declared twice")
            PROBLEMS[cls.code] = cls

    def __init__(
        self,
        pointer: str | None = None,
        *,
        errors: list[InputError] | None = None,
        headers: Mapping[str, str] | None = None,
        **facts: Any,
    ) -> None:
        super().__init__(self.code)
        self.pointer = pointer
        self.errors = errors or []
        self.headers = dict(headers or {})
        self.facts = facts

    def says(self, language: Language) -> str:
        template = self.zh if language is Language.ZH else self.en
        words = {name: _in(language, value) for name, value in self.facts.items()}
        return template.format_map(words)

    def document(self, language: Language, instance: str) -> dict[str, Any]:
        text = self.says(language)
        document: dict[str, Any] = {
            "type": f"{CODEBOOK}#{self.code}",
            "title": text.split("。")[0] if language is Language.ZH else text.split(". ")[0].rstrip("."),
            "status": self.status,
            "detail": text,
            "instance": instance,
            "code": self.code,
        }
        errors = [
            {"pointer": e.pointer, "code": e.code, "message": e.zh if language is Language.ZH else e.en}
            for e in self.errors
        ]
        if self.pointer is not None:
            errors.append({"pointer": self.pointer, "code": self.code, "message": text})
        if errors:
            document["errors"] = errors
        return self.members() | document

    def members(self) -> dict[str, Any]:
        """Further members of the document: the facts that a program may read."""
        return {name: value for name, value in self.facts.items() if not isinstance(value, tuple)}


def _in(language: Language, value: Any) -> Any:
    """A fact given as `(zh, en)` speaks the reader's language."""
    if isinstance(value, tuple):
        return value[0] if language is Language.ZH else value[1]
    return value


class InvalidInput(Problem):
    status, code = 422, "invalid-input"
    zh = "提交的内容有误。请按 errors 中逐项指出的位置修改后重新提交。"
    en = "The input has errors. Mend each place named in errors and send it again."


class MalformedBody(Problem):
    status, code = 422, "malformed-body"
    zh = "请求正文不是合法的 JSON：{reason}。请改正后重新提交。"
    en = "The request body is not acceptable JSON: {reason}. Correct it and send it again."


class BodyTooLarge(Problem):
    status, code = 413, "body-too-large"
    zh = "请求正文超过 1 MiB。请分次提交。"
    en = "The request body is larger than 1 MiB. Send it in parts."


class FileTooLarge(Problem):
    status, code = 413, "file-too-large"
    zh = "文件超过 {most_mib} MiB。请压缩、降低分辨率或分成几份后重新上传。"
    en = "The file is larger than {most_mib} MiB. Compress it, lower its resolution or split it, and send it again."


class MalformedForm(Problem):
    status, code = 422, "malformed-form"
    zh = "请求正文不是合法的 multipart 表单：{reason}。请改正后重新提交。"
    en = "The request body is not an acceptable multipart form: {reason}. Correct it and send it again."


class FileMissing(Problem):
    status, code = 503, "file-missing"
    zh = "该附件的文件暂时读不到或已损坏，登记内容仍在。请联系管理员从备份恢复文件。"
    en = "The file of this attachment cannot be read or is damaged; its entry stands. Ask your administrator to restore it from the backup."  # noqa: E501


class UnsupportedMediaType(Problem):
    status, code = 415, "unsupported-media-type"
    zh = "此处只接受 {accepted}，编码为 UTF-8。请设置 Content-Type 后重试。"
    en = "Only {accepted} in UTF-8 is accepted here. Set Content-Type and try again."


class NotSignedIn(Problem):
    status, code = 401, "not-signed-in"
    zh = "尚未登录或登录已失效。请重新登录。"
    en = "You are not signed in, or the session has ended. Sign in again."


class Forbidden(Problem):
    status, code = 403, "forbidden"
    zh = "您的岗位无权进行此操作。如确有需要，请联系本级管理员。"
    en = "Your role may not do this. If you need to, ask your administrator."


class NotOwnCase(Problem):
    status, code = 403, "not-own-case"
    zh = "村居人员只能查看本人登记或承办案件的当事人证件号码和电话。请由承办调解员查看，或由司法所指派。"
    en = (
        "Village staff see identities only in cases that they registered or mediate."
        " Ask its mediator, or have the office assign you."
    )


class NotFound(Problem):
    status, code = 404, "not-found"
    zh = "没有找到。请核对地址，或确认该记录属于您的辖区。"
    en = "Not found. Check the address, and that the record belongs to your jurisdiction."


class MethodNotAllowed(Problem):
    status, code = 405, "method-not-allowed"
    zh = "此地址不支持该方法。可用方法见 Allow 头。"
    en = "This address does not take that method. See the Allow header."


class NotAcceptable(Problem):
    status, code = 406, "not-acceptable"
    zh = "此处只提供 JSON。请在 Accept 中包含 application/json。"
    en = "Only JSON is given here. Include application/json in Accept."


class UnknownReference(Problem):
    status, code = 422, "unknown-reference"
    zh = "所指的地区、组织、调解员、案件或排查不存在或不在您的辖区。请核对后重新提交。"
    en = "The place, organization, mediator, case or patrol named is not there or not in your jurisdiction. Check it."


class IdReused(Problem):
    status, code = 409, "id-reused"
    zh = "该 id 已用于其他内容。请为新记录另取一个 id。"
    en = "This id already stands for other content. Make a new id for a new record."


class IdempotencyKeyReused(Problem):
    status, code = 422, "idempotency-key-reused"
    zh = "该 Idempotency-Key 已用于另一请求。请为新请求另取一个。"
    en = "This Idempotency-Key was used for another request. Take a new one for a new request."


class RequestInProgress(Problem):
    status, code = 409, "request-in-progress"
    zh = "相同 Idempotency-Key 的请求仍在处理。请稍候再试。"
    en = "A request with the same Idempotency-Key is still being handled. Try again shortly."


class PreconditionRequired(Problem):
    status, code = 428, "precondition-required"
    zh = "修改须带 If-Match，其值为读取时得到的 ETag。请先读取再修改。"
    en = "A change needs If-Match with the ETag you read. Read the record first, then change it."


class PreconditionFailed(Problem):
    status, code = 412, "precondition-failed"
    zh = "记录已被他人修改，当前版本为 {current_version}。请重新读取、核对后再提交。"
    en = "The record has been changed meanwhile; its version is {current_version}. Read it again, check, and resend."


class ChangedMeanwhile(Problem):
    status, code = 409, "changed-meanwhile"
    zh = "与同时进行的另一操作冲突。请重新读取后再试。"
    en = "Another operation got in at the same time. Read again and retry."


class TooManyRequests(Problem):
    status, code = 429, "too-many-requests"
    zh = "尝试次数过多。请在 {retry_after} 秒后再试。"
    en = "Too many tries. Try again in {retry_after} seconds."


class Unavailable(Problem):
    status, code = 503, "unavailable"
    zh = "服务暂时不可用，内容未保存。请稍后重试。"
    en = "The service is not available at the moment and nothing was kept. Try again shortly."


class OutcomeUnknown(Unavailable):
    zh = "保存时与数据库的连接中断，无法确认内容是否已保存。请以相同的 id 或 Idempotency-Key 重新提交，不会重复登记。"
    en = "The connection broke while this was being kept, so it may be kept. Resend it with the same id or Idempotency-Key: it is done once."  # noqa: E501


class InternalError(Problem):
    status, code = 500, "internal-error"
    zh = "系统出错，内容未保存。请凭请求编号联系管理员。"
    en = "Something went wrong on our side and nothing was kept. Give the request id to your administrator."
