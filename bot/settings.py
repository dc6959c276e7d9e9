"""Every setting, read from the environment and `.env`; a wrong one ends the start with one clear line (DESIGN 8)."""

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsError(Exception):
    """A setting that can't be used; the message names it and says what is wrong, never its value if that is secret."""


class Settings(BaseSettings):
    """What an administrator may set. The names are the outside contract."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", hide_input_in_errors=True)

    database_url: str = Field("sqlite+aiosqlite:///data/fieldhand.db", description="SQLite file or PostgreSQL")
    data_dir: Path = Field(Path("data"), description="photos, signatures, voice notes")
    files_url: str = Field("", description="s3://bucket/folder: photos and the like go there instead")
    files_endpoint: str = Field("", description="origin of an S3-compatible store; empty: Amazon's own")
    files_region: str = Field("", description="region of the bucket, if its store has regions")
    files_key_id: str = Field("", description="access key; empty: the machine's own rights")
    files_secret: SecretStr | None = Field(None, description="secret of the access key")
    policy_file: Path = Field(Path("policies/appliance.toml"), description="the line of business; see policies/")
    company_name: str = Field("外勤幫手", description="shown to customers")
    timezone: str = Field("Asia/Taipei", description="IANA name")
    language: Literal["zh-Hant", "zh-Hans", "en"] = Field("zh-Hant", description="zh-Hant, zh-Hans or en")
    branch: str = Field("main", description="name of the first branch")

    telegram_bot_token: SecretStr | None = Field(None, description="from @BotFather; empty: Telegram is off")
    telegram_api_base: str = Field("https://api.telegram.org", description="origin of the Bot API")
    telegram_webhook_secret: SecretStr | None = Field(None, description="with PUBLIC_URL: webhook instead of polling")

    wecom_corp_id: str = Field("", description="企業 ID")
    wecom_agent_id: int | None = Field(None, description="AgentId of the self-built app")
    wecom_secret: SecretStr | None = Field(None, description="secret of the app")
    wecom_token: SecretStr | None = Field(None, description="callback token")
    wecom_aes_key: SecretStr | None = Field(None, description="callback EncodingAESKey, 43 characters")
    wecom_api_base: str = Field("https://qyapi.weixin.qq.com", description="origin of the WeCom API")
    wecom_kf_secret: SecretStr | None = Field(None, description="微信客服")
    wecom_kf_open_id: str = Field("", description="微信客服 account")
    wecom_kf_token: SecretStr | None = Field(None, description="微信客服 callback token")
    wecom_kf_aes_key: SecretStr | None = Field(None, description="微信客服 EncodingAESKey")
    wecom_bot_id: str = Field("", description="smart bot")
    wecom_bot_secret: SecretStr | None = Field(None, description="secret of the smart bot")
    wecom_bot_url: str = Field("wss://openws.work.weixin.qq.com", description="long connection of the smart bot")

    http_host: str = Field("127.0.0.1", description="where the pages are served")
    http_port: int = Field(8080, ge=0, le=65535, description="0 takes a free port")
    public_url: str = Field("", description="https address under which the desk is reached from outside")
    heartbeat_url: str = Field("", description="called every 5 minutes while all is well")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("is no IANA time zone, such as Asia/Taipei")
        ZoneInfo(value)
        return value

    @field_validator("policy_file")
    @classmethod
    def _policy_exists(cls, value: Path) -> Path:
        if not value.is_file():
            raise ValueError("names a file that does not exist")
        return value

    @field_validator("files_url")
    @classmethod
    def _bucket(cls, value: str) -> str:
        if value and not (value.startswith("s3://") and urlsplit(value).netloc):
            raise ValueError("must be s3://bucket or s3://bucket/folder")
        return value

    @field_validator("public_url", "telegram_api_base", "wecom_api_base", "heartbeat_url", "files_endpoint")
    @classmethod
    def _origin(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with https:// (or http:// for a test)")
        return value.rstrip("/")

    @field_validator("wecom_bot_url")
    @classmethod
    def _long_connection(cls, value: str) -> str:
        if not value.startswith(("ws://", "wss://")):
            raise ValueError("must begin with wss:// (or ws:// for a test)")
        return value

    @property
    def has_messenger(self) -> bool:
        """Whether anything besides the web chat is switched on."""
        return bool(self.telegram_bot_token or self.wecom_secret or self.wecom_kf_secret or self.wecom_bot_secret)

    @property
    def region(self) -> str:
        """The country whose telephone numbers are written without a prefix."""
        return {"Asia/Shanghai": "CN", "Asia/Hong_Kong": "HK", "Asia/Macau": "MO"}.get(self.timezone, "TW")


def read_settings(**given: object) -> Settings:
    """The settings. Raises SettingsError with one line."""
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(one) for one in first["loc"]).upper()
        raise SettingsError(f"{name}: {first['msg'].removeprefix('Value error, ')}") from None
    except ValueError as error:
        raise SettingsError(str(error).splitlines()[0]) from None
