"""The made-up customers and cars of the demo. Names, numbers and plates belong to nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from workshop.customers import rules
from workshop.customers import service as customers
from workshop.customers.contacts import service as contacts
from workshop.customers.contacts.service import About
from workshop.customers.models import (
    ContactRole,
    CustomerKind,
    EnergyType,
    Vehicle,
    VehicleClass,
)
from workshop.db import session
from workshop.staff.models import User

_CLASSES = dict.fromkeys(("福克斯", "福睿斯"), VehicleClass.COMPACT) | dict.fromkeys(
    ("锐界", "翼虎", "探险者", "撼路者", "领界", "领裕", "全顺"), VehicleClass.SUV
)
R = ContactRole
F, H, E = EnergyType.FUEL, EnergyType.HYBRID, EnergyType.ELECTRIC


@dataclass(frozen=True)
class CarSeed:
    """A car with its customer and its mileage now."""

    name: str
    phone: str
    plate: str
    model: str
    colour: str
    km: int
    energy: EnergyType = F
    make: str = "福特"


CARS: tuple[CarSeed, ...] = (
    CarSeed("王小明", "13801230001", "沪A12W35", "蒙迪欧", "白色", 48_210),
    CarSeed("李娜", "13801230002", "沪B88K21", "锐界", "黑色", 61_870),
    CarSeed("张建国", "13801230003", "沪C30M66", "福克斯", "蓝色", 92_300),
    CarSeed("刘洋", "13801230004", "沪AD12306", "电马", "灰色", 21_450, E),
    CarSeed("陈静", "13801230005", "沪D77R09", "翼虎", "红色", 55_020),
    CarSeed("杨光", "13801230006", "沪E45T18", "金牛座", "黑色", 73_640),
    CarSeed("赵敏", "13801230007", "沪F20P93", "福睿斯", "银色", 88_110),
    CarSeed("黄磊", "13801230008", "沪G66N50", "探险者", "白色", 34_900),
    CarSeed("周婷", "13801230009", "沪AF55667", "蒙迪欧新能源", "蓝色", 40_380, H),
    CarSeed("吴昊", "13801230010", "沪H19Q72", "领界", "橙色", 29_760),
    CarSeed("徐丽", "13801230011", "沪J83L04", "福克斯", "白色", 66_540),
    CarSeed("孙鹏", "13801230012", "沪K57B31", "锐界", "棕色", 102_600),
    CarSeed("马超", "13801230013", "沪L28C87", "撼路者", "绿色", 18_930),
    CarSeed("朱琳", "13801230014", "沪M91D45", "翼虎", "白色", 77_250),
    CarSeed("胡军", "13801230015", "沪N04F62", "蒙迪欧", "黑色", 58_480),
    CarSeed("郭芳", "13801230016", "沪AD90817", "电马", "红色", 12_640, E),
    CarSeed("林涛", "13801230017", "沪P36G20", "福睿斯", "灰色", 95_370),
    CarSeed("何雪", "13801230018", "沪Q72H11", "领裕", "白色", 26_080),
    CarSeed("高峰", "13801230019", "沪R15J94", "探险者", "黑色", 44_720),
    CarSeed("梁艳", "13801230020", "沪S68K03", "锐界", "金色", 83_900),
    CarSeed("郑海", "13801230021", "沪T41M58", "福克斯", "红色", 69_150),
    CarSeed("罗兰", "13801230022", "沪U09N76", "蒙迪欧", "蓝色", 51_330),
    CarSeed("宋杰", "13801230023", "沪V53P22", "翼虎", "灰色", 60_410),
    CarSeed("谢婉", "13801230024", "沪AG33821", "蒙迪欧新能源", "白色", 33_270, H),
    CarSeed("唐伟", "13801230025", "沪W27Q85", "领界", "黑色", 37_690),
    CarSeed("韩梅", "13801230026", "沪X80R14", "福睿斯", "白色", 71_220),
    CarSeed("冯刚", "13801230027", "沪Y34T67", "金牛座", "银色", 87_540),
    CarSeed("董洁", "13801230028", "沪A65U39", "锐界", "白色", 42_960),
    CarSeed("萧然", "13801230029", "沪B11V48", "福克斯", "黄色", 56_830),
    CarSeed("程明", "13801230030", "沪C92W06", "蒙迪欧", "黑色", 64_100),
    CarSeed("曹颖", "13801230031", "沪D48X73", "翼虎", "蓝色", 49_570),
    CarSeed("袁泉", "13801230032", "沪E07Y51", "探险者", "灰色", 23_810),
    CarSeed("邓超群", "13801230033", "沪F39Z28", "领裕", "红色", 31_440),
    CarSeed("许晴川", "13801230034", "沪G84A90", "福睿斯", "白色", 79_980),
    CarSeed("傅雷", "13801230035", "沪H56B17", "蒙迪欧", "灰色", 53_620),
    CarSeed("沈从云", "13801230036", "沪AD41975", "电马", "白色", 9_870, E),
    CarSeed("曾志", "13801230037", "沪J22C64", "锐界", "黑色", 98_450),
    CarSeed("彭丽君", "13801230038", "沪K75D83", "福克斯", "白色", 46_090),
    CarSeed("吕良", "13801230039", "沪L03E19", "领界", "蓝色", 28_370),
    CarSeed("苏晓晓", "13801230040", "沪M58F42", "翼虎", "红色", 67_760),
    CarSeed("卢俊", "13801230041", "沪N97G05", "蒙迪欧", "白色", 74_880),
    CarSeed("蒋欣", "13801230042", "沪P31H86", "福克斯", "银色", 35_210),
    CarSeed("蔡明远", "13801230043", "沪Q64J27", "探险者", "黑色", 59_340),
    CarSeed("贾玲珑", "13801230044", "沪R18K70", "福睿斯", "蓝色", 82_050),
    CarSeed("上海快捷物流有限公司", "02161234567", "沪A73L91", "全顺", "白色", 121_300),
    CarSeed("魏晨", "13801230046", "沪S46M33", "领裕", "白色", 15_690),
    CarSeed("姜文涛", "13801230047", "沪T85N62", "锐界", "灰色", 70_270),
    CarSeed("范思琪", "13801230048", "沪U29P04", "翼虎", "黑色", 38_930),
)


_PEOPLE = (
    About("王丽华", "13816280001", [R.ORDERS], "车队调度，工作日 8–18 点"),
    About("周建平", "13816280002", [R.AUTHORISES, R.PAYS]),
    About("李师傅", "13816280003", [R.DRIVES]),
)


def make_all(by: User, at: datetime) -> list[Vehicle]:
    """Make every customer and car; the mileage comes with the visits."""
    return [make(seed, made_up_vin(number), by, at) for number, seed in enumerate(CARS, start=1)]


def made_up_vin(number: int) -> str:
    """A VIN with a right check digit, of a series that starts at zero."""
    tries = (f"LVSHCAMB{digit}KE0{number:05d}" for digit in "0123456789X")
    return next(vin for vin in tries if rules.vin_fault(vin) is None)


def make(seed: CarSeed, vin: str, by: User, at: datetime) -> Vehicle:
    """Make one customer with the car."""
    is_company = seed.name.endswith("公司")
    customer = customers.make_customer(
        seed.name,
        seed.phone,
        by=by,
        at=at,
        kind=CustomerKind.COMPANY if is_company else CustomerKind.PERSON,
    )
    session.flush()
    for about in _PEOPLE if is_company else ():
        contacts.add_contact(customer, about, by=by, at=at)
    car = customers.make_vehicle(
        customer,
        seed.plate,
        by=by,
        at=at,
        vin=vin,
        make=seed.make,
        model=seed.model,
        colour=seed.colour,
        energy=seed.energy,
        vehicle_class=_CLASSES.get(seed.model, VehicleClass.MID),
        first_registered_on=date(2021, 3, 1),
    )
    session.flush()
    drivers = [each for each in customer.people if each.drives]
    contacts.set_driver(car, drivers[0] if drivers else None, by=by, at=at)
    return car
