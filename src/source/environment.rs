//! Files of environment variables, by their names. They are often kept out of version control, and so out of a walk.

/// Extensions of files that are something else, whatever their name begins with: `.env.ts`, `next-env.d.ts`.
const OTHERS: [&str; 30] = [
    "age", "asc", "cs", "css", "enc", "go", "gpg", "hcl", "html", "java", "js", "json", "jsonc", "json5", "jsx", "kt",
    "lock", "md", "mdx", "mjs", "php", "py", "rb", "rs", "sql", "tf", "toml", "ts", "yaml", "yml",
];

/// What stands behind `env` in names that do not begin or end with it: `env.example`, `prod.env.template`.
const KINDS: [&str; 8] = ["default", "defaults", "dist", "example", "sample", "template", "tmpl", "tpl"];

/// Whether a file is called one of environment variables: `.env`, `.env.local`, `prod.env`, `env.example`, `.envrc` of
/// direnv, `.dev.vars` of Cloudflare, `.flaskenv`.
pub(crate) fn is_called_environment(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    if OTHERS.contains(&extension) {
        return false;
    }
    let behind =
        |start: &str| name.strip_prefix(start).filter(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']));
    [".env", ".envrc", ".dev.vars", ".flaskenv"].iter().any(|start| behind(start).is_some())
        || extension == "env"
        || KINDS.iter().any(|kind| {
            let before = name.strip_suffix(kind).and_then(|rest| rest.strip_suffix(['.', '-', '_']));
            before.is_some_and(|rest| rest == "env" || rest.ends_with(".env") || rest == "dotenv")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_of_variables() {
        for name in [
            ".env",
            "a/b/.env",
            ".env.local",
            ".env.production.local",
            ".env.example",
            ".env-sample",
            ".env_prod",
            "prod.env",
            "config/secrets.env.example",
            "env.example",
            "env.template",
            "dotenv.sample",
            ".envrc",
            ".envrc.example",
            ".flaskenv",
            ".dev.vars",
            ".dev.vars.example",
            ".ENV",
            "librechat.env",
        ] {
            assert!(is_called_environment(name), "{name}");
        }
        for name in [
            "env.ts",
            "env.go",
            ".env.ts",
            ".env.d.ts",
            "next-env.d.ts",
            "env.json",
            ".env.yaml",
            ".env.gpg",
            "env",
            "environment",
            ".envoy-version",
            "my-env.example",
            "README.example",
            "env/README.md",
            ".env/config",
        ] {
            assert!(!is_called_environment(name), "{name}");
        }
    }
}
