//! The words and signs by which programs show what they do with a string. Words of callees are in lower case, without
//! underscores, so that one stands for all ways to write it.

/// Signs that compare what stands on both sides of them.
pub(super) const COMPARING_SIGNS: [&str; 5] = ["==", "!=", "=~", "~=", "<>"];

/// Words before what others are compared with.
pub(super) const COMPARING_WORDS: [&str; 6] = ["in", "case", "when", "is", "like", "rlike"];

/// Words behind what is looked for in something or is compared with it, or is the key of a pair in Kotlin.
pub(super) const COMPARED_WORDS: [&str; 4] = ["in ", "not in ", "is ", "to "];

/// Functions and methods that compare their arguments, or what they are called of: with others, with a pattern, with what
/// a test expects.
pub(super) const COMPARING: [&str; 67] = [
    "asserteq",
    "assertne",
    "compile",
    "contains",
    "containskey",
    "containsvalue",
    "countdocuments",
    "delete",
    "deletemany",
    "discard",
    "endswith",
    "eq",
    "equal",
    "equalfold",
    "equals",
    "equalsignorecase",
    "exclude",
    "filter",
    "filterby",
    "find",
    "findall",
    "findby",
    "findfirst",
    "findmany",
    "findone",
    "fullmatch",
    "getfoundationmodel",
    "has",
    "haskey",
    "hasprefix",
    "hassuffix",
    "inarray",
    "include",
    "includes",
    "index",
    "indexof",
    "isin",
    "issubset",
    "issuperset",
    "lastindexof",
    "match",
    "matches",
    "member",
    "ne",
    "notequal",
    "parametrize",
    "pop",
    "regex",
    "regexp",
    "remove",
    "removeprefix",
    "startswith",
    "strcmp",
    "strcontains",
    "strendswith",
    "stripos",
    "stripprefix",
    "strpos",
    "strstartswith",
    "tobe",
    "tocontain",
    "toequal",
    "tostrictequal",
    "trimprefix",
    "where",
    "wherein",
    "wherenot",
];

/// Methods that go through what they are called of.
pub(super) const SEARCHING: [&str; 8] = ["all", "allmatch", "any", "anymatch", "every", "none", "nonematch", "some"];

/// Functions that take a key and what belongs to it.
pub(super) const KEYING: [&str; 6] = ["entry", "insert", "pair", "put", "set", "setdefault"];

/// Functions that put one thing in the place of another.
pub(super) const REPLACING: [&str; 13] = [
    "gsub",
    "migrate",
    "newreplacer",
    "pregreplace",
    "rename",
    "replace",
    "replaceall",
    "replacefirst",
    "replacen",
    "strireplace",
    "strreplace",
    "strtr",
    "sub",
];

/// Functions that only tell people of their arguments. So does whatever is called an error.
pub(super) const TELLING: [&str; 17] = [
    "critical",
    "debug",
    "echo",
    "eprintln",
    "error",
    "exception",
    "fail",
    "fatal",
    "info",
    "log",
    "panic",
    "print",
    "printf",
    "println",
    "puts",
    "warn",
    "warning",
];

/// The first words of functions that ask something about their arguments.
pub(super) const ASKING: [&str; 11] =
    ["are", "assert", "can", "ensure", "has", "is", "needs", "should", "supports", "was", "will"];

/// Functions, types and macros that make a list or a table of what they are given.
pub(super) const COLLECTING: [&str; 32] = [
    "array",
    "arraylist",
    "arrayof",
    "aslist",
    "astuple",
    "copyof",
    "deque",
    "dict",
    "freeze",
    "from",
    "fromentries",
    "frozenset",
    "hashmap",
    "hashset",
    "hashsetof",
    "immutableset",
    "linkedhashset",
    "list",
    "listof",
    "map",
    "mapof",
    "mutablelistof",
    "mutablesetof",
    "of",
    "ordereddict",
    "readonly",
    "set",
    "setof",
    "sorted",
    "tuple",
    "unmodifiablelist",
    "vec",
];

/// Functions that make a type or a choice of what they are given.
pub(super) const CHOOSING: [&str; 6] = ["choice", "enum", "literal", "oneof", "picklist", "union"];

/// Words before a bracket that are no callee.
pub(super) const KEYWORDS: [&str; 21] = [
    "and", "assert", "await", "case", "elif", "else", "except", "for", "if", "in", "is", "not", "or", "return",
    "switch", "then", "until", "when", "where", "while", "yield",
];

/// What begins a line on which a statement follows behind a colon.
pub(super) const BLOCKS: [&str; 8] = ["case", "elif", "else", "except", "for", "if", "while", "with"];

/// Words in the name of what is no longer to be called.
const GONE: [&str; 36] = [
    "banned",
    "baseline",
    "blacklist",
    "blocked",
    "blocklist",
    "dead",
    "denied",
    "deny",
    "denylist",
    "deprecated",
    "deprecations",
    "disabled",
    "disallowed",
    "discontinued",
    "ended",
    "eol",
    "exclude",
    "excluded",
    "expired",
    "forbidden",
    "former",
    "ignored",
    "legacy",
    "obsolete",
    "old",
    "prev",
    "previous",
    "rejected",
    "removed",
    "replaced",
    "retired",
    "skipped",
    "sunset",
    "unavailable",
    "unsupported",
    "without",
];

/// Whether a name in these words, in lower case, is that of what is no longer to be called, or is only compared with: in
/// programs, scripts and settings.
pub(in crate::formats) fn is_gone<W: AsRef<str>>(words: &[W]) -> bool {
    let is = |word: Option<&W>, wanted: &[&str]| word.is_some_and(|word| wanted.contains(&word.as_ref()));
    let is_moved = |pair: &[W]| {
        let moved = ["migrate", "migrated", "migrating", "move", "moved", "upgrade", "upgraded"];
        (is(pair.first(), &moved) && is(pair.last(), &["from"]))
            || (is(pair.first(), &["backup"]) && is(pair.last(), &["of"]))
    };
    words.iter().any(|word| is(Some(word), &GONE))
        || words.windows(2).any(is_moved)
        || is(words.first(), &["from"])
        || (words.len() > 1 && is(words.last(), &["before"]))
}

/// Words in the name of a setting that lists what may be chosen.
pub(super) const OFFERING: [&str; 13] = [
    "accepted",
    "all",
    "allowed",
    "allowlist",
    "available",
    "choices",
    "enum",
    "known",
    "options",
    "permitted",
    "supported",
    "valid",
    "values",
];

/// Words in the name of a list whose items are called one after the other.
pub(super) const CALLING: [&str; 9] =
    ["backup", "candidates", "chain", "default", "defaults", "fallback", "fallbacks", "order", "primary"];

/// Words in the name of what chooses among records: of a query, of a metric.
pub(super) const FILTERING: [&str; 6] = ["dimensions", "except", "exclusion", "filter", "filters", "where"];

/// Words in the name of what an entry says of its end.
pub(super) const ENDING: [&str; 9] =
    ["deprecated", "deprecation", "discontinued", "eol", "life", "obsolete", "retired", "retirement", "sunset"];

/// Words in the name of what an entry names in its own place.
pub(super) const INSTEAD: [&str; 4] = ["replaced", "replacement", "successor", "superseded"];

/// Words in the name of what tells the state of an entry, or what a statement of a policy does.
pub(super) const STATING: [&str; 6] = ["effect", "lifecycle", "phase", "stage", "state", "status"];

/// Values that say nothing.
pub(super) const NOTHING: [&str; 7] = ["", "0", "false", "nil", "none", "null", "undefined"];

/// Operators of queries, as names of what is compared with.
pub(super) const OPERATORS: [&str; 9] = ["contains", "eq", "equals", "exact", "in", "ne", "nin", "not", "notin"];

/// The first words of functions that get records by what they are given: `findByModel`.
pub(super) const FETCHING: [&str; 7] = ["count", "delete", "exists", "fetch", "find", "get", "list"];

/// Words that begin a part of a query, the last two one that chooses among records.
pub(super) const CLAUSES: [&str; 7] = ["select", "from", "set", "values", "insert", "having", "where"];

/// Commands that look for something in files.
pub(super) const FINDING: [&str; 11] =
    ["ack", "ag", "awk", "egrep", "fgrep", "findstr", "grep", "rg", "select-string", "sls", "zgrep"];

/// Words that define a function whose parameters may be values: it is for these alone.
pub(super) const DEFINING: [&str; 2] = ["def", "defp"];

/// What stands in the head of a block that is a test: of Rust, Go, Java and C#.
pub(super) const TESTING: [&str; 10] = [
    "#[cfg(test)]",
    "#[rstest",
    "#[test",
    "::test(",
    "::test]",
    "*testing.B",
    "*testing.T",
    "@Test",
    "[Fact]",
    "[Test]",
];

/// Functions that take the title of a test and the test.
pub(super) const TEST_CALLS: [&str; 5] = ["describe", "it", "suite", "test", "context"];

/// What a migration does.
pub(super) const FORTH: [&str; 2] = ["up", "upgrade"];

/// What takes it back.
pub(super) const BACK: [&str; 2] = ["down", "downgrade"];

/// How comments and attributes call what stands behind them deprecated.
pub(super) const DEPRECATED: [&str; 6] =
    ["#[deprecated", "@Deprecated", "@deprecated", "Deprecated:", "[Obsolete", "deprecated:"];
