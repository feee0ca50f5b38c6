//! Programs from PyPI, with pinned versions, in environments of their own in the target folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The Python of an environment that has what `tests/NAME.txt` names. It is made on the first run, and anew when that
/// file changes. Not for two tests of one name at a time.
pub fn python(name: &str) -> PathBuf {
    let environment = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let python = environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/{name}.txt"));
    let (wanted, installed) = (fs::read_to_string(&requirements).unwrap(), environment.join("installed.txt"));
    if fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        return python;
    }
    let need = "this test needs Python 3.10 or newer as `python3`, with its `venv` module (Debian and Ubuntu: \
                `apt install python3-venv`), and a package index (PyPI) on its first run";
    let make = Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment).output();
    assert!(make.as_ref().is_ok_and(|make| make.status.success()), "{need}\n{make:?}");
    let pip = ["-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--requirement"];
    let install = Command::new(&python).args(pip).arg(requirements).output();
    assert!(install.as_ref().is_ok_and(|install| install.status.success()), "{need}\n{install:?}");
    fs::write(installed, wanted).unwrap();
    python
}
