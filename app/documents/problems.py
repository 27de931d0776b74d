"""What can be refused about forms and volumes."""

from app.core.problems import Problem


class FormNotPossible(Problem):
    status, code = 409, "form-not-possible"
    zh = "现在还不能出具此文书：{gaps_text}。请补齐后再试。"
    en = "This form cannot be made yet: {gaps_text}. Complete the case and try again."


class FormTemplateBroken(Problem):
    status, code = 409, "form-template-broken"
    zh = "此文书的模板有误，无法套用。请管理员改正 TIAOJIE_FORMS 文件夹中的模板，或删除后使用自带模板。"
    en = "The template of this form is faulty. Have the administrator mend it in the folder TIAOJIE_FORMS, or remove it there to use ours."  # noqa: E501


class FormsNotInstalled(Problem):
    status, code = 503, "forms-not-installed"
    zh = "此服务未安装文书功能。请管理员安装 forms 附加包：pip install 'tiaojie[forms]'。"
    en = "This service lacks the extra for forms. Have the administrator run pip install 'tiaojie[forms]'."


class VolumeIncomplete(Problem):
    status, code = 409, "volume-incomplete"
    zh = "卷宗不完整：{gaps_text}（人民调解法第二十七条）。请补齐，或在 statement 中写明卷宗情况说明后归档。"
    en = "The volume is not complete: {gaps_text} (People's Mediation Law, art. 27). Complete it, or archive it with a statement why."  # noqa: E501
