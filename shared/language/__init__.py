"""What Mshauri says to people, in the language that they asked for.

negotiation   which language a request asks for (Accept-Language)
speaking      the language of the request in hand, from its arrival to its answer
catalogue     the sentences in French, Swahili and Kinyarwanda: gettext files in `locales/`
sentences     errors, in the language being spoken
labels        names of the values of enums, for screens
extract       brings the catalogues up to date with the code: `python -m shared.language.extract`

A sentence's message id is its English text, placeholders and all; its context is the error's code,
or the enum's value. Codes, fields and parameters are for programs and the same in every language.
Names that a ministry gave (of programmes, competencies, places) are data, and stay as they are.
"""

from shared.language.negotiation import ENGLISH, LANGUAGES, negotiated
from shared.language.sentences import message_of, phrase_of, remedy_of
from shared.language.speaking import Speaking, speaking, spoken

__all__ = [
    "ENGLISH",
    "LANGUAGES",
    "Speaking",
    "message_of",
    "negotiated",
    "phrase_of",
    "remedy_of",
    "speaking",
    "spoken",
]
