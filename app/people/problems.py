"""What can be refused about signing in, organizations, mediators and accounts."""

from typing import Any, ClassVar

from app.core.problems import Problem


class TokenRefused(Problem):
    """A refusal of the token endpoint, which names itself as RFC 6749 does, too."""

    status = 400
    error: ClassVar[str]

    def members(self) -> dict[str, Any]:
        return super().members() | {"error": self.error}


class InvalidGrant(TokenRefused):
    code, error = "invalid-grant", "invalid_grant"
    zh = "用户名、密码或刷新令牌不对，或已失效。请核对后重新登录。"
    en = "The username, password or refresh token is wrong or no longer holds. Check it and sign in again."


class InvalidTokenRequest(TokenRefused):
    code, error = "invalid-request", "invalid_request"
    zh = "登录请求缺少必要的参数。请按接口文档补全。"
    en = "The token request lacks a required parameter. Complete it as the API's page says."


class UnsupportedGrantType(TokenRefused):
    code, error = "unsupported-grant-type", "unsupported_grant_type"
    zh = "不支持这种授权方式。请使用 password、refresh_token 或 client_credentials。"
    en = "This grant type is not supported. Use password, refresh_token or client_credentials."


class InvalidClient(TokenRefused):
    status = 401
    code, error = "invalid-client", "invalid_client"
    zh = "客户端编号或密钥不对，或已停用、过期。请核对后重试。"
    en = "The client's id or secret is wrong, disabled or expired. Check it and try again."


class InvalidScope(TokenRefused):
    code, error = "invalid-scope", "invalid_scope"
    zh = "请求的权限超出该客户端所有。请只请求已授予的权限。"
    en = "The scope goes beyond what the client was given. Ask for granted scopes only."


class TooManySecrets(Problem):
    status, code = 409, "too-many-secrets"
    zh = "该客户端已有两个有效密钥。请先终止旧密钥，再生成新的。"
    en = "The client has two secrets that hold. End the old one before you make another."


class WrongPassword(Problem):
    status, code = 422, "wrong-password"
    zh = "当前密码不对。请重新输入。"
    en = "The current password is wrong. Enter it again."


class WeakPassword(Problem):
    status, code = 422, "weak-password"
    zh = "新密码与用户名或当前密码太像。请另设一个。"
    en = "The new password is too much like the username or the current password. Choose another."


class UsernameTaken(Problem):
    status, code = 409, "username-taken"
    zh = "该用户名已被使用。请另取一个。"
    en = "This username is taken. Choose another."


class OwnAccount(Problem):
    status, code = 409, "own-account"
    zh = "不能停用、调整本人账号或重置本人密码。请由另一位管理员操作；改密码请用 /me/password。"
    en = "You cannot disable, move or reset your own account. Ask another administrator, or use /me/password."


class RoleNotAtPlace(Problem):
    status, code = 422, "role-not-at-place"
    zh = "该岗位的账号应设在{levels}一级。请改选地区或岗位。"
    en = "An account of this role stands at the level: {levels}. Choose another place or role."


class OrganizationRequired(Problem):
    status, code = 422, "organization-required"
    zh = "联络员账号须指明所属单位。请补填 organization_id。"
    en = "A liaison's account names its organization. Add organization_id."


class NotAMediatorsRole(Problem):
    status, code = 422, "not-a-mediators-role"
    zh = "该岗位不办理调解，不能对应调解员。请去掉 mediator_id 或改选岗位。"
    en = "This role does not mediate, so its account names no mediator. Leave out mediator_id or choose another role."


class OnlyForCommittees(Problem):
    status, code = 422, "only-for-committees"
    zh = "编号字头和委员会类型只用于人民调解委员会。请去掉该项或改选类别。"
    en = "Only a mediation committee has a number prefix and a committee type. Leave it out or choose another kind."


class NumberPrefixTaken(Problem):
    status, code = 409, "number-prefix-taken"
    zh = "该编号字头已被本区另一组织使用。请另取一个。"
    en = "Another organization of the district has this number prefix. Choose another."


class NumberPrefixInUse(Problem):
    status, code = 409, "number-prefix-in-use"
    zh = "该组织已用现字头编过案号，字头不能再改，以免案号重复。"
    en = "Cases were numbered with this prefix, so it stays: numbers are never given twice."
