//! Text that no format is read from: what its strings name, where they stand, and what is left alone.
#![expect(clippy::unwrap_used, clippy::string_slice, clippy::panic, reason = "tests")]
#![expect(unreachable_pub, reason = "not a library")]

mod common;

use std::sync::Arc;
use std::time::{Duration, Instant};

use bedrock_lint::Verdict;
use bedrock_lint::bedrock::{ActionCatalogue, Catalogue, model_stems};
use bedrock_lint::finding::{Confidence, Severity};
use bedrock_lint::formats::{self, FormatOptions, MentionFact, Place};
use bedrock_lint::rules::Facts;
use bedrock_lint::source::Source;
use common::Folder;
use common::keys::{mint_access_key_id, mint_long_term, mint_short_term};
use proptest::prelude::*;

fn lint(name: &str, text: &str) -> Verdict {
    let facts = Facts {
        catalogue: Catalogue::builtin(),
        actions: ActionCatalogue::builtin(),
        as_of: "2026-11-22".parse().unwrap(),
        settings: None,
        answers: None,
    };
    bedrock_lint::lint(&[Arc::new(Source::new(name, text))], &FormatOptions::default(), &facts)
}

/// What is shown unasked: rule and underlined text.
fn told(verdict: &Verdict) -> Vec<(&'static str, &str)> {
    let shown = verdict.findings.iter().filter(|finding| finding.confidence > Confidence::Possible);
    shown.map(|finding| (finding.rule, finding.primary.at.text())).collect()
}

fn mentions(name: &str, text: &str) -> Vec<Arc<MentionFact>> {
    formats::read(&Arc::new(Source::new(name, text)), &FormatOptions::default(), true).mentions
}

/// What each mention says, with its place.
fn named(name: &str, text: &str) -> Vec<(String, Place)> {
    let named = |fact: &Arc<MentionFact>| (fact.what.text().as_str().to_owned(), fact.place);
    mentions(name, text).iter().map(named).collect()
}

#[test]
fn a_string_counts_by_where_it_stands() {
    const V2: &str = "anthropic.claude-v2";
    for (name, line, place) in [
        ("a.py", "m = 'anthropic.claude-v2'", Place::Code),
        ("a.py", "m = 'bedrock/converse/us-east-1/anthropic.claude-v2'", Place::Code),
        ("a.py", "m = \"bedrock:anthropic.claude-v2\"", Place::Code),
        ("a.py", "url = f'{host}/model/anthropic.claude-v2/invoke'", Place::Code),
        ("a.py", "b = '{\"modelId\": \"anthropic.claude-v2\"}'", Place::Code),
        ("a.py", "b = \"{\\\"modelId\\\": \\\"anthropic.claude-v2\\\"}\"", Place::Code),
        ("a.ts", "const m = x ? 'anthropic.claude-v2' : 'y'", Place::Code),
        ("a.ts", "const m = `${p}.anthropic.claude-v2`", Place::Code),
        ("a.py", "if m == 'anthropic.claude-v2': pass", Place::Aside),
        ("a.py", "if 'anthropic.claude-v2' in m: pass", Place::Aside),
        ("a.py", "m.startswith('anthropic.claude-v2')", Place::Aside),
        ("a.ts", "switch (m) { case 'anthropic.claude-v2': }", Place::Aside),
        ("a.py", "LIMITS = {'anthropic.claude-v2': 1}", Place::Aside),
        ("a.rb", "LIMITS = {'anthropic.claude-v2' => 1}", Place::Aside),
        ("a.py", "print('asking anthropic.claude-v2')", Place::Aside),
        ("a.py", "help = \"such as 'anthropic.claude-v2'\"", Place::Aside),
        ("a.py", "f.__doc__ = \"\"\"The id (e.g., 'anthropic.claude-v2').\"\"\"", Place::Aside),
        ("a.py", "b = '[\"a\", \"anthropic.claude-v2\"]'", Place::Code),
        ("a.py", "# anthropic.claude-v2", Place::Comment),
        ("a.py", "def f():\n    '''Takes anthropic.claude-v2.'''", Place::Comment),
        ("a.go", "/* anthropic.claude-v2 */", Place::Comment),
        ("a.md", "It was `anthropic.claude-v2`.", Place::Prose),
        ("a.rst", "It was **anthropic.claude-v2**.", Place::Prose),
        ("tests/a.py", "m = 'anthropic.claude-v2'", Place::Example),
        ("a_test.go", "m := \"anthropic.claude-v2\"", Place::Example),
        ("Dockerfile", "ENV MODEL=anthropic.claude-v2", Place::Code),
        ("a.sh", "MODEL=${MODEL:-anthropic.claude-v2}", Place::Code),
        ("a.sh", "run --model anthropic.claude-v2 \\", Place::Code),
        ("a.sh", "echo asking anthropic.claude-v2", Place::Aside),
        ("a.toml", "model = \"anthropic.claude-v2\"", Place::Code),
        ("a.tpl", "model: anthropic.claude-v2 # old", Place::Code),
    ] {
        assert_eq!(named(name, line), [(V2.to_owned(), place)], "{line}");
    }
}

/// Where the first mention of Claude 2 stands in programs: `§` is its id as a string, `¶` that of another model.
fn assert_places(cases: &[(&str, &str, Place)]) {
    for (extension, program, place) in cases {
        let text = program.replace('§', "\"anthropic.claude-v2\"").replace('¶', "\"anthropic.claude-sonnet-4-6\"");
        let named = named(&format!("a.{extension}"), &text);
        let found: Vec<Place> =
            named.into_iter().filter(|(id, _)| id == "anthropic.claude-v2").map(|(_, place)| place).collect();
        assert!(!found.is_empty() && found.iter().all(|found| found == place), "{program}: {found:?}");
    }
}

#[test]
fn what_is_compared_is_not_called() {
    assert_places(&[
        ("py", "return m in (\"a\", §)", Place::Aside),
        ("py", "return m in (\n    §,\n    \"a\",\n)", Place::Aside),
        ("py", "if m not in [§, §]: pass", Place::Aside),
        ("py", "ok = m in {§} or m == §", Place::Aside),
        ("py", "x = m in frozenset([\"a\", §])", Place::Aside),
        ("py", "x = [m for m in ALL if m not in (§, §)]", Place::Aside),
        ("py", "x = any(m == one for one in (\"a\", §))", Place::Aside),
        ("py", "if any(one in m for one in [§]): pass", Place::Aside),
        ("py", "m.startswith((\"a\", §))", Place::Aside),
        ("py", "assert f() == §", Place::Aside),
        ("py", "assert is_retired(§)", Place::Aside),
        ("py", "@pytest.mark.parametrize(\"m\", [\"a\", §])", Place::Aside),
        ("py", "match m:\n    case \"a\" | §:\n        pass\n    case §:\n        pass", Place::Aside),
        ("py", "p = PRICES[§]", Place::Aside),
        ("py", "re.compile(§)", Place::Aside),
        ("ts", "if ([\"a\", §].includes(m)) f()", Place::Aside),
        ("ts", "all.filter(m => ![§].includes(m))", Place::Aside),
        ("ts", "const old = new Set([\"a\", §]).has(m)", Place::Aside),
        ("ts", "const x = [§].some((one) => one === m)", Place::Aside),
        ("ts", "const x = m === § ? 1 : 2", Place::Aside),
        ("ts", "switch (m) {\n  case \"a\":\n  case §:\n    break }", Place::Aside),
        ("ts", "expect(f()).toBe(§)", Place::Aside),
        ("ts", "expect(isOld(§)).toBe(true)", Place::Aside),
        ("ts", "const r = new RegExp(§)", Place::Aside),
        ("go", "ok := slices.Contains([]string{\"a\", §}, m)", Place::Aside),
        ("go", "switch m {\ncase \"a\", §:\n\treturn\n}", Place::Aside),
        ("go", "if m == § { return }", Place::Aside),
        ("go", "assert.Equal(t, §, got)", Place::Aside),
        ("go", "var limits = map[string]int{§: 1, \"a\": 2}", Place::Aside),
        ("java", "return Set.of(\"a\", §).contains(m);", Place::Aside),
        ("java", "return List.of(§).contains(m) || §.equals(m) || m.equals(§);", Place::Aside),
        ("java", "switch (m) { case \"a\", § -> f(); }", Place::Aside),
        ("java", "limits.put(§, 1);", Place::Aside),
        ("java", "return Arrays.asList(\"a\", §).stream().anyMatch(m::startsWith);", Place::Aside),
        ("kt", "when (m) { \"a\", § -> f() }", Place::Aside),
        ("kt", "val x = m in setOf(\"a\", §)", Place::Aside),
        ("cs", "var x = new[] { \"a\", § }.Contains(m);", Place::Aside),
        ("cs", "return m switch { \"a\" or § => 1, _ => 2 };", Place::Aside),
        ("cs", "var x = new HashSet<string> { \"a\", § }.Contains(m);", Place::Aside),
        ("rs", "matches!(m, \"a\" | §)", Place::Aside),
        ("rs", "match m { \"a\" | § => 1, _ => 2 }", Place::Aside),
        ("rs", "[\"a\", §].contains(&m)", Place::Aside),
        ("rs", "assert_eq!(f(), §);", Place::Aside),
        ("rb", "x = [\"a\", §].include?(m)", Place::Aside),
        ("rb", "case m\nwhen \"a\", §\n  1\nend", Place::Aside),
        ("py", "if m in {\n    # old: x(\n    §,  # gone, or nearly\n    §,\n}: pass", Place::Aside),
        ("ts", "if ([/* (old) */ §, // gone\n  §].includes(m)) f()", Place::Aside),
        ("php", "if (in_array($m, ['a', §])) { f(); }", Place::Aside),
        ("rs", "if let § = m { f() }", Place::Aside),
        ("sql", "DELETE FROM a WHERE m = 'anthropic.claude-v2' AND x IN ('b', 'anthropic.claude-v2')", Place::Aside),
        ("vue", "<p v-if=\"m === 'anthropic.claude-v2'\"></p>", Place::Aside),
        // the same signs, and yet a value
        ("sql", "UPDATE a SET m = 'anthropic.claude-v2'", Place::Code),
        ("py", "for m in (\"a\", §):\n    call(m)", Place::Code),
        ("py", "for m in [§]:\n    call(m)", Place::Code),
        ("py", "x = [call(m) for m in (§, \"a\")]", Place::Code),
        ("py", "m = § if x in (\"a\", \"b\") else ¶", Place::Code),
        ("py", "m = (\n    §\n)", Place::Code),
        ("py", "m = os.environ.get(\"MODEL\", §)", Place::Code),
        ("py", "def f(x, m: str = §): pass", Place::Code),
        ("py", "if x == 1: m = §", Place::Code),
        ("py", "client.converse(modelId=§, messages=[])", Place::Code),
        ("py", "client.converse(messages=[], modelId=§)", Place::Code),
        ("ts", "const m = x === \"a\" ? § : ¶", Place::Code),
        ("ts", "const m = process.env.MODEL ??\n  §", Place::Code),
        ("ts", "for (const m of [\"a\", §]) await call(m)", Place::Code),
        ("ts", "await Promise.all([\"a\", §].map((m) => call(m)))", Place::Code),
        ("ts", "client.send(new ConverseCommand({ modelId: § }))", Place::Code),
        ("go", "c.Converse(ctx, &in{ModelId: aws.String(§)})", Place::Code),
        ("go", "const model = §", Place::Code),
        ("go", "switch m {\ncase \"a\":\n\treturn §\n}", Place::Code),
        ("java", "String m = Optional.of(§).get();", Place::Code),
        ("java", "b.modelId(§).build();", Place::Code),
        ("kt", "when (x) { 1 -> call(§) }", Place::Code),
        ("kt", "val m = when (x) { \"a\" -> §\n else -> ¶ }", Place::Code),
        ("rs", "match x { 1 => §, _ => ¶ }", Place::Code),
        ("rs", "const MODEL: &str = §;", Place::Code),
        ("rb", "client.converse(model_id: §)", Place::Code),
        ("cs", "var m = x switch { 1 => §, _ => ¶ };", Place::Code),
        ("py", "run([\"aws\", \"--model-id\", §])\nargs = [\"--model-id\", §]", Place::Code),
    ]);
}

#[test]
fn what_is_listed_may_be_chosen() {
    assert_places(&[
        ("py", "SUPPORTED_MODELS = [\"a\", §]", Place::Listed),
        ("py", "MODELS: list[str] = [\n    \"a\",\n    §,\n]", Place::Listed),
        ("py", "MODELS = frozenset({§, \"a\"})", Place::Listed),
        ("py", "TOOLS = {\"chat\": {§, \"a\"}}", Place::Listed),
        ("py", "def models():\n    return [\"a\", §]", Place::Listed),
        ("py", "p.add_argument(\"--model\", choices=[§, ¶])", Place::Listed),
        ("py", "class Models(str, Enum):\n    NEW = ¶\n    V2 = §", Place::Listed),
        ("py", "m: Literal[\"a\", §] = pick()", Place::Listed),
        ("ts", "export type Model = ¶ | §;", Place::Listed),
        ("ts", "type Model =\n  | ¶\n  | §;", Place::Listed),
        ("ts", "type Model = §;", Place::Listed),
        ("ts", "const limits: Record<¶ | §, number> = f()", Place::Listed),
        ("ts", "const model = z.enum([¶, §])", Place::Listed),
        ("ts", "const s = { model: z.enum([¶, §]).optional() }", Place::Listed),
        ("ts", "const models = new Set<string>([¶, §])", Place::Listed),
        ("ts", "new CfnParameter(this, \"p\", { allowedValues: [¶, §] })", Place::Listed),
        ("ts", "enum Model { New = ¶, V2 = § }", Place::Listed),
        ("go", "var models = []string{¶, §}", Place::Listed),
        ("java", "static final Set<String> MODELS = Set.of(¶, §);", Place::Listed),
        ("java", "static final Map<String, String> X = f(); static final String[] MODELS = { ¶, § };", Place::Listed),
        ("java", "public enum Model {\n  NEW(¶),\n  V2(§);\n}", Place::Listed),
        ("kt", "enum class Model(val id: String) { NEW(¶), V2(§) }", Place::Listed),
        ("cs", "static readonly HashSet<string> Models = new() { ¶, § };", Place::Listed),
        ("rs", "const MODELS: &[&str] = &[¶, §];", Place::Listed),
        ("rs", "let models = vec![¶, §];", Place::Listed),
        ("rb", "MODELS = [¶, §].freeze", Place::Listed),
        // one after the other is called, or all are
        ("py", "FALLBACK_MODELS = [¶, §]", Place::Code),
        ("ts", "const fallbacks = [¶, §]", Place::Code),
        ("py", "compare(models=[¶, §])", Place::Code),
        ("py", "compare([¶, §])", Place::Code),
        ("ts", "const s = { model: z.string().default(§) }", Place::Code),
        ("ts", "const MODELS = { small: §, large: ¶ }", Place::Code),
        ("py", "class Settings(BaseModel):\n    model: str = §", Place::Code),
        ("java", "public class Models {\n  static final String V2 = §;\n}", Place::Code),
    ]);
    // a grant of each
    let policy = "s = PolicyStatement(actions=['bedrock:InvokeModel'], resources=['arn:aws:bedrock:*::foundation-model/anthropic.claude-v2'])";
    assert_eq!(told(&lint("a.py", policy)), [("retired-model", "anthropic.claude-v2")]);
    let arns = "arns = ['arn:aws:bedrock:*::foundation-model/anthropic.claude-v2', 'x']";
    assert_eq!(told(&lint("a.py", arns)), [("retired-model", "anthropic.claude-v2")]);
    // a wrong id is wrong for whoever chooses it
    let wrong = "MODELS = ['us.us.anthropic.claude-sonnet-4-6', 'anthropic.claude-v2']";
    assert_eq!(told(&lint("a.py", wrong)), [("unknown-model-id", "us.us.anthropic.claude-sonnet-4-6")]);
}

#[test]
fn what_is_replaced_is_not_called() {
    assert_places(&[
        ("py", "MIGRATIONS = {§: ¶}", Place::Aside),
        ("py", "ALIASES = {\n    §: ¶,\n    \"a\": ¶,\n}", Place::Aside),
        ("py", "RENAMED = [(§, ¶)]", Place::Aside),
        ("py", "old_id, new_id = §, ¶", Place::Aside),
        ("py", "for old, new in [(§, ¶), (§, ¶)]:\n    migrate(old, new)", Place::Aside),
        ("py", "LIMITS = dict([(§, 100_000), (\"a\", 2)])", Place::Aside),
        ("ts", "const next = new Map([[§, ¶]])", Place::Aside),
        ("ts", "const next: Record<string, string> = { [§]: ¶ }", Place::Aside),
        ("ts", "const moves = [{ from: §, to: ¶ }]", Place::Aside),
        ("kt", "val next = mapOf(§ to ¶)", Place::Aside),
        ("go", "var next = []struct{ old, new string }{{§, ¶}}", Place::Aside),
        ("go", "m = strings.ReplaceAll(m, §, ¶)", Place::Aside),
        ("py", "m = m.replace(§, ¶)", Place::Aside),
        ("rb", "m = m.sub(§, ¶)", Place::Aside),
        ("php", "$id = str_replace(§, 'b', $id);", Place::Aside),
        ("php", "$id = str_replace([§], ['b'], $id);", Place::Aside),
        ("go", "var r = strings.NewReplacer(¶, ¶, §, ¶)", Place::Aside),
        ("ex", "String.replace(id, §, ¶)", Place::Aside),
        ("py", "DEPRECATED_MODELS = [\"a\", §]", Place::Aside),
        ("py", "LEGACY = {§}", Place::Aside),
        ("py", "MODELS_WITHOUT_TOOLS = (§,)", Place::Aside),
        ("py", "BLOCKED_MODEL = §", Place::Aside),
        ("ts", "const deprecated = new Set([§])", Place::Aside),
        ("ts", "export const unsupportedModels: readonly string[] = [\n  \"a\",\n  §,\n];", Place::Aside),
        ("go", "var retired = []string{§}", Place::Aside),
        ("java", "static final Set<String> OLD = Set.of(\"a\", §);", Place::Aside),
        ("rs", "static EOL_MODELS: [&'static str; 2] = [\"a\", §];", Place::Aside),
        ("py", "raise ValueError(§)", Place::Aside),
        ("ts", "throw new Error(§)", Place::Aside),
        ("py", "log.warning(§)", Place::Aside),
        ("go", "return fmt.Errorf(\"%q is retired: %w\", §, err)", Place::Aside),
        // what takes the place of another is called
        ("py", "MIGRATIONS = {¶: §}", Place::Code),
        ("py", "old_id, new_id = ¶, §", Place::Code),
        ("py", "small, large = §, ¶", Place::Code),
        ("py", "ALIASES = {\"claude-2\": §}", Place::Code),
        ("py", "m = m.replace(¶, §)", Place::Code),
        ("php", "$id = str_replace('a', §, $id);", Place::Code),
        ("php", "$id = str_replace(['a'], [§], $id);", Place::Code),
        ("go", "var r = strings.NewReplacer(¶, ¶, ¶, §)", Place::Code),
        ("ex", "String.replace(id, ¶, §)", Place::Code),
        ("go", "m = strings.Replace(m, ¶, §, 1)", Place::Code),
        ("ts", "const moves = [{ from: ¶, to: § }]", Place::Code),
        ("kt", "val next = mapOf(\"a\" to §)", Place::Code),
        ("py", "for region, m in [(\"us-west-2\", §)]:\n    call(region, m)", Place::Code),
        ("py", "for m, region in [(§, \"us-west-2\")]:\n    call(region, m)", Place::Code),
        ("py", "threshold = 1\nmodel = §", Place::Code),
        ("go", "m := fmt.Sprintf(\"us.%s\", §)", Place::Code),
        ("py", "legacy_client.converse(modelId=§)", Place::Code),
        ("py", "if legacy: model = §", Place::Code),
        ("ts", "const legacyClient = new Client({ model: § })", Place::Code),
        ("py", "cache.set(\"model\", §)", Place::Code),
    ]);
}

#[test]
fn what_does_not_run_is_not_called() {
    assert_places(&[
        ("rs", "#[cfg(test)]\nmod tests {\n    use super::*;\n    fn t() { f({ § }) }\n}", Place::Example),
        ("rs", "#[test]\nfn t() {\n    let c = Client::new(§);\n}", Place::Example),
        ("rs", "#[tokio::test(flavor = \"x\")]\nasync fn t() { call(§).await; }", Place::Example),
        ("py", "def test_call():\n    x = 1\n\n    assert call(call(§))", Place::Example),
        ("py", "async def test_call(\n    client,\n):\n    await call(§)", Place::Example),
        ("py", "class TestCalls:\n    def call(self):\n        return call(§)", Place::Example),
        ("py", "class Calls(unittest.TestCase):\n    m = §", Place::Example),
        ("ts", "describe(\"calls\", () => {\n  it(\"works\", async () => { await call(§) })\n})", Place::Example),
        ("ts", "it.only(`works`, function () { call(§) })", Place::Example),
        ("go", "func TestCall(t *testing.T) {\n\tcall(§)\n}", Place::Example),
        ("java", "@Test\nvoid calls() { call(§); }", Place::Example),
        ("cs", "[Fact]\npublic void Calls() { Call(§); }", Place::Example),
        // the way back
        ("py", "def upgrade():\n    f(¶)\n\ndef downgrade():\n    f(§)", Place::Example),
        ("rb", "def up\n  f(¶)\nend\n\ndef down\n  f(§)\nend", Place::Example),
        ("ts", "exports.up = (k) => { f(¶) };\nexports.down = async (k) => { f(§) };", Place::Example),
        ("php", "public function up() { f(1); }\npublic function down(): void { f(§); }", Place::Example),
        // what is kept for those who have not moved on
        ("ts", "/** @deprecated use NEW */\nexport const V2 = §;", Place::Aside),
        ("ts", "/**\n * @deprecated use NEW\n */\nexport const V2 =\n  §;", Place::Aside),
        ("ts", "// Deprecated: gone\nfallbacks([\n  ¶,\n  §,\n]);", Place::Aside),
        ("go", "// Deprecated: use Sonnet.\nconst ClaudeV2 = §", Place::Aside),
        ("java", "@Deprecated\nstatic final String V2 = §;", Place::Aside),
        ("rs", "#[deprecated(note = \"gone\")]\npub const V2: &str = §;", Place::Aside),
        ("py", "V2 = §  # deprecated: use NEW", Place::Aside),
        // beside them
        ("rs", "fn main() { call(§) }\n#[cfg(test)]\nmod tests { fn t() {} }", Place::Code),
        ("rs", "#[cfg(not(test))]\nfn f() { call(§) }", Place::Code),
        ("rs", "#[derive(Debug)]\nstruct Tests {}\nfn f() { call(§) }", Place::Code),
        ("py", "def test_call():\n    call(¶)\n\ncall(§)", Place::Code),
        ("py", "def testimony():\n    call(§)", Place::Code),
        ("ts", "describe(\"x\", () => {})\ncall(§)", Place::Code),
        ("ts", "const ok = await test(§)", Place::Code),
        ("go", "func Test() { call(§) }", Place::Code),
        ("py", "def down(x):\n    call(§)", Place::Code),
        ("py", "def upgrade():\n    f(§)\n\ndef downgrade():\n    f(¶)", Place::Code),
        ("ts", "/** @deprecated use NEW */\nexport const V1 = ¶;\nexport const V2 = §;", Place::Code),
        ("ts", "/** @deprecated use g */\nfunction f() {\n  return call(§);\n}", Place::Code),
        ("ts", "const o = {\n  deprecated: false,\n  model: § };", Place::Code),
    ]);
}

#[test]
fn what_chooses_or_is_denied_is_not_called() {
    assert_places(&[
        ("py", "s = {\"Effect\": \"Deny\", \"Action\": \"bedrock:*\", \"Resource\": §}", Place::Aside),
        ("py", "s = {\"Resource\": [\"a\", §], \"Effect\": \"Deny\"}", Place::Aside),
        ("py", "s = iam.PolicyStatement(effect=iam.Effect.DENY, actions=[\"a\"], resources=[§])", Place::Aside),
        ("ts", "new iam.PolicyStatement({ effect: iam.Effect.DENY, actions: [\"a\"], resources: [§] })", Place::Aside),
        ("rb", "Agent.where(model_id: §).update_all(model_id: ¶)", Place::Aside),
        ("rb", "validates :model_id, exclusion: { in: [§] }", Place::Aside),
        ("py", "Agent.objects.filter(model_id=§).update(model_id=¶)", Place::Aside),
        ("py", "Agent.objects.exclude(model_id__in=[§])", Place::Aside),
        ("py", "q = select(M).where(M.model_id == §)", Place::Aside),
        ("ts", "await db.agent.updateMany({ where: { modelId: § }, data: { modelId: ¶ } })", Place::Aside),
        ("ts", "await agents.deleteMany({ modelId: § })", Place::Aside),
        ("py", "cur.execute(\"SELECT 1 FROM calls WHERE model = 'anthropic.claude-v2'\")", Place::Aside),
        ("py", "x(\"\"\"\n  SELECT 1 FROM calls\n  WHERE m IN ('a', 'anthropic.claude-v2')\"\"\")", Place::Aside),
        ("java", "@Query(\"update A a set a.m = 'x' where a.m = 'anthropic.claude-v2'\") void up();", Place::Aside),
        ("py", "prices.pop(§, None)", Place::Aside),
        ("py", "del prices[§]", Place::Aside),
        ("py", "alarm(Dimensions=[{\"Name\": \"ModelId\", \"Value\": §}])", Place::Aside),
        ("ts", "new Metric({ dimensionsMap: { ModelId: § } })", Place::Aside),
        ("js", "const rules = [{ selector: \"Literal[value='anthropic.claude-v2']\" }]", Place::Aside),
        ("cs", "string F(string id) => id switch { § or \"a\" => New, _ => id };", Place::Aside),
        ("cs", "return m switch { ¶ => ¶, § or \"a\" => New, _ => id };", Place::Aside),
        ("php", "if (str_contains($id, §)) { f(); }", Place::Aside),
        ("py", "bedrock.get_foundation_model(modelIdentifier=§)", Place::Aside),
        ("java", "repo.findByModelId(§).forEach(f);", Place::Aside),
        ("ts", "await A.updateMany({ modelId: { $in: [§] } }, { $set: { modelId: ¶ } })", Place::Aside),
        ("py", "q = Q(model_id__in=[§])", Place::Aside),
        ("ts", "expectType<§>(x)", Place::Listed),
        ("ex", "def upgrade(§), do: ¶", Place::Aside),
        ("ts", "const M = [{ id: ¶ }, { id: §, name: \"Claude, old\", deprecated: true }]", Place::Aside),
        ("ts", "const M = [{ status: \"retired\", id: § }]", Place::Aside),
        ("py", "M = [Model(id=§, eol=\"2025-07-21\")]", Place::Aside),
        ("py", "M = [Model(id=§, replaced_by=¶)]", Place::Aside),
        ("php", "$m = [['id' => §, 'deprecated' => true]];", Place::Aside),
        // the same, and yet called
        ("py", "s = {\"Effect\": \"Allow\", \"Resource\": §}", Place::Code),
        (
            "py",
            "s = [{\"Effect\": \"Deny\", \"Resource\": \"a\"}, {\"Effect\": \"Allow\", \"Resource\": §}]",
            Place::Code,
        ),
        ("ts", "new iam.PolicyStatement({ effect: iam.Effect.ALLOW, resources: [§] })", Place::Code),
        ("rb", "Agent.where(model_id: ¶).update_all(model_id: §)", Place::Code),
        ("py", "Agent.objects.filter(model_id=¶).update(model_id=§)", Place::Code),
        ("ts", "await db.agent.updateMany({ where: { modelId: ¶ }, data: { modelId: § } })", Place::Code),
        ("py", "cur.execute(\"UPDATE a SET m = 'anthropic.claude-v2' WHERE m = 'x'\")", Place::Code),
        ("py", "x(\"SELECT 1 WHERE a = 1; INSERT INTO b VALUES ('anthropic.claude-v2')\")", Place::Code),
        ("ts", "const M = [{ id: §, deprecated: false }]", Place::Code),
        ("ts", "const M = [{ id: ¶, deprecated: true }, { id: § }]", Place::Code),
        ("py", "M = [Model(id=§, eol=None, replaced_by=None)]", Place::Code),
        ("ts", "const M = { deprecated: ¶, current: § }", Place::Code),
        ("ts", "const M = [{ id: §, status: \"active\" }]", Place::Code),
        ("py", "m = choice or §", Place::Code),
        ("py", "m = § or ¶", Place::Code),
        ("ex", "def model, do: §", Place::Code),
        ("php", "$r = $c->converse(['modelId' => §, 'messages' => $m]);", Place::Code),
        ("rb", "c.converse({ 'model_id' => §, 'messages' => [] })", Place::Code),
        ("rs", "match x { \"a\" => §, \"b\" => ¶, _ => ¶ }", Place::Code),
        ("cs", "return m switch { \"a\" => §, ¶ or \"b\" => New, _ => id };", Place::Code),
        ("ts", "await A.updateMany({ id: { $in: [¶] } }, { $set: { modelId: § } })", Place::Code),
        ("java", "client.findAnswer(§);", Place::Code),
    ]);
}

#[test]
fn what_scripts_test_is_not_called() {
    const V2: &str = "anthropic.claude-v2";
    for (name, line, place) in [
        ("a.sh", "[ \"$M\" = \"anthropic.claude-v2\" ] && exit 1", Place::Aside),
        ("a.sh", "if [ \"$M\" = x ] || [ \"$M\" != anthropic.claude-v2 ]; then", Place::Aside),
        ("a.sh", "if [[ $M == \"anthropic.claude-v2\" ]]; then exit 1; fi", Place::Aside),
        ("a.sh", "if test $M = 'anthropic.claude-v2'; then", Place::Aside),
        ("a.sh", "case $M in anthropic.claude-v2) exit 1 ;; esac", Place::Aside),
        ("a.sh", "  x|anthropic.claude-v2|y)", Place::Aside),
        ("a.sh", "  \"anthropic.claude-v2\" | x)", Place::Aside),
        ("a.sh", "  a) f ;; anthropic.claude-v2) g ;;", Place::Aside),
        ("a.sh", "DEPRECATED_MODELS=(\"x\" \"anthropic.claude-v2\")", Place::Aside),
        ("a.sh", "export OLD_MODEL=anthropic.claude-v2", Place::Aside),
        ("a.ps1", "if ($m -eq 'anthropic.claude-v2') { exit }", Place::Aside),
        ("a.ps1", "if ($m -in @('anthropic.claude-v2')) { exit }", Place::Aside),
        ("a.tpl", "{{- if eq .Values.model \"anthropic.claude-v2\" }}", Place::Aside),
        ("a.j2", "{% if model == 'anthropic.claude-v2' %}", Place::Aside),
        ("a.j2", "{% if model in ['anthropic.claude-v2'] %}", Place::Aside),
        ("a.toml", "legacy_models = [\"anthropic.claude-v2\"]", Place::Aside),
        ("a.sh", "if grep -q \"anthropic.claude-v2\" a.json; then exit 1; fi", Place::Aside),
        ("a.sh", "! git grep -nE \"x|anthropic.claude-v2\" -- src", Place::Aside),
        ("a.sh", "x && rg 'anthropic.claude-v2' . && exit 1", Place::Aside),
        ("a.sh", "awk '/anthropic.claude-v2/ {print}' a", Place::Aside),
        ("a.sh", "cat a | ag anthropic.claude-v2", Place::Aside),
        ("Makefile", "check:\n\t@if grep -rq 'anthropic.claude-v2' src; then exit 1; fi", Place::Aside),
        ("Dockerfile", "RUN grep -v anthropic.claude-v2 /etc/a > /etc/b", Place::Aside),
        ("Jenkinsfile", "steps { sh 'grep -q anthropic.claude-v2 a.yml && exit 1' }", Place::Aside),
        ("a.sh", "aws bedrock get-foundation-model --model-identifier anthropic.claude-v2", Place::Aside),
        ("a.bat", "findstr /C:\"anthropic.claude-v2\" a.txt", Place::Aside),
        ("a.ps1", "if (Select-String -Path a -Pattern 'anthropic.claude-v2') { exit 1 }", Place::Aside),
        ("a.ps1", "$x -replace 'anthropic.claude-v2', 'b'", Place::Aside),
        ("a.sh", "declare -A NEXT=( [anthropic.claude-v2]=x )", Place::Aside),
        ("a.sh", "NEXT[\"anthropic.claude-v2\"]=y", Place::Aside),
        ("a.toml", "\"anthropic.claude-v2\" = \"x\"", Place::Aside),
        ("a.tpl", "aliases: {\"anthropic.claude-v2\": x}", Place::Aside),
        ("justfile", "old := \"anthropic.claude-v2\"", Place::Aside),
        // and what they call
        ("a.sh", "grep -q x a && run --model anthropic.claude-v2", Place::Code),
        ("a.sh", "if grep -q x a; then M=anthropic.claude-v2; fi", Place::Code),
        ("a.sh", "M=$(grep x a) run --model anthropic.claude-v2", Place::Code),
        ("a.sh", "run --with grep --model anthropic.claude-v2", Place::Code),
        ("a.ps1", "$x -replace 'b', 'anthropic.claude-v2'", Place::Code),
        ("a.sh", "declare -A NEXT=( [x]=anthropic.claude-v2 )", Place::Code),
        ("a.toml", "\"x\" = \"anthropic.claude-v2\"", Place::Code),
        ("justfile", "model := \"anthropic.claude-v2\"", Place::Code),
        ("a.sh", "[ -n \"$M\" ] || M=anthropic.claude-v2", Place::Code),
        ("a.sh", "[ -z \"$M\" ] && M = \"anthropic.claude-v2\"", Place::Code),
        ("a.sh", "run $(ask --model anthropic.claude-v2)", Place::Code),
        ("a.sh", "a) M=anthropic.claude-v2 ;;", Place::Code),
        ("a.toml", "models = [ { id = \"anthropic.claude-v2\" } ]", Place::Code),
        ("a.toml", "models = [\"anthropic.claude-v2\"]", Place::Code),
        ("a.j2", "model: {{ model | default('anthropic.claude-v2') }}", Place::Code),
        ("a.ps1", "Invoke -Model 'anthropic.claude-v2'", Place::Code),
        ("Dockerfile", "ENV MODEL anthropic.claude-v2", Place::Aside),
    ] {
        assert_eq!(named(name, line), [(V2.to_owned(), place)], "{line}");
    }
}

#[test]
fn what_only_looks_like_something() {
    for line in [
        "x = 'anthropic.claude-code'",
        "x = 'com.anthropic.claude-3-desktop'",
        "x = 'anthropic.claude-3-'",
        "x = 'anthropic.claude-v2_old'",
        "x = 'my-anthropic.claude-v2'",
        "x = 'oci/cohere.command-r-08-2024'",
        "x = 'openrouter/anthropic.claude-v2'",
        "x = 'anthropic.claude-v2*'",
        "x = f'anthropic.claude-3-{size}'",
        "x = f'anthropic.claude-3-5-sonnet-{date}'",
        "x = 'anthropic.claude-v2' + suffix",
        "x = 'anthropic.claude-v2:' + revision",
        "x = 'cohere.embedding.v3'",
        "x = 'meta.llama-3.1-405b-instruct'",
        "x = 'bedrock:InvokeModel'",
        "x = anthropic.claude_v2",
        "x = r'arn:aws:bedrock:[a-z0-9-]+:(\\d{12})?:foundation-model/.*'",
        "x = 'ABSK-rotation', 'bedrock-api-key-rotation'",
    ] {
        assert_eq!(named("a.py", line), [], "{line}");
    }
    // shaped like an id, and nothing is known to be wrong with it
    for line in [
        "x = 'cohere.command-r-08-2024'",
        "x = 'anthropic.claude-haiku-4-5'",
        "x = 'anthropic.claude-3-5-sonnet'",
        "x = 'anthropic.claude-9-quatrain-20290101-v1:0'",
        "x = 'in.anthropic.claude-sonnet-4-6'",
        "x = 'arn:aws:bedrock:us-east-1:111122223333:'",
        "x = 'arn:aws:bedrock:us-east-1::foundation-model/'",
        "x = 'arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-'",
        "x = 'arn:aws:bedrock:*:*:foundation-model/anthropic.claude-*'",
        "x = 'arn:aws:bedrock:eu-*::foundation-model/amazon.nova-reel-v1:*'",
        "x = 'arn:aws:bedrock:::foundation-model/anthropic.claude-sonnet-4-6'",
        "x = 'arn:aws:bedrock:us-east-1:1234:inference-profile/us.amazon.nova-lite-v1:0'",
        "x = 'arn:aws:bedrock:region:account:inference-profile/us.amazon.nova-lite-v1:0'",
        "x = 'arn:aws:bedrock:us-east-1:111122223333:inference-profile/...'",
        "x = f'arn:aws:bedrock:{region}:{owner}:{kind}/{name}'",
        "x = f'arn:aws:bedrock:{region}:{owner}:foundation-model/{name}'",
        "x = 'arn:{}:bedrock:{}:{}:inference-profile/{}'.format(a, b, c, d)",
        "x = 'arn:aws:bedrock-agentcore:us-east-1:111122223333:runtime/x'",
        "x = 'arn:aws:bedrock:us-east-1:111122223333:inference-profile%2Fus.amazon.nova-lite-v1:0'",
        "actions = ['bedrock:InvokeModel', 'bedrock-mantle:CreateInference', 'bedrock:Get*']",
        "span = 'bedrock-runtime:InvokeModel'",
    ] {
        assert_eq!(told(&lint("a.py", line)), [], "{line}");
    }
}

#[test]
fn arns_are_put_together() {
    let model = "foundation-model/amazon.nova-lite-v1:0";
    for (name, text, underlined) in [
        (
            "a.py",
            format!("x = ('arn:aws:bedrock:us-east-1:'\n     f'111122223333:{model}')"),
            format!("arn:aws:bedrock:us-east-1:'\n     f'111122223333:{model}"),
        ),
        (
            "a.java",
            format!("a = \"arn:aws:bedrock:\" + region(\"x\", 'y')\n  + \":\" + accountId + \":{model}\";"),
            format!("arn:aws:bedrock:\" + region(\"x\", 'y')\n  + \":\" + accountId + \":{model}"),
        ),
        (
            "a.ts",
            format!("[`arn:aws:bedrock:${{a({{ b: `c` }})}}:${{this.account}}:{model}`, 'x']"),
            format!("arn:aws:bedrock:${{a({{ b: `c` }})}}:${{this.account}}:{model}"),
        ),
        (
            "a.rb",
            format!("\"arn:aws:bedrock:#{{region}}:#{{account}}:{model}\""),
            format!("arn:aws:bedrock:#{{region}}:#{{account}}:{model}"),
        ),
        (
            "a.go",
            format!("f(`arn:aws:bedrock:us-east-1:111122223333:{model}`)"),
            format!("arn:aws:bedrock:us-east-1:111122223333:{model}"),
        ),
        (
            "a.md",
            format!("See arn:aws:bedrock:us-east-1:111122223333:{model}."),
            format!("arn:aws:bedrock:us-east-1:111122223333:{model}"),
        ),
    ] {
        let verdict = lint(name, &text);
        let found: Vec<_> = verdict.findings.iter().map(|one| (one.rule, one.primary.at.text())).collect();
        assert_eq!(found, [("malformed-bedrock-arn", underlined.as_str())], "{text}");
    }
}

#[test]
fn notebooks_lead_back_through_their_escapes() {
    let cell = |kind: &str, source: &str| format!("{{\"cell_type\": \"{kind}\", \"source\": {source}}}");
    let notebook = |cells: &[String]| format!("{{\"cells\": [{}], \"nbformat\": 4}}", cells.join(", "));
    let lines = r##"["m = \"\u0061nthropic.claude-v2\"\n", "# é anthropic.claude-v2:1\n"]"##;
    let text = notebook(&[cell("code", lines), cell("markdown", r#""`anthropic.claude-instant-v1`""#)]);
    let found = mentions("a.ipynb", &text);
    let spans: Vec<_> = found.iter().map(|one| (&text[one.what.text().span().range()], one.place)).collect();
    assert_eq!(
        spans,
        [
            (r"\u0061nthropic.claude-v2", Place::Code),
            ("anthropic.claude-v2:1", Place::Comment),
            ("anthropic.claude-instant-v1", Place::Prose),
        ]
    );
    let shell = notebook(&[cell("code", r#""%%bash\naws bedrock-runtime converse --model-id anthropic.claude-v2""#)]);
    assert_eq!(told(&lint("a.ipynb", &shell)), [("retired-model", "anthropic.claude-v2")]);
    let printed = "{\"cells\": [{\"cell_type\": \"code\", \"outputs\": [\"anthropic.claude-v2\"], \"source\": []}]}";
    assert_eq!(named("a.ipynb", printed), []);
}

#[test]
fn what_is_spoken_of_is_a_note_for_those_who_ask() {
    let verdict = lint("a.py", "# anthropic.claude-v2\nm = 'anthropic.claude-v2'  # was anthropic.claude-v2\n");
    let [finding] = verdict.findings.as_slice() else { panic!("{:?}", verdict.findings) };
    assert_eq!((finding.severity, finding.confidence), (Severity::Warning, Confidence::Likely));
    assert_eq!((finding.primary.at.start().line, finding.related.len()), (2, 2));
    for (name, text) in [
        (
            "README.md",
            "```json\n{\"Effect\": \"Allow\", \"Action\": \"bedrock:Converse\", \"Resource\": \"arn:aws:bedrock:us-esat-1:111122223333:foundation-model/us.us.anthropic.claude-sonnet-4-6\"}\n```",
        ),
        ("tests/a.ts", "const p = { Action: 'bedrock:Converse', Model: 'us.us.anthropic.claude-sonnet-4-6' }"),
    ] {
        let findings = lint(name, text).findings;
        assert!(findings.len() >= 2, "{findings:?}");
        assert!(findings.iter().all(|one| one.severity == Severity::Note && one.confidence == Confidence::Possible));
    }
}

#[test]
fn keys_are_told_of_wherever_they_stand_and_never_shown() {
    let long = mint_long_term("BedrockAPIKey-x1", "111122223333", false);
    let short = mint_short_term("us-east-1", "20261122T101112Z", 43_200, &mint_access_key_id("ASIA", "111122223333"));
    for (name, text) in [
        ("a.py", "os.environ['AWS_BEARER_TOKEN_BEDROCK'] = 'KEY'"),
        ("a.ts", "// token: KEY\n"),
        ("docs/a.md", "export AWS_BEARER_TOKEN_BEDROCK=KEY\n"),
        ("tests/run.sh", "curl -H \"Authorization: Bearer KEY\" x"),
    ] {
        for (key, rule, prefix) in [(&long, "hardcoded-key", "ABSK"), (&short, "short-term-key", "bedrock-api-key-")] {
            let verdict = lint(name, &text.replace("KEY", &key.text));
            let found: Vec<_> =
                verdict.findings.iter().map(|one| (one.rule, one.severity, one.primary.at.text())).collect();
            assert_eq!(found, [(rule, Severity::Error, prefix)], "{name}");
            let facts = format!("{:?} {:?}", mentions(name, &text.replace("KEY", &key.text)), verdict);
            assert!(key.secrets.iter().all(|secret| !facts.contains(secret)) && !facts.contains(&key.text[30..60]));
        }
        for filler in [
            "ABSKxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "bedrock-api-key-your-key-goes-here-and-is-very-long-indeed",
        ] {
            assert!(lint(name, &text.replace("KEY", filler)).findings.is_empty(), "{filler}");
        }
    }
}

#[test]
fn comments_of_every_language_silence() {
    let ignore = "bedrock-lint: ignore[retired-model] the archive wants it";
    for (name, text) in [
        ("a.py", "# IGNORE\nm = 'anthropic.claude-v2'"),
        ("a.py", "m = 'anthropic.claude-v2'  # IGNORE"),
        ("a.ts", "// IGNORE\nconst m = 'anthropic.claude-v2'"),
        ("a.java", "/* IGNORE */\nString m = \"anthropic.claude-v2\";"),
        ("a.sql", "-- IGNORE\nSELECT 'anthropic.claude-v2'"),
        ("a.md", "<!-- IGNORE -->\n`anthropic.claude-v2`"),
        ("a.sh", "# IGNORE\nMODEL=anthropic.claude-v2"),
        ("a.tpl", "{{/* IGNORE */}}\nmodel: anthropic.claude-v2"),
        ("a.tpl", "{{- /* IGNORE */ -}}\nmodel: anthropic.claude-v2"),
        ("a.mdx", "{/* IGNORE */}\n`anthropic.claude-v2`"),
    ] {
        let verdict = lint(name, &text.replace("IGNORE", ignore));
        assert!(verdict.findings.is_empty(), "{name}: {text}: {:?}", verdict.findings);
    }
    let verdict = lint("a.ts", &format!("// {ignore}\nconst m = 'x'; // anthropic.claude"));
    assert_eq!(told(&verdict).first().unwrap().0, "unused-suppression");
    // how it is written is shown in a fence, and in a string
    assert!(lint("a.md", &format!("```html\n<!-- {ignore} -->\n```\n")).findings.is_empty());
    assert!(lint("a.py", &format!("x = '# {ignore}'\n")).findings.is_empty());
}

#[test]
fn tables_and_what_programs_wrote_are_passed_over() {
    let table = |count: usize| (0..count).map(|n| format!("\"amazon.titan-text-g{n}-v1\",\n")).collect::<String>();
    let with = |count: usize| format!("const M = [{}];\nconst m = 'anthropic.claude-v2';", table(count));
    assert_eq!(told(&lint("a.ts", &with(39))), [("retired-model", "anthropic.claude-v2")]);
    assert_eq!(told(&lint("a.ts", &with(40))), []);
    let key = mint_long_term("BedrockAPIKey-x1", "111122223333", false).text;
    assert_eq!(told(&lint("a.ts", &format!("{}const k = '{key}'", with(60)))), [("hardcoded-key", "ABSK")]);
    for (name, text) in [
        ("llm/model_prices.ts", "const m = 'anthropic.claude-v2';"),
        ("src/catalog.ts", "const m = 'anthropic.claude-v2';"),
        ("app.min.js", "const m = 'anthropic.claude-v2';"),
        ("app.js.map", "const m = 'anthropic.claude-v2';"),
        ("Cargo.lock", "m = 'anthropic.claude-v2'"),
        ("a.go", "// Code generated by x. DO NOT EDIT.\nvar m = \"anthropic.claude-v2\""),
        ("a.ts", "// @generated\nconst m = 'anthropic.claude-v2';"),
        ("a.js", &format!("{}'anthropic.claude-v2'", "x();".repeat(3000))),
    ] {
        let verdict = lint(name, text);
        assert_eq!((told(&verdict).len(), verdict.problems.len()), (0, 0), "{name}");
    }
}

#[test]
fn which_files_are_searched() {
    let helm = "{{- if .x }}\nmodel: anthropic.claude-v2\n{{- end }}\n";
    let policy = common::CLEAN;
    let folder = Folder::new(&[
        ("chart/templates/a.yaml", helm),
        ("app.py", "MODEL = 'anthropic.claude-v2'\n"),
        ("quiet.py", "import bedrock\n"),
        ("parsed.yaml", "note: anthropic.claude-v2\n"),
        ("main.tf", "m = \"anthropic.claude-v2\"\n"),
        ("links.md", "[bedrock](x) anthropic.claude-v2\n"),
        ("policy.json", policy),
    ]);
    let run = folder.run(&["check", "--as-of", "2026-11-22", "--format", "concise", "."]);
    let lines: Vec<&str> = run.lines().into_iter().filter_map(|line| line.split_once(": ").map(|(at, _)| at)).collect();
    assert_eq!(lines, ["app.py:1:10", "chart/templates/a.yaml:2:8"], "{}", run.out);
    let run = folder.run(&["quiet.py", "main.tf", "parsed.yaml", "policy.json", "--fail-on", "never"]);
    assert!(!run.err.contains("quiet.py") && run.err.contains("parsed.yaml"), "{}", run.err);
    let run = folder.run(&["quiet.py", "policy.json", "links.md"]);
    assert_eq!(
        (run.code, run.err.as_str()),
        (0, "no problems found in 3 files (3 mention Bedrock) (1 more with --pedantic)\n")
    );
    let run = folder.run_with(
        &["--as-of", "2026-11-22", "--format", "concise", "-"],
        "x = call('us.us.anthropic.claude-sonnet-4-6')\n",
    );
    assert_eq!((run.code, run.lines().len()), (0, 0), "text of no known name is for people: {}", run.out);
    let run = folder.run_with(
        &["--stdin-filename", "x.py", "--format", "concise", "-"],
        "x = call('us.us.anthropic.claude-sonnet-4-6')\n",
    );
    assert!(run.out.starts_with("x.py:1:11: warning[unknown-model-id]"), "{} {}", run.out, run.err);
}

#[test]
fn settings_of_no_format_are_searched_for_what_their_names_call_a_model() {
    const V2: &str = "anthropic.claude-v2";
    for (name, text) in [
        ("values.yaml", "bedrock:\n  region: us-east-1\n  model: anthropic.claude-v2\n"),
        ("appsettings.json", "{\"Bedrock\": {\"Region\": \"us-east-1\", \"ModelId\": \"anthropic.claude-v2\"}}"),
        ("package.json", "{\"scripts\": {\"dev\": \"BEDROCK_MODEL_ID=anthropic.claude-v2 node .\"}}"),
        ("state.asl.json", "{\"Parameters\": {\"ModelId\": \"anthropic.claude-v2\", \"Body\": {}}}"),
        ("a.yaml", "args: [\"--model=anthropic.claude-v2\"]\n"),
    ] {
        assert_eq!(told(&lint(name, text)), [("retired-model", V2)], "{text}");
    }
    let many: String = (0..9).map(|n| format!("- model: amazon.titan-text-g{n}-v1\n")).collect();
    for (name, text) in [
        ("a.yaml", "note: anthropic.claude-v2\n"),
        ("a.yaml", "models:\n  - anthropic.claude-v2\n"),
        ("a.yaml", "models: [anthropic.claude-v2]\n"),
        ("a.yaml", "old_model: anthropic.claude-v2\n"),
        ("a.yaml", "limits:\n  anthropic.claude-v2: 1\n"),
        ("a.yaml", "description: \"the model is anthropic.claude-v2\"\n"),
        ("a.yaml", "expr: 'sum(calls{model=\"anthropic.claude-v2\"}) > 0'\n"),
        ("a.json", "{\"models\": [{\"id\": \"anthropic.claude-v2\"}]}"),
        ("a.json", "{\"anthropic.claude-v2\": {\"input_cost\": 1}}"),
        ("prices.json", "{\"model\": \"anthropic.claude-v2\"}"),
        ("tests/a.json", "{\"model\": \"anthropic.claude-v2\"}"),
        ("package-lock.json", "{\"model\": \"anthropic.claude-v2\"}"),
        ("a.jsonl", "{\"model\": \"anthropic.claude-v2\"}"),
        ("a.yaml", &format!("{many}- model: anthropic.claude-v2\n")),
    ] {
        let verdict = lint(name, text);
        assert_eq!((told(&verdict), verdict.findings.len()), (vec![], 0), "{name}: {text}");
    }
}

#[test]
fn one_long_line_takes_no_longer_than_its_length() {
    let pieces = [
        "'anthropic.claude-v2',",
        "/* @deprecated */ up down({#[deprecated('anthropic.claude-v2',",
        "(a: 1, \"status\": 'anthropic.claude-v2', b =",
        "\"arn:aws:bedrock:us-east-1:1:foundation-model/x\"+",
        "`${'us.anthropic.claude-v2'}",
        "'bedrock:Converse' Action ",
        "arn:aws:bedrock:${{{(([",
        "anthropic.claude-v2 ",
        "anthropic.claude-",
        "us.us.us.us.",
        "ABSKABSKABSK",
        "\\\"",
        "é'",
    ];
    for (name, size) in [("a.py", 1 << 20), ("a.ts", 1 << 20), ("a.sh", 1 << 20), ("a.md", 1 << 20)] {
        for piece in pieces {
            // the first half of the file is of short lines, so that it is not taken for a bundle
            let text = "x = 1\n".repeat(size / 5) + &piece.repeat(size / piece.len());
            let begun = Instant::now();
            let _ = mentions(name, &text);
            let took = begun.elapsed();
            assert!(took < Duration::from_secs(10), "{name}: {piece}: {took:?}");
        }
    }
}

/// Pieces of programs and of what they name.
fn program() -> impl Strategy<Value = String> {
    let stem = proptest::sample::select(model_stems().collect::<Vec<_>>());
    let sign = proptest::sample::select(vec![
        "\"",
        "'",
        "`",
        "${",
        "}",
        "{",
        "\\",
        "\n",
        " ",
        "+",
        "#",
        "//",
        "/*",
        "*/",
        "\"\"\"",
        ":",
        "/",
        ".",
        "é",
        "…",
        "<",
        ">",
        "%s",
        "(",
        ")",
        "us.",
        "-v1:0",
        "arn:aws:bedrock:us-east-1::",
        "foundation-model/",
        "bedrock:Converse",
        "Action",
        "111122223333",
        "f\"",
        "```",
        "ABSK",
        "x",
    ]);
    let piece = prop_oneof![3 => sign.prop_map(str::to_owned), 1 => stem, 1 => "[a-z0-9-]{1,6}"];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// Every character of a mention leads back to the same character of the file, and findings stand in it.
    #[test]
    fn mentions_lead_back_to_their_characters(text in program(), extension in proptest::sample::select(vec!["py", "ts", "go", "rs", "java", "sh", "md", "tpl", "rb"])) {
        let name = format!("a.{extension}");
        for mention in mentions(&name, &text) {
            let said = mention.what.text();
            prop_assert!(!said.as_str().is_empty());
            for (at, one) in said.as_str().char_indices() {
                let span = said.span_of(at..at + one.len_utf8());
                let written = text.get(span.range()).map(str::to_owned);
                prop_assert_eq!(written, Some(one.to_string()), "{:?} in {:?}", said, text);
            }
        }
        for finding in lint(&name, &text).findings {
            let labels = finding.related.iter().chain([&finding.primary]);
            let edits = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| &edit.at);
            for at in labels.map(|label| &label.at).chain(edits) {
                prop_assert!(text.get(at.span.range()).is_some());
            }
        }
    }
}

#[test]
fn what_is_only_listed_or_replaced_is_told_apart_from_what_is_called() {
    let text = "RETIRED = {\"anthropic.claude-v2\": \"anthropic.claude-sonnet-4-6\"}\ndeprecated_models = [\"anthropic.claude-v2\"]\n\
                MODEL = \"anthropic.claude-v2\"\nFALLBACK = \"anthropic.claude-v2\"\n";
    let verdict = lint("app.py", text);
    let shown: Vec<_> = verdict.findings.iter().filter(|one| one.confidence > Confidence::Possible).collect();
    let [finding] = shown.as_slice() else { panic!("{:?}", verdict.findings) };
    let lines = |at: &bedrock_lint::source::Location| at.start().line;
    assert_eq!(lines(&finding.primary.at), 3);
    let mut related: Vec<_> = finding.related.iter().map(|label| (lines(&label.at), label.message.as_str())).collect();
    related.sort_unstable();
    assert_eq!(related, [(1, "mentioned here"), (2, "mentioned here"), (4, "and here")]);
}
