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
pub(super) const COMPARING: [&str; 45] = [
    "asserteq",
    "assertne",
    "compile",
    "contains",
    "containskey",
    "containsvalue",
    "delete",
    "discard",
    "endswith",
    "eq",
    "equal",
    "equalfold",
    "equals",
    "equalsignorecase",
    "fullmatch",
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
    "regex",
    "regexp",
    "remove",
    "removeprefix",
    "startswith",
    "stripprefix",
    "tobe",
    "tocontain",
    "toequal",
    "tostrictequal",
    "trimprefix",
];

/// Methods that go through what they are called of.
pub(super) const SEARCHING: [&str; 8] = ["all", "allmatch", "any", "anymatch", "every", "none", "nonematch", "some"];

/// Functions that take a key and what belongs to it.
pub(super) const KEYING: [&str; 6] = ["entry", "insert", "pair", "put", "set", "setdefault"];

/// Functions that put one thing in the place of another.
pub(super) const REPLACING: [&str; 7] = ["gsub", "migrate", "rename", "replace", "replaceall", "replacen", "sub"];

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
