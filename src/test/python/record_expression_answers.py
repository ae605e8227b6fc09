#!/usr/bin/env python3
"""Records what CPython answers to random expressions, for RecordedAnswersTest.

    python3 src/test/python/record_expression_answers.py [SEED] [COUNT]

writes src/test/resources/expression/cpython-answers.jsonl.gz: the same bytes for the same seed,
count and minor version of Python (recorded with 3.11). The build only reads the file.

Line 1 holds the documents. Every other line is one case: "d" the index of its document, "e" the
expression, and either "v", the repr of its value, or "x", the class of its exception.

The names are those of Frappe's safe_eval (doc, int, float, long, round; no name that begins with
an underscore) and the further functions that the language offers. A document is like frappe._dict:
a field that is missing is None, and a field wins over a method of its name.

Not generated, because the language differs there on purpose: the order of sets, complex numbers,
views of dicts and objects of generators as values, identity of numbers and texts, values beyond
the limits, format specifications in f-strings, unknown names (here they do not compile).
"""

import ast
import gzip
import io
import json
import os
import random
import sys
import warnings

TARGET = os.path.join(
    os.path.dirname(__file__), "..", "resources", "expression", "cpython-answers.jsonl.gz"
)


class Doc(dict):
    def __getattribute__(self, name):
        if not name.startswith("_") and dict.__contains__(self, name):
            return dict.__getitem__(self, name)
        return super().__getattribute__(name)

    def __getattr__(self, name):
        return dict.get(self, name)


DOCUMENTS = [
    {
        "doctype": "Sales Invoice",
        "name": "ACC-SINV-2026-00001",
        "docstatus": 1,
        "status": "Overdue",
        "customer": "Grant Plastics Ltd.",
        "remarks": None,
        "grand_total": 1250.5,
        "discount": 0.1,
        "rate": 2.675,
        "qty": 7,
        "is_return": 0,
        "po_no": "",
        "count": 12345678901234567890,
        "text_number": " 42 ",
        "text_float": "3.50",
        "tags": "red, green,blue",
        "flag": True,
        "items": [
            {"idx": 1, "item_code": "SKU001", "qty": 3, "rate": 10.25, "warehouse": "Stores - G"},
            {"idx": 2, "item_code": "SKU002", "qty": 0, "rate": 99.99, "warehouse": None},
            {"idx": 3, "item_code": "Über-3", "qty": 12, "rate": 0.1, "warehouse": "Stores - G"},
        ],
        "taxes": [],
    },
    {
        "doctype": "Customer",
        "name": "Zürich Ämter 😀 AG",
        "docstatus": 0,
        "status": "Open",
        "customer": "O'Neil \"Bros\"",
        "remarks": "line\none\ttab",
        "grand_total": 0.0,
        "discount": -7.5,
        "rate": 1e16,
        "qty": -3,
        "is_return": 1,
        "po_no": "00012",
        "count": 0,
        "text_number": "-7",
        "text_float": "1e3",
        "tags": "",
        "flag": False,
        "items": [{"idx": 1, "item_code": "", "qty": -1, "rate": -0.5, "warehouse": "W"}],
        "taxes": [{"idx": 1, "rate": 19, "account": "VAT"}, {"idx": 2, "rate": 7.0}],
    },
]
FIELDS = {
    "int": ["docstatus", "qty", "is_return"],
    "float": ["grand_total", "discount", "rate"],
    "str": ["name", "status", "customer", "po_no", "text_number", "text_float", "tags"],
    "bool": ["flag"],
    "none": ["remarks", "missing"],
    "rows": ["items", "taxes"],
}
ROW_FIELDS = {
    "int": ["idx", "qty"],
    "float": ["rate"],
    "str": ["item_code"],
    "none": ["warehouse", "missing"],
}
TEXTS = ["", "a", "SKU", "Open", "Overdue", "-", " ", ",", "ab ab", "ß", "é😀", "10", "it's", 'q"',
         "a\\nb", "Stores - G", "  pad  ", "00012", "x_y", "%"]
INTS = ["0", "1", "2", "3", "-1", "5", "7", "10", "100", "-13", "0x1F", "0b101", "0o17", "1_000"]
FLOATS = ["0.0", "0.5", "1.5", "2.5", "-2.5", "0.1", "1e3", "1e-7", "2.675", "1e22", "3.", ".25",
          "123456.789", "-0.0", "1e16", "0.30000000000000004"]
KINDS = ["int", "float", "str", "bool", "list", "none", "tuple", "dict", "set", "number"]


class Generator:
    def __init__(self, rng):
        self.rng = rng
        self.rows = []  # variables that hold a row
        self.values = []  # variables that hold an element
        self.fresh = 0

    def pick(self, *choices):
        return self.rng.choice(choices)

    def chance(self, part):
        return self.rng.random() < part

    def any(self, depth):
        return self.of(self.rng.choice(KINDS), depth)

    def of(self, kind, depth):
        if self.chance(0.04):
            kind = self.rng.choice(KINDS)
        if kind == "number":
            kind = self.pick("int", "float", "int", "bool")
        return getattr(self, kind + "_")(depth)

    def atom(self, kind):
        if self.rows and self.chance(0.5) and kind in ROW_FIELDS:
            row, field = self.rng.choice(self.rows), self.rng.choice(ROW_FIELDS[kind])
            return self.pick(f"{row}.{field}", f"{row}.{field}", f"{row}.get('{field}')")
        if kind in FIELDS and self.chance(0.6):
            field = self.rng.choice(FIELDS[kind])
            if field == "missing":
                return self.pick("doc.missing", "doc.get('missing')")
            return self.pick(f"doc.{field}", f"doc.{field}", f"doc.get('{field}')", f"doc['{field}']")
        return {
            "int": lambda: self.rng.choice(INTS),
            "float": lambda: self.rng.choice(FLOATS),
            "str": self.quoted,
            "bool": lambda: self.pick("True", "False"),
            "none": lambda: "None",
        }[kind]()

    def quoted(self):
        text = self.rng.choice(TEXTS)
        quote = "'" if '"' in text else '"' if "'" in text else self.pick("'", '"', '"""')
        prefix = self.pick("", "", "", "", "r", "u")
        return prefix + quote + text + quote

    def int_(self, depth):
        if depth <= 0 or self.chance(0.25):
            return self.atom("int")
        d = depth - 1
        return self.rng.choice([
            lambda: f"{self.left('int', d)} {self.pick('+', '-', '*', '//', '%', '&', '|', '^')} {self.left('int', d)}",
            lambda: f"({self.of('int', d)} {self.pick('+', '-', '//', '%')} {self.of('int', d)})",
            lambda: f"{self.pick('-', '+', '~', '- -')}{self.left('int', d)}",
            lambda: f"{self.atom('int')} ** {self.pick('0', '1', '2', '3', '5')}",
            lambda: f"{self.left('int', d)} {self.pick('<<', '>>')} {self.pick('0', '1', '3', '20', '-1')}",
            lambda: f"int({self.of(self.pick('number', 'number', 'str', 'none'), d)})",
            lambda: f"int({self.pick('doc.text_number', repr('0x1f'), repr('ff'), repr('_1'), repr('1_0'))}{self.pick('', '', ', 16', ', 0', ', 36')})",
            lambda: f"long({self.of('number', d)})",
            lambda: f"round({self.of('number', d)}{self.pick('', '', ', None', ', -1')})",
            lambda: f"len({self.of(self.pick('str', 'list', 'rows', 'tuple', 'dict', 'set', 'none'), d)})",
            lambda: f"abs({self.of('int', d)})",
            lambda: f"sum({self.each('int', d)})",
            lambda: f"{self.pick('min', 'max')}({self.of('int', d)}, {self.of('number', d)})",
            lambda: f"{self.pick('min', 'max')}([{self.each('int', d)}]{self.pick('', ', default=0')})",
            lambda: f"{self.left('str', d)}.{self.pick('count', 'find', 'rfind', 'index')}({self.of('str', d)}{self.pick('', '', ', 1', ', -2', ', 1, 3', ', 9')})",
            lambda: f"{self.left('list', d)}.{self.pick('count', 'index')}({self.any(d)})",
            lambda: f"{self.left(self.pick('list', 'tuple', 'list'), d)}[{self.pick('0', '-1', '1', '2', '5', 'True')}]",
            lambda: f"({self.of('int', d)} if {self.of('bool', d)} else {self.of('int', d)})",
            lambda: f"{self.left('bool', d)} {self.pick('+', '-', '*', '&', '|', '^')} {self.left('bool', d)}",
        ])()

    def float_(self, depth):
        if depth <= 0 or self.chance(0.25):
            return self.atom("float")
        d = depth - 1
        return self.rng.choice([
            lambda: f"{self.left('number', d)} {self.pick('+', '-', '*', '/', '//', '%')} {self.left('number', d)}",
            lambda: f"({self.of('float', d)} {self.pick('+', '-', '*', '/', '%')} {self.of('number', d)})",
            lambda: f"{self.pick('-', '+')}{self.left('float', d)}",
            lambda: f"{self.pick('0.5', '1.5', '2.5', '4.0', '0.0')} ** {self.pick('0', '1', '2', '3', '-1', '-2')}",
            lambda: f"{self.pick('2', '4', '-2', '0')} ** {self.pick('-1', '-2', '-3')}",
            lambda: f"float({self.of(self.pick('number', 'str', 'none'), d)})",
            lambda: f"float({self.pick('doc.text_float', repr('1_0.5'), repr('.5'), repr('1e'), repr('+2.50 '), repr('0x1'), repr('1__0'), repr('1.5d'))})",
            lambda: f"round({self.of('float', d)}, {self.pick('0', '1', '2', '-1', '-2', '5')})",
            lambda: f"abs({self.of('float', d)})",
            lambda: f"sum({self.each('float', d)}{self.pick('', '', '')})",
            lambda: f"sum([{self.each('number', d)}], {self.atom('float')})",
            lambda: f"{self.pick('min', 'max')}({self.of('float', d)}, {self.of('number', d)}, {self.of('float', d)})",
            lambda: f"({self.of('float', d)} if {self.any(d)} else {self.of('float', d)})",
        ])()

    def str_(self, depth):
        if depth <= 0 or self.chance(0.25):
            return self.atom("str")
        d = depth - 1
        return self.rng.choice([
            lambda: f"{self.left('str', d)} + {self.left('str', d)}",
            lambda: f"{self.left('str', d)} * {self.pick('0', '1', '2', '3', '-1', 'True')}",
            lambda: f"{self.pick('2', '0', 'False')} * {self.left('str', d)}",
            lambda: f"{self.left('str', d)}.{self.pick('lower', 'upper', 'strip', 'lstrip', 'rstrip')}()",
            lambda: f"{self.left('str', d)}.{self.pick('strip', 'lstrip', 'rstrip')}({self.of('str', d)})",
            lambda: f"{self.left('str', d)}.replace({self.of('str', d)}, {self.of('str', d)}{self.pick('', '', ', 1', ', 0', ', -1')})",
            lambda: f"{self.left('str', d)}.join({self.pick(self.each('str', d), self.of('list', d), self.of('str', d))})",
            lambda: f"{self.left('str', d)}.zfill({self.pick('0', '3', '8')})",
            lambda: f"{self.left('str', d)}.{self.pick('removeprefix', 'removesuffix')}({self.of('str', d)})",
            lambda: f"{self.left('str', d)}[{self.slice()}]",
            lambda: f"{self.left('str', d)}[{self.pick('0', '-1', '2', '9')}]",
            lambda: f"str({self.of(self.pick('number', 'float', 'str', 'list', 'tuple', 'dict', 'none', 'bool'), d)})",
            lambda: self.percent(d),
            lambda: self.percent(d),
            lambda: self.fstring(d),
            lambda: f"({self.of('str', d)} if {self.of('bool', d)} else {self.of('str', d)})",
            lambda: f"{self.left('str', d)}.{self.pick('split', 'rsplit')}({self.pick('', repr(' '), repr(','))})[{self.pick('0', '-1', '1')}]",
            lambda: self.quoted() + " " + self.quoted(),
            lambda: f"({self.of(self.pick('none', 'str'), d)} or {self.of('str', d)})",
        ])()

    def percent(self, depth):
        flags = self.pick("", "", "-", "0", "+", " ", "-0", "#", "+0")
        width = self.pick("", "", "3", "8")
        kind = self.pick("s", "s", "d", "f", "r", "x", "o", "X", "e", "g", "G", "i", "c", "E", "F", "u", "y")
        precision = self.pick("", "", ".0", ".1", ".2", ".5", ".") if kind not in "c" else ""
        spec = f"%{flags}{width}{precision}{kind}"
        wanted = {"s": self.rng.choice(["str", "int", "float", "none", "tuple"]), "r": "str", "c": "int"}.get(kind, "number")
        value = self.of(wanted, depth)
        return self.pick(
            lambda: f"'[{spec}]' % ({value},)",
            lambda: f"'[{spec}]' % {self.wrapped(value)}",
            lambda: f"'{spec}|%s' % ({value}, {self.of('str', depth)})",
            lambda: f"'{spec}%%' % ({value},)",
            lambda: f"'%({self.rng.choice(FIELDS['str'] + ['qty', 'none'])}){flags}{width}s' % doc",
            lambda: f"'%(a){kind}' % {{'a': {value}}}",
            lambda: f"'%*d' % ({self.pick('0', '5', '-5')}, {self.of('int', depth)})",
            lambda: f"'{self.pick('none', '%s %s', '%', '%s%%')}' % {self.wrapped(self.any(depth))}",
        )()

    def fstring(self, depth):
        inner = self.rng.choice([
            "doc.name", "doc.qty", "doc.rate", "doc.qty + 1", "doc.missing", "len(doc.items)",
            "doc.qty if doc.flag else None", "doc.taxes", "(doc.qty, 1)", "doc.rate * 2", "1, 2",
            "{1: 2}[1] if doc.qty else 0", "doc.flag == True", "doc.qty != 1", "[r.qty for r in doc.items]",
            "doc.customer[0:2]", "doc.qty/0",
        ])
        if inner.startswith("{"):
            inner = " " + inner
        conversion = self.pick("", "", "!r", "!s")
        return self.pick("f", "F", "rf") + "'" + self.pick("", "a ", "{{x}} ") + "{" + inner + conversion + "}" + self.pick("", " end", "{doc.idx}") + "'" + self.pick("", " 'tail'")

    def slice(self):
        part = lambda: self.pick("", "", "0", "1", "2", "-1", "-2", "10", "-10", "None")
        return self.pick(f"{part()}:{part()}", f"{part()}:{part()}", f"{part()}:{part()}:{self.pick('', '1', '2', '-1', '-2', '0')}")

    def bool_(self, depth):
        if depth <= 0 or self.chance(0.1):
            return self.atom("bool")
        d = depth - 1
        ordering = ["<", ">", "<=", ">=", "==", "!="]
        return self.rng.choice([
            lambda: f"{self.left('number', d)} {self.rng.choice(ordering)} {self.left('number', d)}",
            lambda: f"{self.left('str', d)} {self.rng.choice(ordering)} {self.left('str', d)}",
            lambda: f"{self.left('number', d)} {self.rng.choice(ordering)} {self.left('number', d)} {self.rng.choice(ordering)} {self.left('number', d)}",
            lambda: f"{self.left('list', d)} {self.rng.choice(ordering)} {self.left('list', d)}",
            lambda: f"{self.left('tuple', d)} {self.rng.choice(ordering)} {self.left('tuple', d)}",
            lambda: f"{self.left('set', d)} {self.rng.choice(ordering)} {self.left('set', d)}",
            lambda: f"{self.left('dict', d)} {self.pick('==', '!=')} {self.left('dict', d)}",
            lambda: f"{self.wrapped(self.any(d))} {self.pick('==', '!=')} {self.wrapped(self.any(d))}",
            lambda: f"{self.wrapped(self.any(d))} {self.pick('is', 'is not')} {self.pick('None', 'None', 'True', 'False')}",
            lambda: f"{self.wrapped(self.any(d))} {self.pick('in', 'not in')} {self.left(self.pick('list', 'tuple', 'set', 'dict', 'none'), d)}",
            lambda: f"{self.left('str', d)} {self.pick('in', 'not in')} {self.left(self.pick('str', 'str', 'list', 'tuple'), d)}",
            lambda: f"{self.pick(repr('qty'), repr('nope'))} {self.pick('in', 'not in')} doc",
            lambda: f"not {self.wrapped(self.any(d))}",
            lambda: f"{self.of('bool', d)} {self.pick('and', 'or')} {self.of('bool', d)}",
            lambda: f"({self.any(d)} {self.pick('and', 'or')} {self.any(d)})",
            lambda: f"bool({self.any(d)})",
            lambda: f"{self.pick('any', 'all')}({self.each(self.pick('bool', 'int', 'str'), d)})",
            lambda: f"{self.pick('any', 'all')}({self.of(self.pick('list', 'tuple', 'set', 'str'), d)})",
            lambda: f"{self.left('str', d)}.{self.pick('startswith', 'endswith')}({self.of('str', d)}{self.pick('', '', ', 1', ', -3', ', 0, 4', ', 99')})",
            lambda: f"{self.left('str', d)}.{self.pick('startswith', 'endswith')}({self.of('tuple', d)})",
            lambda: f"{self.left('str', d)}.{self.pick('isdigit', 'isalpha', 'isspace', 'isalnum')}()",
        ])()

    def list_(self, depth):
        if depth <= 0:
            return self.pick("[]", "doc.items", "doc.taxes", "[1, 2, 3]", "['a', 'b']")
        d = depth - 1
        return self.rng.choice([
            lambda: "[" + ", ".join(self.any(d) for _ in range(self.rng.randrange(4))) + "]",
            lambda: "[" + ", ".join(self.of(k, d) for k in [self.pick("int", "str", "float")] for _ in range(self.rng.randrange(1, 4))) + self.pick("", ",") + "]",
            lambda: f"{self.left('list', d)} + {self.left('list', d)}",
            lambda: f"{self.left('list', d)} * {self.pick('0', '2', '-1')}",
            lambda: f"{self.left('list', d)}[{self.slice()}]",
            lambda: f"[{self.each(self.rng.choice(KINDS), d)}]",
            lambda: f"[{self.each(self.pick('int', 'str', 'float'), d)}]",
            lambda: f"{self.left('str', d)}.{self.pick('split', 'rsplit')}({self.pick('', repr(' '), repr(','), repr(''), 'None', repr(',') + ', 1', 'None, 1', repr('ab') + ', 0')})",
            lambda: f"({self.of('list', d)} if {self.of('bool', d)} else {self.of('list', d)})",
        ])()

    def rows_(self, depth):
        return self.pick("doc.items", "doc.taxes", "doc.items[1:]", "(doc.missing or [])", "doc['items']")

    def tuple_(self, depth):
        if depth <= 0:
            return self.pick("()", "(1,)", "('a', 'Open')", "(1, 2.0)")
        d = depth - 1
        return self.rng.choice([
            lambda: "(" + "".join(self.any(d) + ", " for _ in range(self.rng.randrange(1, 4))) + ")",
            lambda: "(" + "".join(self.of("str", d) + ", " for _ in range(self.rng.randrange(1, 4))) + ")",
            lambda: f"{self.left('tuple', d)} + {self.left('tuple', d)}",
            lambda: f"{self.left('tuple', d)}[{self.slice()}]",
            lambda: f"{self.left('tuple', d)} * {self.pick('0', '2')}",
        ])()

    def set_(self, depth):
        d = depth - 1
        if depth <= 0:
            return self.pick("{1}", "{'Open', 'Closed'}", "{1, 2.0, True}")
        return self.rng.choice([
            lambda: "{" + ", ".join(self.any(d) for _ in range(self.rng.randrange(1, 4))) + "}",
            lambda: "{" + ", ".join(self.of("number", d) for _ in range(self.rng.randrange(1, 4))) + "}",
            lambda: "{" + self.each(self.pick("int", "str"), d) + "}",
            lambda: f"{self.left('set', d)} {self.pick('|', '&', '-', '^')} {self.left('set', d)}",
        ])()

    def dict_(self, depth):
        d = depth - 1
        if depth <= 0:
            return self.pick("{}", "{'a': 1}", "{1: 'x', 'b': None}")
        return self.rng.choice([
            lambda: "{" + ", ".join(f"{self.of(self.pick('str', 'number', 'none', 'tuple'), d)}: {self.any(d)}" for _ in range(self.rng.randrange(1, 4))) + "}",
            lambda: "{" + f"{self.comprehension(lambda: self.of(self.pick('str', 'int'), d) + ': ' + self.any(d), d)}" + "}",
            lambda: f"{self.left('dict', d)} | {self.left('dict', d)}",
            lambda: "{k: v for k, v in " + self.left("dict", d) + ".items()}",
        ])()

    def none_(self, depth):
        if depth <= 0 or self.chance(0.7):
            return self.atom("none")
        d = depth - 1
        return self.pick(
            lambda: f"{self.left('dict', d)}.get({self.of('str', d)})",
            lambda: f"({self.of('none', d)} and {self.any(d)})",
            lambda: f"{self.left('dict', d)}.get({self.of('str', d)}, {self.any(d)})",
            lambda: f"{self.left('dict', d)}[{self.of(self.pick('str', 'int'), d)}]",
        )()

    def each(self, kind, depth):
        return self.comprehension(lambda: self.of(kind, depth), depth)

    def comprehension(self, element, depth):
        variable = f"{self.pick('r', 'row', 'x')}{self.fresh}"
        self.fresh += 1
        if self.chance(0.15):
            source = self.of(self.pick("list", "tuple", "str", "none"), min(depth - 1, 1))
        else:
            source = self.rows_(0)
        self.rows.append(variable)
        condition = f" if {self.of(self.pick('bool', 'int'), min(depth - 1, 1))}" if self.chance(0.4) else ""
        inner = ""
        if self.chance(0.1):
            second = f"y{self.fresh}"
            self.fresh += 1
            inner = f" for {second} in [1, {variable}.qty]"
        text = f"{element()} for {variable} in {self.wrapped(source)}{condition}{inner}"
        self.rows.pop()
        return text

    def left(self, kind, depth):
        return self.wrapped(self.of(kind, depth))

    def wrapped(self, text):
        simple = text.replace(".", "").replace("_", "").isalnum() and not text[0].isdigit() and not text[0] == "."
        return text if simple else f"({text})"


def restricted(tree):
    """What RestrictedPython refuses, as far as it is generated."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (node.attr.startswith("_") or node.attr == "format"):
            raise SyntaxError(node.attr)
        if isinstance(node, ast.Name) and node.id.startswith("_"):
            raise SyntaxError(node.id)


def clean(value):
    """Whether the repr says all, and the same on every run."""
    if isinstance(value, (set, frozenset)):
        return len(value) <= 1 and all(isinstance(v, str) for v in value)
    if isinstance(value, dict):
        return all(clean(k) and clean(v) for k, v in dict.items(value))
    if isinstance(value, (list, tuple)):
        return all(map(clean, value))
    if isinstance(value, float):
        return value == value
    return isinstance(value, (int, str, type(None)))


class Unclean(BaseException):
    """The text of a value is no answer, for example the order of a set."""


def clean_str(*values):
    if values and not clean(values[0]):
        raise Unclean
    return str(*values)


def answer(text, doc):
    names = dict(doc=doc, int=int, float=float, long=int, round=round, len=len, str=clean_str, bool=bool,
                 any=any, all=all, sum=sum, min=min, max=max, abs=abs, __builtins__={})
    try:
        tree = ast.parse(text, mode="eval")
        restricted(tree)
        value = eval(compile(tree, "expression", "eval"), names)
    except Unclean:
        return None
    except Exception as error:
        if isinstance(error, AttributeError) and "'dict' object" in str(error):
            return None  # here, every dict is like frappe._dict
        return {"x": type(error).__name__}
    return {"v": repr(value)} if clean(value) else None


def broken(text, rng):
    """The text with a slip of the pen."""
    at = rng.randrange(len(text))
    return rng.choice([
        lambda: text[:at] + text[at + 1:],
        lambda: text[:at] + rng.choice("()[]{}'\"=,:.!*<&;$?\\") + text[at:],
        lambda: text[:at],
        lambda: text + " " + rng.choice([")", "]", "= 1", "and", "if 1", "not", "doc", "in", "for", ".", "=="]),
        lambda: text.replace("doc.", "doc._", 1),
    ])()


def as_doc(value):
    if isinstance(value, dict):
        return Doc((k, as_doc(v)) for k, v in dict.items(value))
    return [as_doc(v) for v in value] if isinstance(value, list) else value




def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 20261125
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 20000
    warnings.simplefilter("ignore")
    rng = random.Random(seed)
    documents = [as_doc(json.loads(json.dumps(d))) for d in DOCUMENTS]
    cases, seen, slips = [], set(), 0
    while len(cases) < count:
        generator = Generator(rng)
        text = generator.any(rng.randrange(1, 5))
        index = rng.randrange(len(documents))
        if len(text) > 400 or (index, text) in seen:
            continue
        seen.add((index, text))
        if rng.random() < 0.1:
            text = broken(text, rng)
            got = answer(text, documents[index])
            if not got or got.get("x") != "SyntaxError" or "\n" in text:
                continue
            slips += 1
        else:
            got = answer(text, documents[index])
            if got is None:
                continue
        cases.append({"d": index, "e": text, **got})
    out = io.StringIO()
    for line in [{"documents": DOCUMENTS, "seed": seed}] + cases:
        out.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
    with open(TARGET, "wb") as file:
        with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=file, mtime=0) as packed:
            packed.write(out.getvalue().encode("utf-8"))
    values = sum("v" in case for case in cases)
    print(f"{len(cases)} cases: {values} values, {len(cases) - values} exceptions, {slips} of them slips of the pen")


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":
        # the order of a set must not differ from run to run
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})
    main()
