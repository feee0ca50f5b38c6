//! The program in a terminal of a given width.

use std::fs::File;
use std::io::Read;
use std::process::{Command, Stdio};

use rustix::fs::{Mode, OFlags, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use super::Folder;

/// What a terminal showed, standard output and error in one.
#[derive(Debug)]
pub struct Shown {
    pub code: i32,
    pub text: String,
}

impl Shown {
    /// The text without colours.
    pub fn plain(&self) -> String {
        let mut parts = self.text.split('\u{1b}');
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |text, part| text + part.split_once('m').map_or("", |(_, rest)| rest))
    }
}

/// Runs the program in a folder, with a terminal that shows UTF-8 and colours unless the variables say otherwise.
pub fn in_terminal(folder: &Folder, columns: u16, variables: &[(&str, &str)], arguments: &[&str]) -> Shown {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap();
    tcsetwinsize(&master, Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
    let slave = File::from(open(&name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap());
    let program = folder.command([""; 0]).get_program().to_owned();
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder.root()).env_clear().env("HOME", folder.root());
    command.env("TERM", "xterm-256color").env("LANG", "C.UTF-8").envs(variables.iter().copied());
    command.stdin(Stdio::null()).stdout(slave.try_clone().unwrap()).stderr(slave);
    let mut child = command.spawn().unwrap();
    // the end of a terminal shows only when nobody holds it open any more
    drop(command);
    let mut master = File::from(master);
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    while let Ok(length @ 1..) = master.read(&mut piece) {
        bytes.extend_from_slice(&piece[..length]);
    }
    let code = child.wait().unwrap().code().unwrap();
    Shown { code, text: String::from_utf8(bytes).unwrap().replace("\r\n", "\n") }
}
