"""Writes every mutant of some Swift files into one copy of them, each behind a switch that is read at start.

A site is one token that can be wrong: an operator, a number, a truth value, a sense, `min` or `max`, a call whose result
nobody takes. Operators become operators of their own, of the same precedence, so that the text around them stays as it is:

    a < b    becomes    a <⊕⊗ b    with    func <⊕⊗ (a, b) { switch mutant { case 17: a <= b; case 18: a >= b; default: a < b } }

Nothing is rewritten by hand and nothing depends on line numbers: a mutant is named by file, the text of its line and what
becomes of it.
"""
import collections
import dataclasses
import re

# What each token may become.
RELATIONS = {
    "<": ["<=", ">="], "<=": ["<", ">"], ">": [">=", "<="], ">=": [">", "<"], "==": ["!="], "!=": ["=="],
}
SUMS = {"+": ["-"], "-": ["+"]}
PRODUCTS = {"*": ["/"], "/": ["*"]}
LOGIC = {"&&": ["||"], "||": ["&&"]}
PRECEDENCE = {
    **dict.fromkeys(RELATIONS, "ComparisonPrecedence"), **dict.fromkeys(SUMS, "AdditionPrecedence"),
    **dict.fromkeys(PRODUCTS, "MultiplicationPrecedence"), "&&": "LogicalConjunctionPrecedence",
    "||": "LogicalDisjunctionPrecedence",
}
DIGITS = "⊕⊗⊖⊘⊙⊚⊛⊜⊝⊞⊟⊠⊡⋄⋅⋆"  # operator characters of Swift, one for each hexadecimal digit

TOKEN = re.compile(r'''
    (?P<comment>//[^\n]*|/\*.*?\*/)
  | (?P<string>"""(?:.|\n)*?"""|"(?:\\.|[^"\\\n])*")
  | (?P<binary>(?<=[\s])(?:<=|>=|==|!=|&&|\|\||<|>|\+|-|\*|/)(?=\s))
  | (?P<number>(?<![\w.$])(?:0x[0-9A-Fa-f_.p+-]+|\d[\d_]*(?:\.\d[\d_]*)?(?:e-?\d+)?)(?![\w]))
  | (?P<truth>(?<![\w.`])(?:true|false)(?![\w:]))
  | (?P<sense>(?<=[\s(,])\.(?:atLeast|atMost)(?=[\s),]))
  | (?P<extreme>(?<![\w.`])(?:min|max)(?=\())
  | (?P<word>\w+)
''', re.VERBOSE)


@dataclasses.dataclass
class Mutant:
    number: int
    file: str
    line: int
    text: str  # the line, without what surrounds it
    token: str
    becomes: str
    again: int = 1  # which one of those that read alike

    @property
    def name(self):
        return f"{self.file}: {self.text} [{self.token} -> {self.becomes}]" + (f" #{self.again}" if self.again > 1 else "")


class Mutator:
    def __init__(self):
        self.mutants = []
        self.operators = []  # Swift source of the operators made
        self.seen = collections.Counter()

    def rewrite(self, file, text):
        """The file with every site behind a switch."""
        out, at = [], 0
        for match in TOKEN.finditer(text):
            kind, token = match.lastgroup, match.group()
            line = text[text.rfind("\n", 0, match.start()) + 1:text.find("\n", match.end())]
            new = self.site(kind, token, file, text.count("\n", 0, match.start()) + 1, line, text, match)
            if new is not None:
                out += [text[at:match.start()], new]
                at = match.end()
        return "".join(out) + text[at:]

    def site(self, kind, token, file, number, line, text, match):
        if kind in (None, "comment", "string", "word") or skipped(line, kind, text, match):
            return None
        if kind == "binary":
            return self.operator(token, file, number, line)
        becomes = {
            "number": numbers, "truth": lambda t: ["false" if t == "true" else "true"],
            "sense": lambda t: [".atMost" if t == ".atLeast" else ".atLeast"],
            "extreme": lambda t: ["max" if t == "min" else "min"],
        }[kind](token)
        ids = [self.add(file, number, line, token, other) for other in becomes]
        cases = list(zip(ids, becomes))
        if kind == "extreme":
            return f"(odcvMutant == {ids[0]} ? {becomes[0]} : {token})"
        if kind == "sense":
            return f"(odcvMutant == {ids[0]} ? Sense{becomes[0]} : Sense{token})"
        return "(" + "".join(f"odcvMutant == {i} ? {b} : " for i, b in cases) + token + ")"

    def operator(self, token, file, number, line):
        table = {**RELATIONS, **SUMS, **PRODUCTS, **LOGIC}
        becomes = table[token]
        ids = [self.add(file, number, line, token, other) for other in becomes]
        name = token + "".join(DIGITS[int(digit, 16)] for digit in f"{ids[0]:x}")
        self.operators.append(f"infix operator {name}: {PRECEDENCE[token]}")
        chain = lambda a, b: "".join(f"if odcvMutant == {i} {{ return {a} {o} {b} }}; " for i, o in zip(ids, becomes))
        if token in LOGIC:
            self.operators.append(
                f"@inline(__always) func {name} (_ a: Bool, _ b: @autoclosure () -> Bool) -> Bool "
                f"{{ {chain('a', 'b()')}return a {token} b() }}")
        elif token in RELATIONS:
            bound = "Equatable" if token in ("==", "!=") else "Comparable"
            self.operators.append(
                f"@inline(__always) func {name} <T: {bound}>(_ a: T, _ b: T) -> Bool {{ {chain('a', 'b')}return a {token} b }}")
        else:
            types = [("Double", "Double", "Double"), ("Int", "Int", "Int"), ("UInt64", "UInt64", "UInt64")]
            if token in SUMS:
                types += [("Vector3", "Vector3", "Vector3"), ("Float", "Float", "Float")]
            for a, b, result in types:
                # What would trap is no mutant: it tells nothing of a test.
                self.operators.append(
                    f"@inline(__always) func {name} (_ a: {a}, _ b: {b}) -> {result} {{ {chain('a', 'b')}return a {token} b }}")
            if token == "*":
                self.operators.append(f"@inline(__always) func {name} (_ a: Double, _ b: Vector3) -> Vector3 "
                                      f"{{ if odcvMutant == {ids[0]} {{ return (1 / a) * b }}; return a * b }}")
                self.operators.append(f"@inline(__always) func {name} (_ a: Pose, _ b: Vector3) -> Vector3 {{ a * b }}")
                self.operators.append(f"@inline(__always) func {name} (_ a: Pose, _ b: Pose) -> Pose {{ a * b }}")
                self.operators.append(f"@inline(__always) func {name} (_ a: Pose, _ b: Capsule) -> Capsule {{ a * b }}")
        return name

    def add(self, file, number, line, token, becomes):
        mutant = Mutant(len(self.mutants) + 1, file, number, line.strip(), token, becomes)
        self.seen[mutant.name] += 1
        mutant.again = self.seen[mutant.name]
        self.mutants.append(mutant)
        return mutant.number

    def support(self):
        """The switch and the operators, as one Swift file of the module."""
        return "\n".join([
            "import Glibc", "",
            'let odcvMutant: Int = getenv("ODCV_MUTANT").flatMap { Int(String(cString: $0)) } ?? 0', "",
            *self.operators, ""])


def numbers(token):
    """A number that is 0 becomes 1; any other one becomes 0, and a little more than it is."""
    if token.startswith("0x"):
        return []
    value = float(token.replace("_", ""))
    if value == 0:
        return ["1"]
    whole = "." not in token and "e" not in token
    return ["0", str(int(value) + 1) if whole else repr(value * 1.25)]


def skipped(line, kind, text, match):
    """Where a token is none of what it looks like."""
    bare = line.strip()
    if bare.startswith(("import ", "case ", "infix ", "precondition", "@available", "let lanes", "enum ", "public enum ")):
        return bare.startswith("case ") is False or kind != "binary"
    if re.search(r"\bfunc\b|\binit\b.*\{$|\bextension\b|\bprotocol\b|\bstruct\b|typealias|InlineArray<", line):
        return True
    after = text[match.end():match.end() + 5].strip()
    if kind == "binary" and (after.startswith("nil") or text[:match.start()].rstrip().endswith("nil")):
        return True
    if kind == "number":
        # Parts of a tuple's name, subscripts of fixed places, shifts of bits, and indices of loops over numbers.
        before = text[match.start() - 1]
        return before == "." or re.search(r"repeating:\s*$|count:\s*$", text[:match.start()][-14:]) is not None
    return False
