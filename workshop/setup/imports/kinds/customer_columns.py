"""The columns of a list of customers, and what people call them."""

from __future__ import annotations

from workshop.customers import cells as of_people
from workshop.customers import service
from workshop.customers.models import Channel, CustomerKind
from workshop.customers.particulars import PERSON_LABELS
from workshop.errors import N_, Invalid
from workshop.setup.imports.kind import Column
from workshop.sheets import Words, cells, days

KINDS_OF_CUSTOMER = {
    **dict.fromkeys(("个人", "私人", "私家", "个人客户", "person", "private"), CustomerKind.PERSON),
    **dict.fromkeys(
        ("单位", "公司", "企业", "单位客户", "集团", "company", "firm"), CustomerKind.COMPANY
    ),
}
CHANNELS = {
    **dict.fromkeys(("电话", "手机", "打电话", "phone", "call"), Channel.PHONE),
    **dict.fromkeys(("短信", "sms", "text"), Channel.SMS),
    **dict.fromkeys(("微信", "wechat"), Channel.WECHAT),
    **dict.fromkeys(("当面", "到店", "面谈", "inperson"), Channel.IN_PERSON),
}


def _credit_code(text: str) -> cells.Cell[str]:
    """A company's code as it is kept; a wrong one is left out, and flagged."""
    try:
        return cells.Cell(service.checked_credit_code("" if cells.is_empty(text) else text))
    except Invalid as error:
        return cells.Cell(warning=Words(error.message))


COLUMNS = (
    Column(
        "number", N_("Customer number"), lambda text: cells.code(text, 60),
        ("客户编号", "客户号", "会员号", "编号", "会员卡号", "customer no", "customer id", "id"),
        example="K0001", hint=N_("As in the old system; its list of cars can name owners by it."),
    ),
    Column(
        "name", N_("Name"), lambda text: cells.name(text, 80),
        ("姓名", "客户姓名", "客户名称", "客户", "名称", "车主", "车主姓名", "联系人", "customer",
         "owner"),
        example="张伟",
    ),
    Column(
        "kind", N_("Kind"), lambda text: cells.choice(text, KINDS_OF_CUSTOMER),
        ("类型", "类别", "客户类型", "客户性质", "性质", "type", "customer type"),
        example="个人", hint=N_("A person or a company; empty is a person."),
    ),
    Column(
        "phone", N_("Phone"), of_people.phones,
        ("手机", "手机号", "手机号码", "电话", "联系电话", "联系方式", "移动电话", "电话1",
         "mobile", "telephone", "tel", "phone number", "mobile phone"),
        is_needed=True, example="13800138000",
    ),
    Column(
        "phone2", N_("Second phone"), of_people.phones,
        ("电话2", "备用电话", "其他电话", "固定电话", "座机", "手机2", "phone 2", "other phone"),
        example="021-50001234",
    ),
    Column(
        "company", N_("Company of the customer"), lambda text: cells.name(text, 80),
        ("单位", "公司", "单位名称", "公司名称", "企业名称", "工作单位", "company", "company name"),
        hint=N_("With the kind “company” the name is the person to call there."),
    ),
    Column(
        "channel", N_("Wishes to be reached by"), lambda text: cells.choice(text, CHANNELS),
        ("希望的联系方式", "首选联系方式", "联系渠道", "沟通方式", "回访方式",
         "preferred channel", "channel"),
        example="电话",
    ),
    Column(
        "credit_code", N_("Unified social credit code"), _credit_code,
        ("信用代码", "统一社会信用代码", "税号", "纳税人识别号", "tax no", "credit code"),
    ),
    Column(
        "address", N_("Address"), lambda text: cells.text(text, 200),
        ("地址", "联系地址", "通讯地址", "住址", "家庭住址", "street"),
        example="浦东新区张杨路100号",
    ),
    Column(
        "sms", N_("Agrees to messages by SMS"), cells.yes_no,
        ("短信同意", "短信授权", "同意短信", "接收短信", "同意接收短信", "sms consent",
         "sms opt in"),
        example="是",
        hint=N_("Reminders and the call after the repair; advertising is asked by itself."),
    ),
    Column(
        "birthday", PERSON_LABELS["birthday"], days.day,
        ("生日", "出生日期", "客户生日", "车主生日", "date of birth", "born"),
        is_day=True, example="1985-06-18",
    ),
    Column(
        "source", PERSON_LABELS["source"], lambda text: cells.name(text, 40),
        ("来源", "客户来源", "来源渠道", "获客渠道", "介绍人", "source", "customer source",
         "referral"),
        example="朋友介绍",
    ),
    Column(
        "tier", PERSON_LABELS["tier"], lambda text: cells.name(text, 20),
        ("等级", "客户等级", "会员等级", "客户级别", "vip等级", "tier", "level",
         "membership level"),
        example="金卡",
    ),
    Column(
        "remark", N_("Remark"), lambda text: cells.text(text, 500),
        ("备注", "客户备注", "说明", "remarks", "note", "notes", "comment"),
    ),
)  # fmt: skip
