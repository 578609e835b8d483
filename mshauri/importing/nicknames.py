"""What lists call our columns, and the levels of a country, in the languages lists are made in."""

CALLED: dict[str, tuple[str, ...]] = {
    "code": (
        *("facility code", "mfl code", "kmhfl code", "official code", "unit code", "uid"),
        *("facility id", "code de la formation", "code fosa", "hfr code", "master facility code"),
    ),
    "name": (
        *("facility name", "official name", "name of facility", "health facility", "facility"),
        *(
            "nom de la formation",
            "nom",
            "formation sanitaire",
            "nome",
            "jina la kituo",
            "unit name",
        ),
    ),
    "type": ("facility type", "type of facility", "facility type name", "categorie", "tipo"),
    "level": ("facility level", "level of care", "keph level", "keph level name", "niveau"),
    "ownership": ("owner", "facility ownership", "owner type", "owner type name", "statut"),
    "latitude": ("lat", "gps latitude", "lat dd", "y", "latitude dms"),
    "longitude": ("lon", "long", "lng", "gps longitude", "long dd", "x", "longitude dms"),
    "beds": ("number of beds", "bed capacity", "no of beds", "lits", "nombre de lits", "vitanda"),
    "operational": ("status", "operation status", "operational status", "operation status name"),
    "number": (
        *("staff no", "staff number", "personal number", "payroll number", "p no", "pf number"),
        *("employee number", "employee no", "emp no", "reg no", "registration number", "matricule"),
        *("personnel number", "licence no", "council number", "namba", "staff id", "employee id"),
    ),
    "wholeName": (
        *("name", "full name", "names", "employee name", "staff name", "name of officer"),
        *("nom et prenom", "noms et prenoms", "nom complet", "jina kamili", "jina", "amazina"),
        *("nome completo", "officer name", "name of staff"),
    ),
    "givenNames": (
        *("first name", "given name", "forename", "first names", "other names", "prenom"),
        *("prenoms", "nome", "jina la kwanza"),
    ),
    "familyName": (
        *("last name", "surname", "family names", "nom", "nom de famille", "apelido"),
        *("jina la ukoo",),
    ),
    "phone": (
        *("phone number", "mobile", "mobile number", "telephone", "tel", "cell", "cellphone"),
        *("phone no", "mobile no", "contact", "telefone", "simu", "namba ya simu", "telefoni"),
    ),
    "email": ("e mail", "email address", "courriel", "barua pepe", "mail"),
    "sex": ("gender", "sexe", "genre", "jinsia", "igitsina", "sexo"),
    "birthYear": ("year of birth", "yob", "annee de naissance", "mwaka wa kuzaliwa"),
    "cadre": (
        *("designation", "job title", "job group title", "position", "title", "profession"),
        *("occupation", "fonction", "poste", "kada", "cargo", "job description"),
    ),
    "qualification": ("highest qualification", "education", "diplome", "qualifications"),
    "employer": ("employing body", "employeur", "mwajiri"),
    "languages": ("languages spoken", "langues", "lugha", "language"),
    "orgUnit": (
        *("facility", "facility code", "mfl code", "station", "duty station", "work station"),
        *("workplace", "health facility", "current station", "lieu d affectation", "kituo"),
        *("place of work", "posting", "unit"),
    ),
    "occurredOn": (
        *("date", "day", "visit date", "date of visit", "session date", "reporting date"),
        *("date of first appointment", "date of posting", "since", "date posted", "tarehe"),
        *("start date", "date de prise de service", "date of assessment", "data", "signed on"),
    ),
    "healthWorker": ("mentee", "mentee number", "staff no", "mentee id", "employee number"),
    "mentor": ("mentor number", "mentor id"),
    "mentee": ("mentee number", "mentee id"),
    "assessor": ("assessed by", "assessor number", "evaluator"),
    "present": ("attendees", "attendance", "participants", "people present"),
    "minutes": ("duration", "duration minutes", "length", "duree", "muda", "time spent"),
    "mode": ("mode of session", "how", "type of contact", "channel"),
    "programme": ("program", "project", "programme code"),
    "cohort": ("cohort code", "group", "intake"),
    "area": ("technical area", "area code", "thematic area", "subject"),
    "competency": ("skill", "competency code", "competence"),
    "supervisor": ("supervisor number", "in charge", "reports to"),
}
"""By our column's name."""

LEVELS: dict[str, frozenset[str]] = {
    "PROVINCE": frozenset({"province", "region", "state", "intara", "provincia", "mkoa"}),
    "COUNTY": frozenset({"county", "kaunti"}),
    "DISTRICT": frozenset(
        {"district", "council", "akarere", "distrito", "wilaya", "zone de sante"}
    ),
    "SUB_COUNTY": frozenset({"sub county", "subcounty", "constituency", "sub district"}),
    "WARD": frozenset({"ward", "kata", "commune", "aire de sante"}),
    "SECTOR": frozenset({"sector", "secteur", "umurenge"}),
    "CELL": frozenset({"cell", "cellule", "akagari"}),
    "VILLAGE": frozenset({"village", "umudugudu", "kijiji"}),
}
"""By the kind of unit, the highest first."""
