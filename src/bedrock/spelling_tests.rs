use super::*;

#[test]
fn ids_come_apart() {
    for (id, expected) in [
        (
            "anthropic.claude-haiku-4-5-20251001-v1:0",
            ("anthropic.claude-haiku-4-5", Some("20251001"), Some("1"), Some("0")),
        ),
        ("anthropic.claude-opus-4-6-v1", ("anthropic.claude-opus-4-6", None, Some("1"), None)),
        ("anthropic.claude-sonnet-4-6", ("anthropic.claude-sonnet-4-6", None, None, None)),
        ("anthropic.claude-v2:1", ("anthropic.claude", None, Some("2"), Some("1"))),
        ("openai.gpt-oss-120b-1:0", ("openai.gpt-oss-120b", None, Some("1"), Some("0"))),
        ("mistral.mistral-large-2402-v1:0", ("mistral.mistral-large-2402", None, Some("1"), Some("0"))),
        ("", ("", None, None, None)),
        (":", (":", None, None, None)),
    ] {
        let one = Spelling::of(id);
        assert_eq!((one.stem, one.date, one.version, one.revision), expected, "{id}");
    }
}

#[test]
fn words_and_numbers() {
    let parts: Vec<&str> = tokens("meta.llama3-70b-é").collect();
    assert_eq!(parts, ["meta", "llama", "3", "70", "b", "é"]);
    assert!(in_another_order("claude-3-5-sonnet", "claude-sonnet-3-5"));
    assert!(!in_another_order("claude-opus-5-4", "claude-opus-4-5"));
    for (written, known, expected) in [
        ("hiaku", "haiku", true),
        ("antropic", "anthropic", true),
        ("sonet", "sonnet", true),
        ("line", "lite", false),
        ("macro", "micro", false),
        ("opus", "sonnet", false),
        ("v", "vl", false),
    ] {
        assert_eq!(misspelt_word(written, known), expected, "{written}");
    }
}
