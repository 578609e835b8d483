"""One frame for figures: the same arguments, the same dimensions, one shape of answer.

A figure is a declaration (`declared.Figure`): which rows there are to count, and what is counted of
them. The frame asks what is meant (`asked`), gives the SQL of dimensions (`dimensions`), of the
reader's scope, of units and groups (`statement`), and hides small cells (`answer`).
"""
