"""Short forms of given names: which word stands for which, whatever it is written like.

A country that told a list of its own (`NICKNAME`) is compared by that; others by these. They are
common English, French and Swahili forms, as they are known in Kenya, Rwanda, Uganda and Tanzania;
what is a name of its own to many (`Mary` and `Maria`) is left to how names are spelt.
"""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

Nicknames: TypeAlias = Mapping[str, str]
"""Of each short form, folded, the name that it stands for."""

_SHORT_FORMS = """
abdallah: abdullahi abdulla
abraham: abe ibrahim ibra brahim
agnes: aggie nyes
alexander: alex alexandre sandy
alfred: alf
andrew: andy andre
angela: angie angelique
anne: ann anna annie
anthony: tony antony antoine anton
augustine: augustin gus
barbara: barbie
beatrice: beaty bea
benjamin: ben benja
bernard: ben benard
caroline: carol caro karoline
catherine: cate cathy katherine kate kathy catherina
charles: charlie charly chalo
christine: christina tina
christopher: kristofa
daniel: dan danny
david: dave daudi
deborah: debbie debora
dorothy: dorothee doro
edward: eddy eddie ed
elizabeth: liz lizzy eliza beth betty elisabeth bettie
emmanuel: emma manu emmy immanuel
esther: essy ester
eunice: eunie
evelyne: eve evelyn
ezekiel: zeke ezekieli
florence: flora flo florah
francis: frank francois fransis
frederick: fred freddy frederic
gabriel: gabby gabi
george: georges joji
gerald: gerry gerard
grace: gracie
gregory: greg gregoire
harriet: harriette hattie
isaac: isaka ike
jacob: yakobo jake
jacqueline: jackie jacky jacquie
james: jim jimmy jimi
janet: jeanette
jennifer: jenny jen jeniffer
jeremiah: jerry jeremy
jessica: jess jessie
john: johnny jon johnnie yohana jean
jonathan: jon jonah
joseph: joe jose josef yusuf yosefu
josephine: josie
joshua: josh yoshua
judith: judy
kenneth: ken kenny
lawrence: larry laurence laurent
leonard: leo len leon
lilian: lily lillian
lucy: lucie lucia
margaret: maggie margret magret peggy maggy marguerite
martha: marthe
matthew: matt mathew mathieu matayo
michael: mike micheal mick michel mikaeli
monica: monicah monique
mohamed: muhammad mohammed mohamad mohd moha
nathaniel: nathan nat
nicholas: nick nicolas niko
pamela: pam
patricia: pat patty patrice
patrick: pat paddy
paul: paulo pol
peter: pete petero pierre
philip: phil philippe filipo
priscilla: prisca cilla
rachel: raheli rachael
raymond: ray
rebecca: becky rebeka
richard: rich dick rick ricky
robert: bob rob robbie bobby
ronald: ron ronnie
rosemary: rosie rosemarie
samuel: sam sammy samweli
sarah: sara sally
simon: simeon saimon
solomon: sol solo
stephen: steve steven stephano etienne
susan: sue suzanne susanna suzie
sylvester: sly
terence: terry
theresa: teresa tess terry therese
thomas: tom tommy tomasi
timothy: tim
veronica: vero veronique
victoria: vicky vic viki
vincent: vince vin
virginia: ginny gina
walter: walt wally
william: bill will willy billy wilhem
winifred: winnie
zachariah: zack zakaria zacharie
zipporah: zippy sipora
"""


def nicknames(entries: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """Return which name each short form stands for, by a list of names and their short forms.

    A form that could be of two names stands for the first of them: what it leads to is compared
    only with what leads there too.
    """
    known: dict[str, str] = {}
    for name, forms in entries:
        for form in forms:
            known.setdefault(form, name)
    # Nobody is led on from one name to the next.
    return {form: name for form, name in known.items() if form != name and name not in known}


def _shipped() -> Iterable[tuple[str, list[str]]]:
    for line in _SHORT_FORMS.strip().splitlines():
        name, _, forms = line.partition(":")
        yield name, forms.split()


SHIPPED: Nicknames = nicknames(_shipped())
"""Those of a country that has told none."""
