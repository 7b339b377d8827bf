"""The words and arithmetic of a settlement. Plain Python (domain.md step 8, §7 Money)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from workshop import money
from workshop.enums import LabelledEnum
from workshop.errors import N_, Invalid, RuleBroken


class SettlementState(LabelledEnum):
    """How far a settlement is; only an open one can be changed."""

    OPEN = "open", N_("To be paid")
    PAID = "paid", N_("Paid")
    CREDITED = "credited", N_("On credit")
    REVERSED = "reversed", N_("Reversed")


class SettlementKind(Enum):
    """A settlement, or the red letter that takes one back with all its lines negative."""

    NORMAL = "normal"
    RED = "red"


class Account(LabelledEnum):
    """From whom the money comes."""

    CUSTOMER = "customer", N_("Customer")
    INSURER = "insurer", N_("Insurer")
    MANUFACTURER = "manufacturer", N_("Manufacturer")
    SHOP = "shop", N_("The shop itself")


# By the value of a line's payer.
_ACCOUNT_OF = {
    "customer": Account.CUSTOMER,
    "insurance": Account.INSURER,
    "warranty": Account.MANUFACTURER,
    "statutory": Account.MANUFACTURER,
    "internal": Account.SHOP,
    "goodwill": Account.SHOP,
}


def account_of(payer: str) -> Account:
    """Who settles the lines of a payer, given by its value."""
    return _ACCOUNT_OF[payer]


class Tender(LabelledEnum):
    """How money is paid."""

    CASH = "cash", N_("Cash")
    CARD = "card", N_("Bank card")
    WECHAT = "wechat", N_("WeChat Pay")
    ALIPAY = "alipay", N_("Alipay")
    TRANSFER = "transfer", N_("Bank transfer")
    INSURER = "insurer", N_("Insurer pays")
    MANUFACTURER = "manufacturer", N_("Manufacturer pays")

    @property
    def account(self) -> Account:
        """Whose share this money pays."""
        if self is Tender.INSURER:
            return Account.INSURER
        return Account.MANUFACTURER if self is Tender.MANUFACTURER else Account.CUSTOMER


CUSTOMER_TENDERS = tuple(tender for tender in Tender if tender.account is Account.CUSTOMER)


class InvoiceKind(LabelledEnum):
    """What invoice (fapiao) the customer gets."""

    ORDINARY = "ordinary", N_("Ordinary invoice")
    SPECIAL = "special", N_("VAT invoice")


@dataclass(frozen=True)
class Amount:
    """One line as the sums see it; `payer` and `kind` are the values of their enums."""

    payer: str
    kind: str
    agreed_fen: int
    discount_fen: int
    total_fen: int
    tax_fen: int


@dataclass
class Sums:
    """Sums in fen, tax included; labour, parts and other are before the discount given now.

    `core_fen` is what of other are deposits for old parts: the customer's money, no turnover.
    """

    labour_fen: int = 0
    parts_fen: int = 0
    other_fen: int = 0
    core_fen: int = 0
    discount_fen: int = 0
    total_fen: int = 0
    tax_fen: int = 0
    by_payer: dict[str, int] = field(default_factory=dict)
    by_account: dict[Account, int] = field(default_factory=dict)

    @property
    def net_fen(self) -> int:
        """What is sold, without its tax: deposits are none of it."""
        return self.total_fen - self.tax_fen - self.core_fen

    @property
    def charged_fen(self) -> int:
        """Other charges without deposits."""
        return self.other_fen - self.core_fen


def add_up(amounts: Iterable[Amount]) -> Sums:
    """Sum lines by kind and payer; the total is Σ of the lines."""
    sums = Sums()
    for amount in amounts:
        account = account_of(amount.payer)
        sums.total_fen += amount.total_fen
        sums.discount_fen += amount.discount_fen
        sums.tax_fen += amount.tax_fen
        sums.by_payer[amount.payer] = sums.by_payer.get(amount.payer, 0) + amount.total_fen
        sums.by_account[account] = sums.by_account.get(account, 0) + amount.total_fen
        if amount.kind == "labour":
            sums.labour_fen += amount.agreed_fen
        elif amount.kind == "part":
            sums.parts_fen += amount.agreed_fen
        else:
            sums.other_fen += amount.agreed_fen
        if amount.kind == "core":
            sums.core_fen += amount.agreed_fen
    return sums


def check_discount(discount_fen: int, agreed_fen: int) -> None:
    """Refuse a discount that is larger than the bill, or that would raise it above the agreed.

    `agreed_fen` is what the customer authorised of what is billed.
    """
    if discount_fen < 0:
        raise RuleBroken(
            N_("The bill would be %(bill)s; the customer authorised no more than %(agreed)s."),
            field="discount",
            code="over_authorised",
            bill=money.format_fen(agreed_fen - discount_fen),
            agreed=money.format_fen(agreed_fen),
        )
    if discount_fen > agreed_fen:
        raise Invalid(
            N_("A discount cannot be more than the bill of %(agreed)s."),
            field="discount",
            agreed=money.format_fen(agreed_fen),
        )


def spread(discount_fen: int, amounts: Sequence[int]) -> list[int]:
    """Part a discount over lines by their amounts; the parts add up to it to the fen."""
    total = sum(amounts)
    if total == 0:
        return [0 for _ in amounts]
    parts, given, seen = [], 0, 0
    for amount in amounts:
        seen += amount
        until = money.round_half_up(discount_fen * seen, total)
        parts.append(until - given)
        given = until
    return parts


def billed_fen(authorised_fen: int, quantity_milli: int, used_milli: int) -> int:
    """What is billed of an authorised part line when less of it was used."""
    if used_milli >= quantity_milli:
        return authorised_fen
    return money.round_half_up(authorised_fen * used_milli, quantity_milli)


def check_payment(amount_fen: int, balance_fen: int) -> None:
    """Refuse nothing, and more than what is open. Cash beyond it is change, not payment."""
    if amount_fen <= 0:
        raise Invalid(N_("A payment is more than nothing."), field="amount")
    if balance_fen <= 0:
        # Somebody else was quicker: there is no change to give, the money goes back whole.
        raise RuleBroken(N_("Nothing of this bill is open."), field="amount", code="nothing_open")
    if amount_fen > balance_fen:
        raise RuleBroken(
            N_("Only %(balance)s is open. Give the rest back as change."),
            field="amount",
            code="overpaid",
            balance=money.format_fen(balance_fen),
        )


def check_refund(amount_fen: int, received_fen: int) -> None:
    """Refuse nothing, and more than was received."""
    if amount_fen <= 0:
        raise Invalid(N_("A refund is more than nothing."), field="amount")
    if amount_fen > received_fen:
        raise RuleBroken(
            N_("Only %(received)s was received this way."),
            field="amount",
            code="over_refunded",
            received=money.format_fen(received_fen),
        )
