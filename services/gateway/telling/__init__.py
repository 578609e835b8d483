"""Events in words: what each tells of, in the language of whoever reads.

words         a sentence for an event: how it is declared, and how it is chosen
filling       what stands in a sentence: days, numbers, names, as the language writes them
names         what ids are called, as far as the reader may read it
links         what an event follows from, and what follows from it
progress      what it changed of somebody's progress
registry, sessions, validation
              the sentences, one module a record: no event of the contracts is without

Nothing personal stands in a sentence but names, which are read under the reader's own scope.
"""
