//! Expressions as they would be written, to tell apart those that are not known: equal ones have equal values, and others
//! need not.

use sha2::{Digest, Sha256};

use crate::syntax::{Call, Node, ScalarKind, Value};
use crate::text::Text;

/// Longer expressions are cut, in characters.
const LONGEST: usize = 60;

/// Longer strings are left out, and so are lists and maps: what an expression is made of may be secret.
const LONGEST_STRING: usize = 16;

/// An evaluated expression, without what would end a string or begin an escape there. What is left out of it stands as a
/// number.
pub(in crate::formats) fn written(node: &Node) -> String {
    let mut writer = Writer { shown: String::new(), whole: Sha256::new(), is_cut: false, hidden: 0 };
    writer.write(node);
    let sign = |c: char| if c == '"' || c == '\\' || c < ' ' { '\'' } else { c };
    let shown: String = writer.shown.chars().map(sign).take(LONGEST).collect();
    if writer.is_cut || writer.shown.chars().nth(LONGEST).is_some() {
        let sum: String = writer.whole.finalize().iter().take(2).map(|byte| format!("{byte:02x}")).collect();
        format!("{shown}…{sum}")
    } else {
        shown
    }
}

struct Writer {
    shown: String,
    /// All of it, left out or not.
    whole: Sha256,
    is_cut: bool,
    /// How many lists and maps are around.
    hidden: usize,
}

impl Writer {
    fn push(&mut self, text: &str) {
        // no two texts are one by their ends
        self.whole.update(text);
        self.whole.update([0]);
        if self.hidden == 0 && self.shown.len() <= 4 * LONGEST {
            self.shown.push_str(text);
        }
    }

    fn write(&mut self, node: &Node) {
        match &node.value {
            Value::Scalar(scalar) if scalar.kind == ScalarKind::String => self.string(&scalar.text),
            Value::Scalar(scalar) => self.push(scalar.text.as_str()),
            Value::List(items) => {
                self.push("[");
                self.hide(|writer| items.iter().for_each(|item| writer.write(item)));
                self.push("]");
            }
            Value::Map(entries) => {
                self.push("{");
                self.hide(|writer| {
                    for entry in entries {
                        writer.push(entry.key.as_str());
                        writer.write(&entry.value);
                    }
                });
                self.push("}");
            }
            Value::Call(call) => self.call(call),
        }
    }

    fn hide(&mut self, write: impl FnOnce(&mut Self)) {
        self.hidden += 1;
        self.is_cut = true;
        write(self);
        self.hidden -= 1;
    }

    fn string(&mut self, text: &Text) {
        self.push("'");
        if text.as_str().len() > LONGEST_STRING {
            self.hide(|writer| writer.push(text.as_str()));
        } else {
            self.push(text.as_str());
        }
        self.push("'");
    }

    fn call(&mut self, call: &Call) {
        let name = call.name.as_str();
        match (name, call.args.as_slice()) {
            (_, []) => self.push(name),
            (Call::PART, [whole, key]) => self.part(whole, key),
            (Call::SPLAT, [whole]) => {
                self.write(whole);
                self.push("[*]");
            }
            (Call::CHOICE, [condition, yes, no]) => self.around(&[condition, yes, no], &[" ? ", " : "]),
            (Call::FOR | Call::FOR_GROUPS, [key_name, value_name, collection, key, value, condition]) => {
                let name = |node: &Node| node.string().map(|text| text.as_str().to_owned()).unwrap_or_default();
                self.push(format!("for {} {}", name(key_name), name(value_name)).replace("  ", " ").as_str());
                self.push(" in ");
                self.write(collection);
                for (sign, part) in [(" : ", key), (" : ", value), (" if ", condition)] {
                    if !super::is_null(part) {
                        self.push(sign);
                        self.write(part);
                    }
                }
            }
            (_, [one]) if !name.starts_with(is_letter) => {
                self.push(name);
                self.write(one);
            }
            (_, [one, other]) if !name.starts_with(is_letter) => {
                self.around(&[one, other], &[format!(" {name} ").as_str()]);
            }
            (_, args) => {
                self.push(name);
                self.push("(");
                let args: Vec<&Node> = args.iter().collect();
                self.around(&args, &[", "].repeat(args.len()));
                self.push(")");
            }
        }
    }

    fn part(&mut self, whole: &Node, key: &Node) {
        self.write(whole);
        match key.string().and_then(Text::literal).filter(|step| is_name(step)) {
            Some(step) => {
                self.push(".");
                self.push(step);
            }
            None => {
                self.push("[");
                self.write(key);
                self.push("]");
            }
        }
    }

    /// Parts with signs between them.
    fn around(&mut self, parts: &[&Node], signs: &[&str]) {
        for (index, part) in parts.iter().enumerate() {
            if let Some(sign) = index.checked_sub(1).and_then(|before| signs.get(before)) {
                self.push(sign);
            }
            self.write(part);
        }
    }
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn is_name(step: &str) -> bool {
    step.starts_with(is_letter) && step.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::syntax::hcl;
    use crate::text::SourceMap;

    fn of(expression: &str) -> String {
        let root = hcl::parse(&format!("x = {expression}\n"), &SourceMap::Verbatim(0)).unwrap().root;
        written(root.get("x").unwrap())
    }

    #[test]
    fn equal_expressions_are_written_alike_and_others_are_not() {
        for (expression, expected) in [
            ("var.a", "var.a"),
            ("aws_x.y[0].arn", "aws_x.y[0].arn"),
            ("local.m[var.k]", "local.m[var.k]"),
            ("lookup(var.m, \"us-east-1\")", "lookup(var.m, 'us-east-1')"),
            ("var.a ? 1 : !var.b", "var.a ? 1 : !var.b"),
            ("var.a == null", "var.a == null"),
            ("aws_x.y[*].id", "aws_x.y[*].id"),
        ] {
            assert_eq!(of(expression), expected);
        }
        // what may be secret is left out, and still told apart
        let secret = of("f(\"0123456789abcdefg\", { k = \"p\" })");
        assert!(secret.starts_with("f('', {})…"), "{secret}");
        assert_ne!(secret, of("f(\"0123456789abcdefh\", { k = \"p\" })"));
        assert_ne!(secret, of("f(\"0123456789abcdefg\", { k = \"q\" })"));
        let long = |last: &str| of(&format!("f({}{last})", "var.something, ".repeat(8)));
        assert_ne!(long("var.a"), long("var.b"));
        assert_eq!(long("var.a"), long("var.a"));
        assert!(long("var.a").chars().count() <= LONGEST + 5);
    }
}
