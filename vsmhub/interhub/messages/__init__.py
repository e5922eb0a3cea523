"""The messages of Inter-Hub's API v2: what travels, in JSON with camelCase names.

Each resource has up to three: `XCreate` and `XUpdate` are requests and refuse unknown members; `X` is an answer, and
a reader of it ignores members it does not know, since a newer target may send more.
"""
