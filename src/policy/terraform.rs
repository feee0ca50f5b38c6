//! A document as Terraform configuration, as `terraform fmt` leaves it.
//!
//! Sources: the data source `aws_iam_policy_document` and the resource `aws_organizations_policy` of the AWS provider;
//! Terraform language, "Strings and templates".

use super::Kind;
use super::document::{Condition, Document, Statement, Value};
use super::json::effect;

/// What stands for the open account.
const ACCOUNT: &str = "${data.aws_caller_identity.current.account_id}";

/// The document as a data source `aws_iam_policy_document.bedrock`; a service control policy with the resource that
/// makes it one.
pub(super) fn render(document: &Document, kind: Kind) -> String {
    let mut text = String::new();
    if document.is_open() {
        text.push_str("data \"aws_caller_identity\" \"current\" {}\n\n");
    }
    text.push_str("data \"aws_iam_policy_document\" \"bedrock\" {\n");
    for (index, one) in document.statements.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        statement(one, &mut text);
    }
    text.push_str("}\n");
    if kind == Kind::Scp {
        // white space counts in what the API is given, so the minified document
        text.push_str(
            "\nresource \"aws_organizations_policy\" \"bedrock\" {\n  name    = \"bedrock-regions\"\n  type    = \
             \"SERVICE_CONTROL_POLICY\"\n  content = data.aws_iam_policy_document.bedrock.minified_json\n}\n",
        );
    }
    text
}

fn statement(statement: &Statement, text: &mut String) {
    let quoted = |actions: &[String]| actions.iter().map(|action| quoted(&Value::from(action.as_str()))).collect();
    text.push_str("  statement {\n");
    let attributes = [
        ("sid", Expression::One(format!("\"{}\"", escaped(&statement.sid)))),
        ("effect", Expression::One(format!("\"{}\"", effect(statement.effect)))),
        (if statement.negated { "not_actions" } else { "actions" }, Expression::List(quoted(&statement.actions))),
        ("resources", list(&statement.resources)),
    ];
    write(&attributes, 4, text);
    for condition in &statement.conditions {
        self::condition(condition, text);
    }
    text.push_str("  }\n");
}

fn condition(condition: &Condition, text: &mut String) {
    text.push_str("\n    condition {\n");
    let attributes = [
        ("test", Expression::One(format!("\"{}\"", escaped(condition.operator)))),
        ("variable", Expression::One(format!("\"{}\"", escaped(condition.key)))),
        ("values", list(&condition.values)),
    ];
    write(&attributes, 6, text);
    text.push_str("    }\n");
}

/// What an attribute is set to, in the language's own writing.
enum Expression {
    One(String),
    List(Vec<String>),
}

fn list(values: &[Value]) -> Expression {
    Expression::List(values.iter().map(quoted).collect())
}

impl Expression {
    /// Lists of several items take several lines.
    fn line(&self) -> Option<String> {
        match self {
            Self::One(text) => Some(text.clone()),
            Self::List(items) if items.len() > 1 => None,
            Self::List(items) => Some(format!("[{}]", items.concat())),
        }
    }
}

/// Writes attributes, one below the other. The equals signs of neighbours that take one line each are aligned.
fn write(attributes: &[(&str, Expression)], indent: usize, text: &mut String) {
    let (margin, inner) = (" ".repeat(indent), " ".repeat(indent + 2));
    for run in attributes.chunk_by(|(_, one), (_, next)| one.line().is_some() && next.line().is_some()) {
        let width = run.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
        for (name, expression) in run {
            match (expression.line(), expression) {
                (None, Expression::List(items)) => {
                    let items: String = items.iter().map(|item| format!("{inner}{item},\n")).collect();
                    text.push_str(&format!("{margin}{name} = [\n{items}{margin}]\n"));
                }
                (line, _) => text.push_str(&format!("{margin}{name:width$} = {}\n", line.unwrap_or_default())),
            }
        }
    }
}

fn quoted(value: &Value) -> String {
    format!("\"{}\"", value.written(ACCOUNT, escaped))
}

/// Text inside a quoted string: no template begins in it, nor where the account follows it.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(one) = rest.next() {
        match (one, rest.peek()) {
            ('"' | '\\', _) => written.extend(['\\', one]),
            ('\n', _) => written.push_str("\\n"),
            ('\r', _) => written.push_str("\\r"),
            ('\t', _) => written.push_str("\\t"),
            // `$${` and `%%{` are `${` and `%{`, so that neither sign can stand before them as it is, nor a `$` before
            // a sign that is written as `${"%"}`
            ('$' | '%', Some('{')) => written.extend([one, one]),
            ('$', Some('$' | '%') | None) | ('%', Some('%')) => written.push_str(&format!("${{\"{one}\"}}")),
            _ => written.push(one),
        }
    }
    written
}
