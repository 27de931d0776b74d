"""Every setting of the service, read once from the environment (`TIAOJIE_…`); `docs/settings.md` is made from this
page."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="TIAOJIE_", extra="ignore", frozen=True)

    database_url: Annotated[
        str,
        Field(
            pattern=r"^(sqlite\+aiosqlite:///.+|postgresql\+asyncpg://.+)$",
            description="数据库地址：sqlite+aiosqlite:///文件 或 postgresql+asyncpg://用户:口令@主机/库。"
            " Where the register is kept.",
        ),
    ] = "sqlite+aiosqlite:///var/tiaojie.db"
    key_file: Annotated[
        Path | None,
        Field(
            description="字段密钥文件（0600，首次启动时生成；请与数据库分开备份）。SQLite 默认为数据库旁的 .key 文件，"
            "PostgreSQL 默认 var/tiaojie.key。 The key of the encrypted fields; back it up apart from the database."
        ),
    ] = None
    cipher: Annotated[
        Literal["aes", "sm"],
        Field(
            description="新密钥的算法：aes 为 AES-256-GCM 和 HMAC-SHA256，sm 为国密 SM4-GCM 和 HMAC-SM3；"
            "已有密钥不变，改用须运行 tiaojie rotate-key。"
            " Suite of new keys; those that stand keep theirs until the key is rotated."
        ),
    ] = "aes"
    files: Annotated[
        str | None,
        Field(
            pattern=r"^(s3://[^/]+(/.+)?|[^:]+)$",
            description="附件存放处：文件夹，或 s3://桶/前缀（须安装 s3 附加包，地址和凭据用 AWS_… 环境变量）。"
            "SQLite 默认为数据库旁的 .files 文件夹，PostgreSQL 默认 var/files；请与数据库一同备份。"
            " Where attachments are kept: a folder, or s3://bucket/prefix; back it up with the database.",
        ),
    ] = None
    max_file_mib: Annotated[int, Field(ge=1, le=200, description="一个附件最大 MiB。 Largest attachment, in MiB.")] = 20
    forms: Annotated[
        Path | None,
        Field(
            description="文书模板文件夹：其中的 docx 代替自带模板，可先用 tiaojie forms 写出自带模板再改。"
            " A folder of templates that take the place of our own, see docs/forms.md."
        ),
    ] = None
    host: Annotated[str, Field(description="监听地址。 Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535, description="监听端口。 Port to listen on.")] = 8000
    forwarded_allow_ips: Annotated[
        str, Field(description="可信前置代理的地址，逗号分隔。 Proxies whose X-Forwarded-For is believed.")
    ] = "127.0.0.1"
    access_token_minutes: Annotated[
        int, Field(ge=1, le=1440, description="访问令牌有效分钟数。 Life of an access token, in minutes.")
    ] = 15
    refresh_token_days: Annotated[
        int, Field(ge=1, le=365, description="刷新令牌有效天数。 Life of a refresh token, in days.")
    ] = 30
    reveals_per_hour: Annotated[
        int,
        Field(
            ge=1,
            le=1000,
            description="每个账号每小时可查看证件号码和电话的次数。 Identities an account may reveal in an hour.",
        ),
    ] = 30
    incidents_until_risk: Annotated[
        int,
        Field(
            ge=2,
            le=100,
            description="同一地点或同一双方在下述天数内的警情达到此数，风险等级提高一级（本系统建议值）。"
            " Police incidents of one location or pair of parties, within the days below, that raise the risk by a"
            " level; our proposal.",
        ),
    ] = 3
    incidents_within_days: Annotated[
        int, Field(ge=1, le=3650, description="计算重复警情的天数（本系统建议值）。 Days over which they are counted.")
    ] = 180
    pool_size: Annotated[
        int, Field(ge=2, le=100, description="数据库连接数（SQLite 为读连接数）。 Connections kept to the database.")
    ] = 10
    metrics_port: Annotated[
        int,
        Field(
            ge=0,
            le=65535,
            description="监测指标端口：只在 127.0.0.1 提供 /metrics；0 为关闭。"
            " Port of /metrics, on 127.0.0.1 alone; 0 is off.",
        ),
    ] = 0
    cors_origins: Annotated[
        str,
        Field(
            pattern=r"^(https?://[^/*?#,\s]+(,https?://[^/*?#,\s]+)*)?$",
            description="允许在浏览器中读取统计数字的其他网站，逗号分隔，如 https://dashboard.example.gov.cn；空为关闭。"
            " Other sites whose pages may read figures in a browser, exact origins; empty is off.",
        ),
    ] = ""
    public_statistics: Annotated[
        bool,
        Field(
            description="是否向公众提供 /public 统计页（小数已隐去，见 docs/dashboards.md）。"
            " Whether anybody may see the public figures, with small counts left out."
        ),
    ] = False
    public_minimum: Annotated[
        int,
        Field(
            ge=3, le=100, description="公众统计中不足此数的非零计数予以隐去。 Counts below it, but zero, are left out."
        ),
    ] = 3
    docs: Annotated[bool, Field(description="是否提供 /docs 接口文档页。 Whether /docs is served.")] = True
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], Field(description="日志级别。 Level of the log.")
    ] = "INFO"

    @property
    def sqlite_path(self) -> Path | None:
        prefix = "sqlite+aiosqlite:///"
        return Path(self.database_url.removeprefix(prefix)) if self.database_url.startswith(prefix) else None

    @property
    def origins(self) -> tuple[str, ...]:
        return tuple(self.cors_origins.split(",")) if self.cors_origins else ()

    @property
    def files_place(self) -> str:
        if self.files is not None:
            return self.files
        return str(self.sqlite_path.with_suffix(".files")) if self.sqlite_path else "var/files"

    @property
    def key_path(self) -> Path:
        if self.key_file is not None:
            return self.key_file
        return self.sqlite_path.with_suffix(".key") if self.sqlite_path else Path("var/tiaojie.key")
