"""Invented people on probation: names, ages, languages and needs; any likeness to a living person is chance."""

from datetime import date, timedelta
from random import Random

import msgspec

from domain.case import Sex
from web.synthetic.parameters import POPULATION

NUMBERS = POPULATION.people


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_MEN = _names("""
Aaron Adam Ahmed Alun Andrzej Anthony Bartek Benjamin Bryn Callum Cai Carl Chidi Connor Craig Dafydd Daniel Darren Dean Deiniol
Dylan Efan Elis Emyr Étienne Farid Gareth Geraint Gethin Gruffydd Hassan Huw Iestyn Ieuan Imran Jamal Jason Jermaine João José
Jordan Kieran Kyle Lee Liam Llŷr Łukasz Macsen Marcus Mark Martin Mihai Mohammed Nathan Osian Owain Paul Peter Rhodri Rhys Ricky
Robert Ryan Seán Shaun Siôn Stephen Tariq Thomas Tomos Tudor Tyrone Wayne Wyn Yusuf Zac
""")
_WOMEN = _names("""
Aisha Amy Angharad Anna Beca Bethan Carys Catrin Charlotte Chloë Danielle Eleri Elin Emma Ewa Fatima Ffion Gemma Gwenllian Hannah
Heledd Jade Jodie Karen Kelly Lisa Llinos Lowri Mair Megan Mererid Nadia Natasha Nerys Nia Olena Paula Rachel Renée Rhiannon Sarah
Siân Siobhán Sophie Stacey Tegwen Tracey Zoë
""")
_SURNAMES = _names("""
Abbott Adeyemi Ahern Ashworth Baptiste Barlow Beynon Bowen Bright Burridge Caddick Carew Cendrowski Chaudhry Clitheroe Cob Dacosta
Davies Dębski Devereux Dudfield Edmunds Eynon Fairclough Farooqi Fenwick Ferreira Flannery Garside Gethin Gittins Goldsworthy
Griffiths Gwilliam Haddock Hallam Havard Hinchliffe Howells Hussain Idris Ionescu Jankowski Jarman Jenkins Kavanagh Kinsella
Kowalczyk Kühn Lacey Lewis Llewelyn Lockyer Maddocks Marchetti Mensah Meredith Morgan Muñoz Nash Nguyễn Nuttall O’Hanlon Ó’Riain
Okafor Onslow Parfitt Penry Popescu Powell Prothero Quilter Rafferty Rees Renshaw Rowlands Sandiford Şahin Semple Sikora Skyrme
Stradling Tanner Thorogood Treharne Tudor Underhill Vaughan Wadsworth Walwyn Whiteacre Wójcik Yorath Younis
""")
_DOUBLE = ("Bowen-Rees", "Lloyd-Pugh", "Okafor-Nash", "Penry-Vaughan", "ap Rhydderch", "van der Meer", "Price-Muñoz")
_NEEDS = (
    "Interpreter needed for appointments",
    "Reads with difficulty: talk through every letter",
    "Uses a wheelchair",
    "Large print",
    "Hard of hearing: face when speaking",
    "Childcare: mornings only",
    "Works shifts: confirm times by text",
)
_OTHER_LANGUAGES = ("Polish", "Romanian", "Arabic", "Urdu", "Portuguese")


class Person(msgspec.Struct, frozen=True):
    name: str
    born: str
    sex: Sex
    language: str
    needs: str


def full_name(rng: Random, sex: Sex) -> str:
    """A name as it would be written on a record, now and then with a double surname."""
    first = rng.choice(_WOMEN if sex is Sex.FEMALE else _MEN)
    return f"{first} {rng.choice(_DOUBLE) if rng.random() < 0.05 else rng.choice(_SURNAMES)}"


def person(rng: Random, today: date, *, in_wales: bool = True) -> Person:
    """Somebody of an age, sex and language that such a caseload would hold; Welsh is spoken in Wales."""
    sex = Sex.FEMALE if rng.random() < NUMBERS.women else Sex.MALE
    low, high, _ = rng.choices(NUMBERS.ages, [weight for *_, weight in NUMBERS.ages])[0]
    born = today - timedelta(days=rng.randint(low * 365 + 5, high * 365 + 360))
    chance, language = rng.random(), "English"
    if chance < NUMBERS.welsh_speakers and in_wales:
        language = "Welsh"
    elif chance > 1 - NUMBERS.other_languages:
        language = rng.choice(_OTHER_LANGUAGES)
    needs = _NEEDS[0] if language in _OTHER_LANGUAGES else rng.choice(_NEEDS[1:]) if rng.random() < NUMBERS.with_needs else ""
    return Person(full_name(rng, sex), born.isoformat(), sex, language, needs)
