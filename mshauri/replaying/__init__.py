"""Read models as they stood at a moment that is past, made of the ledgers, beside those in use.

cut          how far each ledger goes for that moment
ledgers      the ledgers themselves, read on connections of their own
database     a database that lasts as long as it is asked; what was left behind is dropped
filling      processes that fold, a part of all people each
building     all of that together
command      `mshauri replay`: the API of the gateway over it
comparing    `mshauri compare`: one question, asked of two moments
"""
