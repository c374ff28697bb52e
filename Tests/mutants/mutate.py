"""Writes every mutant of some Swift files into one copy of them, each behind a switch that is read at start.

A site is one token that can be wrong: an operator, a number, a truth value, a sense, a reason, `min` or `max`, a condition, a
call whose result nobody takes. Operators become operators of their own, of the same precedence, so that the text around them
stays as it is:

    a < b    becomes    a <⊕⊗ b    with    func <⊕⊗ (a, b) { mutant 17: a <= b; mutant 18: a >= b; else a < b }

Nothing is rewritten by hand and nothing depends on line numbers: a mutant is named by file, the text of its line and what
becomes of it.
"""
import collections
import dataclasses
import pathlib
import re

# What each token may become.
RELATIONS = {
    "<": ["<=", ">="], "<=": ["<", ">"], ">": [">=", "<="], ">=": [">", "<"], "==": ["!="], "!=": ["=="],
}
SUMS = {"+": "-", "-": "+", "&+": "&-", "&-": "&+"}
PRODUCTS = {"*": "/", "/": "*"}
CHANGES = {"+=": "-=", "-=": "+=", "&+=": "&-=", "&-=": "&+="}
LOGIC = {"&&": "||", "||": "&&"}
PRECEDENCE = {
    **dict.fromkeys(RELATIONS, "ComparisonPrecedence"), **dict.fromkeys(SUMS, "AdditionPrecedence"),
    **dict.fromkeys(PRODUCTS, "MultiplicationPrecedence"), **dict.fromkeys(CHANGES, "AssignmentPrecedence"),
    "&&": "LogicalConjunctionPrecedence", "||": "LogicalDisjunctionPrecedence", "..<": "RangeFormationPrecedence",
}
WORDS = {  # members of enumerations
    ".atLeast": ".atMost", ".atMost": ".atLeast", ".greater": ".smaller", ".smaller": ".greater",
    ".positive": ".notNegative", ".notNegative": ".positive", ".fraction": ".notNegative", ".down": ".up",
    ".missing": ".stale", ".stale": ".missing", ".nonFinite": ".unsupported", ".mismatched": ".missing",
    ".undecodable": ".unsupported", ".unsupported": ".undecodable", ".wrongLength": ".unsupported", ".coverage": ".missing", ".capacity": ".missing",
    ".overrun": ".missing", ".ambiguous": ".missing",
}
HELPERS = {
    "<": "Less", "<=": "LessEqual", ">": "Greater", ">=": "GreaterEqual", "==": "Equal", "!=": "Unequal",
    "+": "Plus", "-": "Minus", "*": "Times", "/": "Over", "&+": "WrappingPlus", "&-": "WrappingMinus", "&&": "And", "||": "Or",
}
DIGITS = "⊕⊗⊖⊘⊙⊚⊛⊜⊝⊞⊟⊠⊡⋄⋅⋆"  # operator characters of Swift, one for each hexadecimal digit

TOKEN = re.compile(r'''
    (?P<comment>//[^\n]*|/\*.*?\*/)
  | (?P<string>"""(?:.|\n)*?"""|"(?:\\.|[^"\\\n])*")
  | (?P<binary>(?<=\s)(?:<=|>=|==|!=|&&|\|\||<|>|&?[+-]=?|\*|/)(?=\s))
  | (?P<range>(?<=[\w)\]])\.\.<(?=[\w(]))
  | (?P<number>(?<![\w.$])(?:0x[0-9A-Fa-f_]+|\d[\d_]*(?:\.\d[\d_]*)?(?:e-?\d+)?)(?![\w]))
  | (?P<truth>(?<![\w.`])(?:true|false)(?![\w:]))
  | (?P<member>(?<=[\s(,])\.(?:''' + "|".join(word[1:] for word in WORDS) + r''')(?=[\s),}]))
  | (?P<extreme>(?<![\w.`])(?:min|max|abs)\()
  | (?P<negation>(?<![\w)\]!?])!(?=[\w.(]))
  | (?P<minus>(?<=[\s(,\[])-(?=[\w.(]))
  | (?P<word>\w+)
''', re.VERBOSE)
CONDITION = re.compile(r"^(\s*(?:\} else )?(?:if|guard|while) )(.*?)( else \{.*| \{.*| else$)$")
CALL = re.compile(r"^(\s*)((?!return\b|throw\b|try\b|if\b|for\b|guard\b|precondition|private|fileprivate|self\.init)[a-z_][\w.]*(?:\[[^\]]*\])?[\w.]*\(.*\))$")


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
    """The mutants of one module; `mutants` holds those of all, so that numbers go on."""

    def __init__(self, mutants, vectors):
        self.mutants = mutants
        self.vectors = vectors  # whether the module has Vector3
        self.operators = []  # Swift source of the operators made
        self.seen = collections.Counter()

    def rewrite(self, file, text):
        """The file with every site behind a switch."""
        out, at = [], 0
        for match in TOKEN.finditer(text):
            kind, token = match.lastgroup, match.group()
            start = text.rfind("\n", 0, match.start()) + 1
            end = text.find("\n", match.end())
            line = text[start:end if end >= 0 else len(text)]
            if kind in ("comment", "string", "word") or skipped(kind, token, line, match.start() - start, text, match):
                continue
            number = text.count("\n", 0, match.start()) + 1
            new = getattr(self, kind)(token, file, number, line, text[match.end():match.end() + 5].startswith(" nil"))
            out += [text[at:match.start()], new]
            at = match.end()
        rewritten = "".join(out) + text[at:]
        return "import CMutation\n" + self.statements(file, text.split("\n"), rewritten.split("\n"))

    def statements(self, file, lines, rewritten):
        """The same for what takes a whole clause or line."""
        out = list(rewritten)
        for index, line in enumerate(lines):
            condition, new = CONDITION.match(line), CONDITION.match(rewritten[index])
            if condition and new and line.count("{") <= 1 and (" guard " in f" {line}") == condition[3].startswith(" else"):
                clauses = split(new[2])
                for place, clause in enumerate(split(condition[2])):
                    if is_plain_condition(clause):
                        id = self.add(file, index + 1, line, clause, f"not {clause}")
                        clauses[place] = f"odcvNot({id}, {clauses[place]})"
                out[index] = new[1] + ", ".join(clauses) + new[3]
            elif CALL.match(line) and balanced(line) and stands_alone(lines, index):
                id = self.add(file, index + 1, line, "call", "none")
                indent = len(line) - len(line.lstrip())
                out[index] = f"{line[:indent]}if odcvRuns({id}) {{ {rewritten[index].strip()} }}"
        return "\n".join(out)

    # One method for each kind of token: what stands in its place.

    def number(self, token, file, number, line, _):
        becomes = numbers(token)
        ids = [self.add(file, number, line, token, other) for other in becomes]
        return f"odcvPick({ids[0]}, {token}, {', '.join(becomes)})"

    def truth(self, token, file, number, line, _):
        other = "false" if token == "true" else "true"
        return f"odcvPick({self.add(file, number, line, token, other)}, {token}, {other})"

    def member(self, token, file, number, line, _):
        return f"odcvPick({self.add(file, number, line, token, WORDS[token])}, {token}, {WORDS[token]})"

    def extreme(self, token, file, number, line, _):
        name = token[:-1]
        becomes = {"min": "max", "max": "min", "abs": "itself"}[name]
        return f"odcv{name.capitalize()}({self.add(file, number, line, name, becomes)}, "

    def negation(self, token, file, number, line, _):
        id = self.add(file, number, line, token, "itself")
        name = token + digits(id)
        self.operators += [f"prefix operator {name}",
                           f"prefix func {name} (_ a: Bool) -> Bool {{ odcvNot({id}, !a) }}"]
        return name

    def minus(self, token, file, number, line, _):
        id = self.add(file, number, line, token, "itself")
        name = token + digits(id)
        self.operators += [f"prefix operator {name}", f"prefix func {name} <T: SignedNumeric>(_ a: T) -> T "
                           f"{{ odcvNegative({id}, a) }}"]
        return name

    def range(self, token, file, number, line, _):
        id = self.add(file, number, line, token, "one less")
        return self.declare(token, id, "<T: Strideable>(_ a: T, _ b: T) -> Range<T> where T.Stride == Int", f"odcvOneLess({id}, a, b)")

    def binary(self, token, file, number, line, nil):
        becomes = RELATIONS.get(token) or [{**SUMS, **PRODUCTS, **CHANGES, **LOGIC}[token]]
        ids = [self.add(file, number, line, token, other) for other in becomes]
        id = ids[0]
        if token in LOGIC:
            return self.declare(token, id, "(_ a: Bool, _ b: @autoclosure () throws -> Bool) rethrows -> Bool",
                                f"try odcv{HELPERS[token]}({id}, a, b)")
        if token in RELATIONS and nil:
            return self.declare(token, id, "<T>(_ a: T?, _ b: _OptionalNilComparisonType) -> Bool",
                                f"odcvNot({id}, a {token} b)")
        if token in RELATIONS:
            bound = "Equatable" if token in ("==", "!=") else "Comparable"
            name = self.declare(token, id, f"<T: {bound}>(_ a: T, _ b: T) -> Bool",
                                f"odcv{HELPERS[token]}({id}, a, b)")
            if bound == "Equatable":
                self.overload(name, "<A: Equatable, B: Equatable>(_ a: (A, B), _ b: (A, B)) -> Bool",
                              f"odcvNot({id}, a {token} b)")
            return name
        if token in CHANGES:
            bound = "FixedWidthInteger" if "&" in token else "AdditiveArithmetic"
            name = self.declare(token, id, f"<T: {bound}>(_ a: inout T, _ b: T)",
                                f"if odcvRuns({id}) {{ a {token} b }} else {{ a {becomes[0]} b }}")
            if self.vectors and "&" not in token:
                self.overload(name, "(_ a: inout Vector3, _ b: Vector3)",
                              f"if odcvRuns({id}) {{ a = a {token[0]} b }} else {{ a = a {becomes[0][0]} b }}")
            return name
        body = f"odcv{HELPERS[token]}({id}, a, b)"
        if "&" in token:
            return self.declare(token, id, "<T: FixedWidthInteger>(_ a: T, _ b: T) -> T", body)
        name = self.declare(token, id, "<T: BinaryInteger>(_ a: T, _ b: T) -> T", body)
        self.overload(name, "<T: FloatingPoint>(_ a: T, _ b: T) -> T", body)
        self.overload(name, "<T: SIMD>(_ a: T, _ b: T) -> T where T.Scalar: FloatingPoint", body)
        self.overload(name, "<T: SIMD>(_ a: T, _ b: T.Scalar) -> T where T.Scalar: FloatingPoint", body)
        if token == "+":
            self.overload(name, "<T>(_ a: [T], _ b: [T]) -> [T]", body)
        if self.vectors and token in SUMS:
            self.overload(name, "(_ a: Vector3, _ b: Vector3) -> Vector3", body)
        if self.vectors and token == "*":
            self.overload(name, "(_ a: Double, _ b: Vector3) -> Vector3", body)
        return name

    def declare(self, token, id, signature, body):
        name = token + digits(id)
        self.operators.append(f"infix operator {name}: {PRECEDENCE[token]}")
        self.overload(name, signature, body)
        return name

    def overload(self, name, signature, body):
        self.operators.append(f"func {name} {signature} {{ {body} }}")

    def add(self, file, number, line, token, becomes):
        mutant = Mutant(len(self.mutants) + 1, file, number, line.strip(), token, becomes)
        self.seen[mutant.name] += 1
        mutant.again = self.seen[mutant.name]
        self.mutants.append(mutant)
        return mutant.number

    def support(self):
        """What the module needs beside its files, as one more file."""
        parts = ["support.swift.txt"] + ["vectors.swift.txt"] * self.vectors
        parts = [pathlib.Path(__file__).with_name(part).read_text() for part in parts]
        return "\n".join(parts + self.operators) + "\n"


def digits(number):
    return "".join(DIGITS[int(digit, 16)] for digit in f"{number:x}")


def numbers(token):
    """A number that is 0 becomes 1; any other one becomes 0, and a little more than it is."""
    if token.startswith("0x"):
        return ["0", hex(int(token.replace("_", ""), 16) + 1)]
    value = float(token.replace("_", ""))
    whole = "." not in token and "e" not in token
    if value == 0:
        return ["1" if whole else "1.0"]
    if token == "255":
        return ["0", "254"]  # no byte is greater
    return ["0", str(int(value) + 1)] if whole else ["0.0", repr(value * 1.25)]


def split(text):
    """The clauses of a condition."""
    out, depth, start = [], 0, 0
    for index, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if character == "," and depth == 0:
            out.append(text[start:index].strip())
            start = index + 1
    return out + [text[start:].strip()]


def is_plain_condition(clause):
    """A clause that is one Bool, with no operator of its own to mutate."""
    return (balanced(clause) and re.match(r"^[\w.()\[\]:,$ ]+$", clause) is not None
            and not re.match(r"^(let|var|case|try|await|true|false)\b", clause))


def balanced(text):
    bare = re.sub(r'"(?:\\.|[^"\\])*"', "", text)
    depth = 0
    for character in bare:
        depth += (character in "([{") - (character in ")]}")
        if depth < 0:
            return False
    return depth == 0


def stands_alone(lines, index):
    """The line is a statement, neither part of one nor the value of a body."""
    before = next((lines[i].strip() for i in range(index - 1, -1, -1) if lines[i].strip()), "")
    after = lines[index + 1].strip() if index + 1 < len(lines) else ""
    if before.startswith("//"):
        return False
    if re.search(r"([,(\[=?:&|+*/<>-]|\breturn|\bin|\belse)$", before) and not before.startswith("case "):
        return False
    if re.match(r"^[.?:&|+*/<>=,)\]-]", after):
        return False
    if before.endswith("{") and after == "}":
        return before.startswith("for ") or ("func " in before and "->" not in before)
    return not (before.startswith("case ") or before.startswith("default"))


def skipped(kind, token, line, column, text, match):
    """Where a token is none of what it looks like."""
    bare = line.strip()
    if bare == token or bare.startswith(("import ", "infix ", "prefix ", "precondition", "@")):
        return True
    if bare.startswith(("case ", "default:")):
        # A pattern, up to its colon; what follows is code.
        colon = next((i for i in range(len(line)) if line[i] == ":" and balanced(line[:i].replace("case ", ""))), None)
        if colon is None or column < colon:
            return True
    if kind == "binary" and re.search(r"\b(func|extension|protocol|struct|typealias|where \w+\.?\w* ==)\b", line[:column]):
        if "{" not in line[:column]:
            return True
    if kind == "binary" and (line[column + len(token):].lstrip().startswith('"') or line[:column].rstrip().endswith('"')):
        return True  # texts
    before = text[:match.start()]
    if kind == "number":
        return re.search(r"(InlineArray<|SIMD<)$", before[-14:]) is not None
    if kind == "minus":
        return before.rstrip().endswith(("return", "=", "in")) is False and re.search(r"[\w)\]]\s$", before[-2:]) is not None
    return False
